"""Statutory and house clocks as data, and the arithmetic of their ends.

Pure: instants go in, instants come out. 民法典 200–204: the day of the trigger is
not counted, the last day ends at 24:00 in China, and it rolls over rest days. Clocks
in hours run through.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from cases.calendars import CHINA, after_rest_days, is_published
from cases.errors import Sentence

Unit = Literal["hour", "day"]
Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of clocks that counsel may release for this marketplace.

    window: days that the uploader has to answer before the measure becomes final.
    No Chinese statute sets it: `source` says where the figure comes from.
    """

    code: str
    label: Sentence
    article: Sentence
    window: int
    source: Sentence


PROFILES = {
    profile.code: profile
    for profile in (
        Profile(
            "civil",
            _("民法典"),
            _("《民法典》第一千一百九十五条、第一千一百九十六条"),
            15,
            _("法律未规定具体天数，十五日为本站自行设定的期限"),
        ),
        Profile(
            "ecommerce",
            _("电子商务法"),
            _("《电子商务法》第四十二条、第四十三条"),
            15,
            _("答复期为本站自行设定的期限；该法第二条第三款可能排除文库服务的适用"),
        ),
        Profile(
            "regulation",
            _("信息网络传播权保护条例"),
            _("《信息网络传播权保护条例》第十四条至第十七条"),
            15,
            _("条例未规定答复天数，十五日为本站自行设定的期限"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock: `starts` and `stops` are (machine, transition) pairs.

    length 0 means: as the profile of the case says. each_item: one clock an item,
    else one a case. fires: the transition that the system takes when it runs out.
    """

    code: str
    label: Sentence
    length: int
    unit: Unit
    article: Sentence
    starts: Step
    stops: tuple[Step, ...]
    each_item: bool = False
    fires: str = ""


CLOCKS = {
    clock.code: clock
    for clock in (
        Clock(
            "review",
            _("形式审查"),
            24,
            "hour",
            _("本站自行设定；法律要求及时处理"),
            starts=("copyright", "submit"),
            stops=(("copyright", "accept"),),
        ),
        Clock(
            "measure",
            _("采取措施与转送"),
            24,
            "hour",
            _("本站自行设定；条例第十五条要求立即处理"),
            starts=("copyright", "accept"),
            stops=(("item", "measure_and_forward"), ("item", "assess_no_measure")),
            each_item=True,
        ),
        Clock(
            "window",
            _("上传人答复期"),
            0,
            "day",
            _("期限规则所列条款"),
            starts=("item", "measure_and_forward"),
            stops=(("item", "finalise"),),
            each_item=True,
            fires="finalise",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a clock. provisional: its year's calendar is not published yet."""

    at: datetime
    provisional: bool


def due(start: datetime, length: int, unit: Unit) -> Due:
    """Return when a clock that starts at an aware instant runs out."""
    if unit == "hour":
        return Due(start + timedelta(hours=length), provisional=False)
    last = start.astimezone(CHINA).date() + timedelta(days=length)
    ends = after_rest_days(last)
    midnight = datetime.combine(ends + timedelta(days=1), time(), CHINA)
    return Due(midnight, provisional=not is_published(ends.year))


def length_of(clock: Clock, profile: str) -> int:
    return clock.length or PROFILES[profile].window
