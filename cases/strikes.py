"""The ladder of seller accounts: points of the last year, and the level they make.

电子商务法 36 lets a marketplace warn, limit and close by its published rules; this is
the table that is published. Provisional points never close an account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.models import Strike
from evidence.models import SellerAccount

WINDOW = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Level:
    """From so many tenths of a point on; final_only: provisional ones do not count."""

    number: int
    label: Sentence
    tenths: int
    meaning: Sentence
    final_only: bool = False


LEVELS = (
    Level(0, _("正常"), 0, _("没有限制")),
    Level(1, _("警示"), 10, _("请查看规则，避免再次违规")),
    Level(2, _("限制上传"), 20, _("七日内不能上传，其后三十日新上传先审后发")),
    Level(3, _("冻结"), 30, _("三十日内不能上传，不再推荐")),
    Level(4, _("关闭账号"), 50, _("由两名审核人员决定"), final_only=True),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """points: as told, for instance 1.2; provisional: so many of them may still go."""

    points: float
    provisional: float
    level: Level


def standing_of(seller: SellerAccount, *, at: datetime) -> Standing:
    """Return where an account stands, from the strikes of the last 365 days."""
    rows = Strike.objects.filter(
        seller=seller, void_at__isnull=True, placed_at__gt=at - WINDOW
    )
    sums = rows.aggregate(
        all=Sum("tenths"), final=Sum("tenths", filter=Q(final_at__isnull=False))
    )
    total, final = sums["all"] or 0, sums["final"] or 0
    reached = [
        level
        for level in LEVELS
        if (final if level.final_only else total) >= level.tenths
    ]
    return Standing(total / 10, (total - final) / 10, reached[-1])
