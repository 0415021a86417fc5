"""Bad faith: reports are set aside without judging the document, and brought back.

Nothing is deleted. A sweep takes every open report of one reporter, known by account
or by the digest of an address, and one undo brings exactly those back.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.errors import NotPermitted
from cases.models import Case, Report
from cases.permissions.desk import is_senior, may_claim, role_in
from cases.permissions.report import is_urgent
from cases.priority import weigh
from cases.services import advance
from cases.workflows.report import OPEN, ReportState
from evidence import ledger
from evidence.actors import SYSTEM, Actor
from evidence.ledger import Act

JUDGED = (ReportState.DECIDED, ReportState.UNDER_APPEAL, ReportState.CLOSED)


def reports_like(report: Report) -> QuerySet[Report]:
    """Return every report of who filed this one: of the account, else the address."""
    if report.user_id is not None:
        same = Q(user=report.user_id)
    elif report.address_digest:
        same = Q(user__isnull=True, address_digest=report.address_digest)
    else:
        same = Q(pk=report.pk)
    return Report.objects.filter(same).order_by("-filed_at", "-pk")


def open_reports_like(report: Report) -> QuerySet[Report]:
    """What a sweep of this reporter would take, as its preview shows it."""
    return reports_like(report).standing().filter(case__state__in=OPEN)  # type: ignore[attr-defined,no-any-return]


def invalidate(reports: Sequence[Report], *, by: Actor, at: datetime) -> int:
    """Set reports aside; return how many. One is for an examiner, many for a senior.

    A case left without a report that stands is closed as invalid, unless it is a P0:
    that a person has to look at. All or none; raises NotPermitted.
    """
    with transaction.atomic():
        cases = _locked(reports)
        allowed = is_senior if len(reports) > 1 else may_claim
        if not all(allowed(case, by) for case in cases):
            raise NotPermitted
        ids = [report.pk for report in reports]
        rows = Report.objects.standing().filter(pk__in=ids, case__in=cases)
        taken = list(rows.values_list("pk", "case"))
        rows.update(invalidated_at=at)
        for case in cases:
            mine = sorted(pk for pk, of in taken if of == case.pk)
            if mine:
                _note(case, "case.invalidated", mine, by, at)
                if case.state in OPEN:
                    advance(case, "turn_down", by=SYSTEM, at=at, reports=mine)
                _settle(case, at)
    return len(taken)


def bring_back(reports: Sequence[Report], *, by: Actor, at: datetime) -> int:
    """Undo: reports stand again, and so do the cases that were closed for them."""
    with transaction.atomic():
        cases = _locked(reports)
        if not all(is_senior(case, by) for case in cases):
            raise NotPermitted
        ids = [report.pk for report in reports]
        rows = Report.objects.filter(pk__in=ids, invalidated_at__isnull=False)
        taken = list(rows.values_list("pk", "case"))
        rows.update(invalidated_at=None)
        for case in cases:
            mine = sorted(pk for pk, of in taken if of == case.pk)
            if not mine:
                continue
            _note(case, "case.brought_back", mine, by, at)
            _stand_again(case, mine, by, at)
            weigh(case)
    return len(taken)


def _locked(reports: Sequence[Report]) -> list[Case]:
    held = Report.objects.filter(pk__in=[each.pk for each in reports]).values("case")
    rows = Case.objects.filter(pk__in=held).select_for_update(of=("self",))
    return list(rows.order_by("pk"))


def _settle(case: Case, at: datetime) -> None:
    left = case.reports.standing().exists()
    # What was decided before and is opened again is judged, whoever asked for it.
    fresh = case.decided_at is None and not is_urgent(case)  # type: ignore[arg-type]
    if not left and case.state in OPEN and fresh:
        advance(case, "set_aside", by=SYSTEM, at=at)
    weigh(case)


def _stand_again(case: Case, reports: list[int], by: Actor, at: datetime) -> None:
    """A case that was closed for its reports is opened; in one that was decided they
    share its outcome, and who filed them is told."""
    if case.state not in JUDGED:
        return
    if case.state == ReportState.CLOSED and case.decided_at is None:
        advance(case, "bring_back", by=by, at=at)
        return
    Report.objects.filter(pk__in=reports).update(outcome=case.outcome)
    if case.rulings.exists():
        advance(case, "tell_again", by=SYSTEM, at=at, reports=reports)


def _note(case: Case, kind: str, ids: list[int], by: Actor, at: datetime) -> None:
    act = Act(case.stream, kind, {"case": case.pk, "reports": ids})
    ledger.append(act, by=by, role=role_in(case, by), at=at)
