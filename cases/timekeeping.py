"""What the scheduler does with the clocks each time it comes round."""

from datetime import datetime

from django.db import transaction

from cases.deadlines import recount
from cases.firing import fire_due, note_missed
from cases.models import Deadline
from cases.models.calendar_years import chinese_calendar
from evidence.actors import SYSTEM


def keep_time(*, at: datetime) -> dict[str, int]:
    """Count again what has become certain, fire what is due, note what was missed.

    Returns what `tick` prints. After days without a scheduler one round catches up.
    """
    return {
        "settled": settle(at=at),
        "fired": fire_due(at=at),
        "missed": note_missed(at=at),
    }


def settle(*, at: datetime) -> int:
    """Count provisional dates again once their year is published: a newer library
    may know it before compliance has entered it. Returns how many changed."""
    china = chinese_calendar()
    rows = Deadline.objects.open().filter(provisional=True)
    years = {due_at.year for due_at in rows.values_list("due_at", flat=True)}
    if not any(china.is_published(year) for year in years):
        return 0
    with transaction.atomic():
        return recount(by=SYSTEM, at=at)
