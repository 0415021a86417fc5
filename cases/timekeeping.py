"""What the scheduler does with the clocks each time it comes round."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from cases.accounts import unfounded
from cases.announcing import announce_unknown
from cases.attaching import attach_matches
from cases.deadlines import recount
from cases.errors import CaseMovedOn
from cases.firing import fire_due, note_missed
from cases.models import Deadline
from cases.models.calendar_years import chinese_calendar
from cases.renotices import mark_since
from cases.services import advance
from evidence.actors import SYSTEM


def keep_time(*, at: datetime) -> dict[str, int]:
    """Count again what has become certain, fire what is due, note what was missed,
    announce what reaches nobody, attach what the comparison has found since, mark
    what the same complainant has had restored elsewhere since.

    Returns what `tick` prints. After days without a scheduler one round catches up.
    """
    return {
        "settled": settle(at=at),
        "fired": fire_due(at=at),
        "missed": note_missed(at=at),
        "announced": announce_unknown(at=at),
        "attached": attach_matches(at=at),
        "marked": mark_since(at=at),
        "voided": void_unfounded(at=at),
    }


def void_unfounded(*, at: datetime) -> int:
    """End the measures on accounts whose points a decision in another case has taken
    away: that decision holds the lock of its own case alone."""
    rows = unfounded()
    for row in rows:
        with suppress(CaseMovedOn):
            advance(row, "void", by=SYSTEM, at=at)
    return len(rows)


def settle(*, at: datetime) -> int:
    """Count provisional dates again once their year is published: a newer library
    may know it before compliance has entered it. Returns how many changed."""
    china = chinese_calendar()
    rows = Deadline.objects.countable().filter(provisional=True)
    years = {due_at.year for due_at in rows.values_list("due_at", flat=True)}
    if not any(china.is_published(year) for year in years):
        return 0
    with transaction.atomic():
        return recount(by=SYSTEM, at=at)
