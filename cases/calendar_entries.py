"""Compliance enters the State Council's arrangement of a year, or corrects it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.deadlines import recount
from cases.errors import CaseMovedOn, NotPermitted
from cases.models import CalendarYear
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.ledger import SITE, Act


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A year as the State Council announced it. is_official: it is entered whole."""

    year: int
    days_off: tuple[date, ...]
    work_days: tuple[date, ...]
    is_official: bool
    source: str


def may_enter(actor: Actor) -> bool:
    return actor.duty in (Role.COMPLIANCE, Role.LEGAL)


def enter(
    arrangement: Arrangement, *, by: Actor, at: datetime, expect_version: int
) -> int:
    """Keep a year's arrangement, with the whole of it in the ledger, and count every
    open date again. Returns how many dates moved or became certain.

    Raises NotPermitted, or CaseMovedOn when somebody else has changed the year.
    """
    if not may_enter(by):
        raise NotPermitted
    with transaction.atomic():
        CalendarYear.objects.bulk_create(
            [CalendarYear(year=arrangement.year)], ignore_conflicts=True
        )
        row = CalendarYear.objects.select_for_update().get(year=arrangement.year)
        if row.version != expect_version:
            raise CaseMovedOn
        row.days_off = _told(arrangement.days_off)
        row.work_days = _told(arrangement.work_days)
        row.is_official, row.source = arrangement.is_official, arrangement.source
        row.version += 1
        row.save()
        facts = {
            "year": row.year,
            "version": row.version,
            "days_off": row.days_off,
            "work_days": row.work_days,
            "is_official": row.is_official,
        }
        ledger.append(Act(SITE, "calendar.enter", facts), by=by, role=by.duty, at=at)
        return recount(by=by, at=at)


def _told(days: Iterable[date]) -> Sequence[str]:
    return [day.isoformat() for day in sorted(set(days))]
