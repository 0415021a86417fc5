"""The arithmetic of periods, after 民法典 200–204. Pure: instants in, instants out.

The day of the trigger is not counted (201); months and years end on the corresponding
day, else on the month's last (202); the last day ends at 24:00 and, when it is a rest
day, on the day after the rest days (203). Hours run through, from the moment named.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cases.calendars import (
    CHINA,
    DAY,
    LIBRARY,
    NEW_YORK,
    ChineseCalendar,
    after_public_holidays,
    is_business_day,
)
from cases.profiles import UNCHOSEN, Profile
from cases.readings import CHINAS
from cases.terms import Term

# 法释〔2020〕9号 三, in 工作日.
CAP = 20
Pause = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Why:
    """One step of the reasoning; cases/explanations.py says it in words. Facts are
    whole numbers, and days and moments as people write them."""

    code: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period. provisional: a year's calendar is not published yet."""

    at: datetime
    provisional: bool
    why: tuple[Why, ...]


def due(
    start: datetime,
    term: Term,
    profile: Profile = UNCHOSEN,
    *,
    china: ChineseCalendar = LIBRARY,
    pauses: Iterable[Pause] = (),
    extension: int = 0,
) -> Due:
    """Return when a period that starts at an aware instant runs out.

    extension: in 工作日; counted as far as the term can be extended. Pauses count
    only where the term can pause: a statutory period knows no suspension.
    """
    stood = _merged(pauses) if term.pausable else []
    if term.unit in ("minute", "hour"):
        return _hours(start, term, stood)
    if term.unit == "business_day":
        return _business_days(start, term)
    count = _Count(start, term, profile, china)
    if term.unit == "working_day":
        count.working_days(term.length, stood)
    else:
        count.calendar_days()
        count.extend(min(extension, term.extension))
        count.roll()
    return count.ended()


def moment_of(at: datetime, zone: ZoneInfo = CHINA) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """The 24:00 of a day."""
    return datetime.combine(day + DAY, time(), zone)


def _hours(start: datetime, term: Term, stood: Sequence[Pause]) -> Due:
    """Running time: what is left is counted on after each pause."""
    if not term.length:
        at_once = Why("at_once", {"start": moment_of(start)})
        return Due(start.astimezone(CHINA), False, (at_once,))
    # In UTC, where no clock is put forward or back.
    at, left = start.astimezone(UTC), timedelta(**{f"{term.unit}s": term.length})
    why = [Why(f"{term.unit}s", {"start": moment_of(start), "length": term.length})]
    for begins, ends in stood:
        runs = max(begins - at, timedelta())
        if runs >= left:
            break
        if ends > at:
            at, left = ends.astimezone(UTC), left - runs
            why.append(
                Why("paused", {"from": moment_of(begins), "to": moment_of(ends)})
            )
    return Due((at + left).astimezone(CHINA), False, tuple(why))


def _business_days(start: datetime, term: Term) -> Due:
    day, left = start.astimezone(NEW_YORK).date(), term.length
    while left:
        day += DAY
        left -= is_business_day(day)
    facts = {
        "start": moment_of(start, NEW_YORK),
        "length": term.length,
        "last": day.isoformat(),
    }
    return Due(
        midnight_after(day, NEW_YORK),
        False,
        (Why("business_days", facts), Why("ends_new_york", {})),
    )


class _Count:
    """A count of days by one calendar, with its reasons as it goes."""

    def __init__(
        self, start: datetime, term: Term, profile: Profile, china: ChineseCalendar
    ) -> None:
        self.term, self.readings, self.china = term, profile.readings, china
        self.zone = profile.zone_of(term)
        self.calendar = profile.calendar_of(term).upper()
        self.first = self.last = start.astimezone(self.zone).date()
        self.start = moment_of(start, self.zone)
        if self.zone != CHINA:
            self.start += f" {self.zone.key}"
        self.why: list[Why] = []
        self.years: set[int] = set()

    def calendar_days(self) -> None:
        """201, 202: n days after the day of the trigger, or the corresponding day."""
        length = self.term.length
        if self.term.unit == "day":
            self.last = self.first + timedelta(days=length)
        else:
            months = length if self.term.unit == "month" else 12 * length
            self.last = _months_later(self.first, months)
        self._say(f"{self.term.unit}s", start=self.start, length=length)
        if self.term.unit != "day" and self.last.day != self.first.day:
            self._say("no_such_day")

    def working_days(self, length: int, stood: Sequence[Pause]) -> None:
        """A day on whose 24:00 the clock stands still is not counted."""
        for _nth in range(length):
            self.last = self._working_day_after(self.last, stood)
        self._say("working_days", start=self.start, length=length)
        for begins, ends in stood:
            if begins < midnight_after(self.last, CHINA):
                facts = {"from": moment_of(begins), "to": moment_of(ends)}
                self.why.append(Why("stood", facts))
        self._consulted(self.first + DAY, self.last)

    def extend(self, days: int) -> None:
        """法释〔2020〕9号 三: the delay does not count; 203 rolls the last day only."""
        if days:
            begins = self.last
            for _nth in range(days):
                self.last = self._working_day_after(self.last)
            self._say("extended", days=days)
            self._consulted(begins + DAY, self.last)
        if self.term.extension and self.readings.cap == "whole":
            self._cap()

    def roll(self) -> None:
        """203; under the Regulation where the calendar is that of a member state."""
        planned = self.last
        if self.calendar != CHINAS:
            self.last = after_public_holidays(planned, self.calendar)
            self._say("member_state", state=self.calendar)
            if self.last != planned:
                self._say("rolled_there", planned=planned.isoformat())
            return
        self.last = self.china.after_rest_days(planned, weekends=self.readings.weekends)
        self._consulted(planned, self.last)
        if self.last != planned:
            self._say("rolled", planned=planned.isoformat())

    def ended(self) -> Due:
        unknown = sorted(y for y in self.years if not self.china.is_published(y))
        there = self.zone != CHINA
        self.why.append(Why("ends_there" if there else "ends", self._zone_named()))
        self.why += [Why("provisional", {"year": year}) for year in unknown]
        at = midnight_after(self.last, self.zone)
        return Due(at, bool(unknown), tuple(self.why))

    def _zone_named(self) -> dict[str, Any]:
        return {} if self.zone == CHINA else {"zone": self.zone.key}

    def _cap(self) -> None:
        day = self.first
        for _nth in range(CAP):
            day = self._working_day_after(day)
        if day < self.last:
            self.last = day
            self._say("capped", days=CAP)
            # The years of what was cut off play no part.
            self.years.clear()
            self._consulted(self.first + DAY, day)

    def _working_day_after(self, day: date, stood: Sequence[Pause] = ()) -> date:
        day += DAY
        while not self.china.is_working_day(day) or _stands(day, stood):
            day += DAY
        return day

    def _consulted(self, first: date, last: date) -> None:
        self.years |= set(range(first.year, last.year + 1))

    def _say(self, code: str, **facts: Any) -> None:
        self.why.append(Why(code, facts | {"last": self.last.isoformat()}))


def _stands(day: date, stood: Sequence[Pause]) -> bool:
    end = midnight_after(day, CHINA)
    return any(begins < end <= ends for begins, ends in stood)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    """In order, with those that overlap made one; one without length is none."""
    return list(_merging(sorted(pause for pause in pauses if pause[0] < pause[1])))


def _merging(pauses: Sequence[Pause]) -> Iterator[Pause]:
    held: Pause | None = None
    for begins, ends in pauses:
        if held is None or begins > held[1]:
            if held is not None:
                yield held
            held = begins, ends
        else:
            held = held[0], max(held[1], ends)
    if held is not None:
        yield held
