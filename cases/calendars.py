"""Days of the civil calendars: 法定休假日, 调休, and where they are not known yet.

Pure: the corrections that compliance has entered are passed in (`Corrections`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

CHINA = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
SATURDAY = 5
# Since China keeps one zone, and as far as anybody can say what a calendar will be.
YEARS = range(1901, 2200)
DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def _china(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


@lru_cache(maxsize=64)
def _federal(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("US", years=year)


@lru_cache(maxsize=256)
def _of_member_state(code: str, year: int) -> holidays.HolidayBase:
    country, _dash, part = code.partition("-")
    return holidays.country_holidays(country, subdiv=part or None, years=year)


@dataclass(frozen=True, slots=True)
class Corrections:
    """What stands over the library: days that are working days or days off, and
    the years whose official arrangement has been entered by hand."""

    works: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ChineseCalendar:
    """The calendar of the State Council: `holidays`, corrected by compliance."""

    corrections: Corrections = Corrections()

    def is_published(self, year: int) -> bool:
        """Whether the year's official arrangement is loaded: it names make-up days.

        The library carries the make-up days of some other years along.
        """
        makeup = getattr(_china(year), "weekend_workdays", ())
        return year in self.corrections.years or any(day.year == year for day in makeup)

    def is_working_day(self, day: date) -> bool:
        """Make-up Saturdays and Sundays are working days; other weekends are not."""
        corrected = self.corrections.works.get(day)
        if corrected is not None:
            return corrected
        return bool(_china(day.year).is_working_day(day))

    def is_rest_day(self, day: date, *, weekends: bool) -> bool:
        """Whether a period cannot end on this day (民法典 203).

        weekends: plain weekends count as well. Otherwise a day off counts only in a
        run of days off that holds a holiday: the State Council's blocks take in the
        weekend days between them.
        """
        if self.is_working_day(day):
            return False
        return weekends or any(self._is_holiday(each) for each in self._run(day))

    def after_rest_days(self, day: date, *, weekends: bool) -> date:
        """Return the day, or the first after the rest days that it falls in."""
        while self.is_rest_day(day, weekends=weekends):
            day += DAY
        return day

    def _is_holiday(self, day: date) -> bool:
        if day.weekday() < SATURDAY:
            return True  # a day off that is no weekend day is one by arrangement
        return day in _china(day.year) or self.corrections.works.get(day) is False

    def _run(self, day: date) -> Iterable[date]:
        first = day
        while not self.is_working_day(first - DAY):
            first -= DAY
        while not self.is_working_day(first):
            yield first
            first += DAY


LIBRARY = ChineseCalendar()


def is_business_day(day: date) -> bool:
    """Monday to Friday but for the federal holidays, on the day they are observed
    (5 U.S.C. 6103)."""
    return day.weekday() < SATURDAY and day not in _federal(day.year)


@lru_cache(maxsize=256)
def has_public_holidays(code: str) -> bool:
    """Whether they are known of a state, or of a part of one: DE, DE-BY."""
    country, dash, part = code.partition("-")
    parts = holidays.list_supported_countries().get(country)
    # Codes alone: the library knows some parts by long names as well.
    return parts is not None and (len(part) <= 3 and part in parts if dash else True)


def after_public_holidays(day: date, code: str) -> date:
    """Return the day, or the next working day of a member state: none is a public
    holiday there, a Saturday or a Sunday (Regulation (EEC, Euratom) No 1182/71, 2(2)
    and 3(4)). The statutes of the states fix them: no year needs publishing."""
    while day.weekday() >= SATURDAY or day in _of_member_state(code, day.year):
        day += DAY
    return day
