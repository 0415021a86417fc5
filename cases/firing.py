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
from cases.models import MACHINES, Case, Deadline
from cases.models.deadline import DeadlineQuerySet
from cases.services import advance
from evidence import ledger
from evidence.actors import SYSTEM, Role
from evidence.compiled import Rows
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
    due = rows.select_related("case").order_by("due_at", "pk")[:limit]
    return sum(_fire(row, at) for row in due)


def note_missed(*, at: datetime, limit: int = 10_000) -> int:
    """Tell the ledger, once each, of clocks that ran out with nothing to fire. What
    it was told is never taken back: a date that may still move is waited for."""
    rows = Deadline.objects.due(at).filter(missed_at__isnull=True, provisional=False)
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


def for_people(*, at: datetime, within: timedelta) -> DeadlineQuerySet:
    """Return the clocks that run out within a time and fire nothing: what somebody
    has to do before."""
    rows = Deadline.objects.running().filter(due_at__lte=at + within)
    rows = rows.exclude(clock__in=FIRING).select_related("case", "item__document")
    return rows.order_by("due_at", "pk")


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


class _NoLongerDue(CaseError):
    """Another scheduler was quicker, or the date has moved."""


_STILL_DUE = Rows(lambda at, pk: Deadline.objects.to_fire(at).filter(pk=pk))


def _fire(row: Deadline, at: datetime) -> bool:
    clock = CLOCKS[row.clock]

    def is_still_due() -> None:
        """Asked under the locks of the step: the row in hand may be stale."""
        fresh = _STILL_DUE(at, row.pk)
        if not fresh:
            raise _NoLongerDue
        if refused := guard_of(fresh[0]):
            raise refused

    subject = MACHINES[clock.on](pk=row.subject_id)
    try:
        advance(subject, clock.fires, by=SYSTEM, at=at, given=is_still_due)
    except _NoLongerDue:
        return False
    except CaseError as error:
        _refuse(row, type(error).__name__, at)
        return False
    except Exception:
        # One row that cannot be handled must not hold up the rest.
        logger.exception("deadline %s could not fire", row.pk)
        _refuse(row, UNFORESEEN, at)
        return False
    return True


def _refuse(row: Deadline, reason: str, at: datetime) -> None:
    """Keep why, for the alarm; the ledger is told once for each reason."""
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).filter(pk=row.case_id).first()
        fresh = Deadline.objects.to_fire(at).filter(pk=row.pk).first()
        if fresh is None:
            return
        if fresh.refusal != reason:
            facts = {"deadline": row.pk, "clock": row.clock, "reason": reason}
            _tell(row, "deadline.refuse", facts, at)
            fresh.refused_at = at
        fresh.refusal, fresh.retry_at = reason, at + RETRY
        fresh.save(update_fields=["refusal", "refused_at", "retry_at"])


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
