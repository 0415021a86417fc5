"""Days of the Chinese civil calendar: 法定休假日, 调休 and where they are unknown."""

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

CHINA = ZoneInfo("Asia/Shanghai")


@lru_cache(maxsize=32)
def _year(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


def is_working_day(day: date) -> bool:
    """Make-up Saturdays and Sundays are working days; other weekends are not."""
    return bool(_year(day.year).is_working_day(day))


def is_published(year: int) -> bool:
    """Whether the year's official arrangement is loaded: it names make-up days."""
    return bool(getattr(_year(year), "weekend_workdays", ()))


def after_rest_days(day: date) -> date:
    """Return the day, or the first working day after the rest days it falls in.

    民法典 203: a period that ends on a 法定休假日 ends on the day after it. That
    plain weekends count as such follows court practice (docs/adr).
    """
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
