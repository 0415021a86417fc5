"""Deadlines that have run out: each fires its step once, its guards asked again.

What the machine refuses is not skipped: the row keeps the reason, the ledger an entry,
the desk an alarm, and the step is tried again an hour later.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django_fsm import can_proceed

from cases.clocks import CLOCKS
from cases.deadlines import subject_of
from cases.errors import (
    ArrivalUnknown,
    CalendarMissing,
    CaseError,
    CaseMovedOn,
    NotPermitted,
)
from cases.models import Case, Deadline
from cases.services import advance
from evidence import ledger
from evidence.actors import SYSTEM, Role
from evidence.ledger import Act

logger = logging.getLogger(__name__)
FIRING = [clock.code for clock in CLOCKS.values() if clock.fires]
RETRY = timedelta(hours=1)
# A step that fails for a reason that no rule foresaw.
UNFORESEEN = "Unforeseen"


def fire_due(*, at: datetime, limit: int = 10_000) -> int:
    """Take the step of every deadline due at `at`, oldest first; return how many.

    Two callers at once do no harm: the second finds the deadline ended.
    """
    rows = Deadline.objects.to_fire(at).filter(clock__in=FIRING)
    due = rows.order_by("due_at", "pk").values_list("pk", "case")[:limit]
    return sum(_fire(pk, case, at) for pk, case in due)


def note_missed(*, at: datetime, limit: int = 10_000) -> int:
    """Tell the ledger, once each, of clocks that ran out with nothing to fire."""
    rows = Deadline.objects.due(at).filter(missed_at__isnull=True)
    rows = rows.exclude(clock__in=FIRING).order_by("due_at", "pk")
    return sum(
        _note_missed(pk, case, at)
        for pk, case in rows.values_list("pk", "case")[:limit]
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """A deadline that will fire. refused: what would stand against it now."""

    deadline: Deadline
    fires: str
    refused: CaseError | None


def coming(*, at: datetime, within: timedelta) -> list[Coming]:
    """Return what fires within a time, the earliest first, overdue ones included."""
    rows = Deadline.objects.running().filter(clock__in=FIRING, due_at__lte=at + within)
    rows = rows.select_related("case", "item__document").order_by("due_at", "pk")
    return [Coming(row, CLOCKS[row.clock].fires, refusal_of(row)) for row in rows]


def refusal_of(row: Deadline) -> CaseError | None:
    """Return what stands against the step of a deadline, were it due now."""
    if guard := guard_of(row):
        return guard
    subject, name = subject_of(row), CLOCKS[row.clock].fires
    step = getattr(subject, name)
    if not can_proceed(step):
        return CaseMovedOn()
    transition = step._django_fsm.get_transition(subject.state)
    return None if transition.has_perm(subject, SYSTEM) else NotPermitted()


def guard_of(row: Deadline) -> CaseError | None:
    """Return why a deadline may not act on its date, whatever the machine says."""
    if row.awaits_arrival:
        return ArrivalUnknown()
    return CalendarMissing() if row.provisional else None


def _fire(pk: int, case: int, at: datetime) -> bool:
    with transaction.atomic():
        row = _still_due(pk, case, at)
        if row is None:
            return False
        try:
            if refused := guard_of(row):
                raise refused
            advance(subject_of(row), CLOCKS[row.clock].fires, by=SYSTEM, at=at)
        except CaseError as error:
            _refuse(row, type(error).__name__, at)
            return False
        except Exception:
            # One row that cannot be handled must not hold up the rest.
            logger.exception("deadline %s could not fire", pk)
            _refuse(row, UNFORESEEN, at)
            return False
    return True


def _still_due(pk: int, case: int, at: datetime) -> Deadline | None:
    """Lock the case, then read the row again: another scheduler may have fired it."""
    locked = Case.objects.select_for_update(of=("self",)).order_by()
    locked.filter(pk=case).values_list("pk").first()
    return Deadline.objects.to_fire(at).filter(pk=pk).select_related("case").first()


def _refuse(row: Deadline, reason: str, at: datetime) -> None:
    """Keep why, for the alarm; the ledger is told once for each reason."""
    if row.refusal != reason:
        facts = {"deadline": row.pk, "clock": row.clock, "reason": reason}
        _tell(row, "deadline.refuse", facts, at)
        row.refused_at = at
    row.refusal, row.retry_at = reason, at + RETRY
    row.save(update_fields=["refusal", "refused_at", "retry_at"])


def _note_missed(pk: int, case: int, at: datetime) -> bool:
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).filter(pk=case).first()
        row = Deadline.objects.due(at).filter(pk=pk, missed_at__isnull=True)
        missed = row.select_related("case").first()
        if missed is None:
            return False
        facts = {"deadline": pk, "clock": missed.clock}
        _tell(missed, "deadline.miss", facts, at)
        row.update(missed_at=at)
    return True


def _tell(row: Deadline, kind: str, facts: dict[str, object], at: datetime) -> None:
    act = Act(row.case.stream, kind, facts)
    ledger.append(act, by=SYSTEM, role=Role.SYSTEM, at=at)
