"""A slow second reckoning of every period: it walks days one by one, in pure Python.

Nothing of `cases.periods` or `cases.calendars` is used. The days off of China are
written down here from the arrangements of the State Council for 2025 and 2026; in
other years every weekday works and every weekend rests.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
ONE = timedelta(days=1)


def days(first: str, last: str) -> list[date]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    return [day + ONE * n for n in range((end - day).days + 1)]


# 国办发明电〔2024〕12号 and 〔2025〕7号.
BLOCKS = [
    *(days("2025-01-01", "2025-01-01"), days("2025-01-28", "2025-02-04")),
    *(days("2025-04-04", "2025-04-06"), days("2025-05-01", "2025-05-05")),
    *(days("2025-05-31", "2025-06-02"), days("2025-10-01", "2025-10-08")),
    *(days("2026-01-01", "2026-01-03"), days("2026-02-15", "2026-02-23")),
    *(days("2026-04-04", "2026-04-06"), days("2026-05-01", "2026-05-05")),
    *(days("2026-06-19", "2026-06-21"), days("2026-09-25", "2026-09-27")),
    days("2026-10-01", "2026-10-07"),
]
HOLIDAYS = {day for block in BLOCKS for day in block}
MAKE_UP = {
    date.fromisoformat(day)
    for day in (
        *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20"),
        "2026-10-10",
    )
}


def works(day: date) -> bool:
    if day in MAKE_UP:
        return True
    return day not in HOLIDAYS and day.weekday() < 5


def rests(day: date, *, weekends: bool) -> bool:
    return day in HOLIDAYS or (weekends and not works(day))


def federal_holidays(year: int) -> set[date]:
    """5 U.S.C. 6103: ten fixed rules, and Juneteenth since 2021; on a Saturday they
    are observed the day before, on a Sunday the day after."""

    def nth(month: int, weekday: int, ordinal: int) -> date:
        found = [
            date(year, month, day)
            for day in range(1, 32)
            if _exists(year, month, day) and date(year, month, day).weekday() == weekday
        ]
        return found[ordinal]

    floating = {
        *(nth(1, 0, 2), nth(2, 0, 2), nth(5, 0, -1)),
        *(nth(9, 0, 0), nth(10, 0, 1), nth(11, 3, 3)),
    }
    fixed = [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)]
    for month, day in fixed:
        floating.add(_observed(date(year, month, day)))
    floating.add(_observed(date(year + 1, 1, 1)))
    return floating


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _observed(day: date) -> date:
    if day.weekday() == 5:
        return day - ONE
    return day + ONE if day.weekday() == 6 else day


def business(day: date) -> bool:
    return day.weekday() < 5 and day not in federal_holidays(day.year)


def end_of(day: date, zone: ZoneInfo = CHINA) -> datetime:
    return datetime.combine(day + ONE, time(), zone)


def calendar_days(
    start: datetime, length: int, *, weekends: bool = True, extension: int = 0
) -> datetime:
    day = start.astimezone(CHINA).date()
    for _ in range(length):
        day += ONE
    left = extension
    while left:
        day += ONE
        left -= works(day)
    while rests(day, weekends=weekends):
        day += ONE
    return end_of(day)


def working_days(start: datetime, length: int) -> datetime:
    day = start.astimezone(CHINA).date()
    while length:
        day += ONE
        length -= works(day)
    return end_of(day)


def business_days(start: datetime, length: int) -> datetime:
    day = start.astimezone(NEW_YORK).date()
    while length:
        day += ONE
        length -= business(day)
    return end_of(day, NEW_YORK)


def months(start: datetime, count: int) -> datetime:
    last = _corresponding(start.astimezone(CHINA).date(), count)
    while rests(last, weekends=True):
        last += ONE
    return end_of(last)


def _corresponding(first: date, count: int) -> date:
    """Walks to the corresponding day month by month, from the first of each."""
    year, month = first.year, first.month
    for _ in range(count):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    day = first.day
    while not _exists(year, month, day):
        day -= 1
    return date(year, month, day)


def easter(year: int) -> date:
    """The Gregorian reckoning of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return date(year, month, day + 1)


# Days after Easter, and fixed days: the Feiertage of the Bund and of all Länder, and
# Code du travail, L3133-1.
MOVABLE = {"DE": (-2, 1, 39, 50), "FR": (1, 39, 50)}
FIXED = {
    "DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
    "FR": (
        *((1, 1), (5, 1), (5, 8), (7, 14), (8, 15)),
        *((11, 1), (11, 11), (12, 25)),
    ),
}
CAPITALS = {"DE": ZoneInfo("Europe/Berlin"), "FR": ZoneInfo("Europe/Paris")}


def rests_in_the_union(day: date, state: str) -> bool:
    movable = {easter(day.year) + ONE * after for after in MOVABLE[state]}
    return day.weekday() >= 5 or day in movable or (day.month, day.day) in FIXED[state]


def months_in_the_union(start: datetime, count: int, state: str) -> datetime:
    first = start.astimezone(CAPITALS[state]).date()
    last = _corresponding(first, count)
    while rests_in_the_union(last, state):
        last += ONE
    return end_of(last, CAPITALS[state])


def running_hours(
    start: datetime, hours: int, pauses: list[tuple[datetime, datetime]]
) -> datetime:
    """Minute by minute; pauses begin and end on whole minutes."""
    at, left, minute = start, hours * 60, timedelta(minutes=1)
    while left:
        if not any(begins <= at < ends for begins, ends in pauses):
            left -= 1
        at += minute
    return at
