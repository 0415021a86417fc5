"""Deadlines that have run out: each fires its step once, its guards asked again."""

from datetime import datetime

from django.db import transaction

from cases.clocks import CLOCKS
from cases.errors import CaseError
from cases.models import Case, Deadline
from cases.services import advance
from evidence.actors import SYSTEM

FIRING = [clock.code for clock in CLOCKS.values() if clock.fires]


def fire_due(*, at: datetime, limit: int = 10_000) -> int:
    """Take the step of every deadline due at `at`, oldest first; return how many.

    Two callers at once do no harm: the second finds the deadline ended.
    """
    rows = Deadline.objects.due(at).filter(clock__in=FIRING).order_by("due_at", "pk")
    return sum(_fire(pk, at) for pk in rows.values_list("pk", flat=True)[:limit])


def _fire(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        case = Deadline.objects.values("case").filter(pk=pk)
        Case.objects.select_for_update().filter(pk__in=case).first()
        row = Deadline.objects.due(at).filter(pk=pk).select_related("item").first()
        if row is None or row.item is None:
            return False
        try:
            advance(row.item, CLOCKS[row.clock].fires, by=SYSTEM, at=at)
        except CaseError:
            return False
    return True
