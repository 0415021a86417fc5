"""The published ladder of seller accounts, as data (电子商务法 36)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence


@dataclass(frozen=True, slots=True)
class Level:
    """From so many tenths of a point on. days: how long it stands; watched: for so
    many days after it a person reads what is handed in. closes: provisional points do
    not count, two people decide, and it stands until it is lifted."""

    number: int
    label: Sentence
    tenths: int
    meaning: Sentence
    days: int = 0
    stops_upload: bool = False
    watched: int = 0
    closes: bool = False

    @property
    def points(self) -> float:
        return self.tenths / 10


LEVELS = (
    Level(0, _("正常"), 0, _("没有限制")),
    Level(1, _("警示"), 10, _("请查看规则，避免再次违规"), days=90),
    Level(
        2,
        _("限制上传"),
        20,
        _("七日内不能上传，其后三十日新上传先审后发"),
        days=7,
        stops_upload=True,
        watched=30,
    ),
    Level(
        3,
        _("冻结"),
        30,
        _("三十日内不能上传，其后三十日新上传先审后发"),
        days=30,
        stops_upload=True,
        watched=30,
    ),
    Level(
        4,
        _("关闭账号"),
        50,
        _("由两名审核人员决定，关闭后不能上传"),
        stops_upload=True,
        closes=True,
    ),
)
BY_NUMBER = {level.number: level for level in LEVELS}
