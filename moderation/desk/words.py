"""Times and durations in the words of the desk."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from cases.calendars import CHINA
from cases.clocks import CLOCKS
from cases.models import Deadline

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# From here on what is left is counted in hours and shown in red.
SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a clock as the desk shows it: 2 小时, 今天 18:00, 3 天后."""

    at: datetime
    words: str
    clock: str
    is_late: bool
    is_soon: bool


def due_first(case: Any, at: datetime) -> Due | None:
    """Of the clocks of a case that has the columns of the queue, the nearest."""
    if case.due_at is None:
        return None
    return _due(case.due_at, case.clock, case.is_certain, at)


def due_of(row: Deadline, at: datetime) -> Due:
    return _due(row.due_at, row.clock, row.is_certain, at)


def _due(due_at: datetime, clock: str, is_certain: bool, at: datetime) -> Due:
    """A date that has passed and may still move is late for nobody, as on the page of
    the case (cases/chronicle.py: standing)."""
    if due_at <= at and not is_certain:
        return Due(due_at, _("日期待定"), clock_label(clock), False, False)
    left = due_at - at
    return Due(
        at=due_at,
        words=due_words(due_at, at=at),
        clock=clock_label(clock),
        is_late=left <= timedelta(0),
        is_soon=left <= SOON,
    )


def clock_label(code: str) -> str:
    return str(CLOCKS[code].label) if code in CLOCKS else code


def due_words(due_at: datetime, *, at: datetime) -> str:
    """Say when something is due, seen from `at`; days are counted in China."""
    left = due_at - at
    if left <= timedelta(0):
        return _("已超时 %(duration)s") % {"duration": spoken(-left)}
    if left <= SOON:
        return spoken(left)
    end = due_at.astimezone(CHINA)
    clock, day = f"{end:%H:%M}", end.date()
    if end.time() == time():
        # 民法典 203: the last day ends at 24:00, not on the morning after it.
        clock, day = "24:00", day - DAY
    days = (day - at.astimezone(CHINA).date()).days
    if days == 0:
        return _("今天 %(clock)s") % {"clock": clock}
    if days == 1:
        return _("明天 %(clock)s") % {"clock": clock}
    return _("%(days)d 天后") % {"days": days}


def spoken(duration: timedelta) -> str:
    """Return 25 分钟, 1.8 小时 or 3 天: one figure that people compare."""
    if duration < HOUR:
        minutes = max(1, round(duration / timedelta(minutes=1)))
        return _("%(minutes)d 分钟") % {"minutes": minutes}
    if duration < 2 * DAY:
        hours = round(duration / HOUR, 1)
        figure = f"{hours:.0f}" if hours.is_integer() else f"{hours:.1f}"
        return _("%(hours)s 小时") % {"hours": figure}
    return _("%(days)d 天") % {"days": duration // DAY}
