"""The queue of reports: which wait, in which order, and what is shown of each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.errors import CaseMovedOn
from cases.models import (
    AccountMeasure,
    Appeal,
    Case,
    Deadline,
    Report,
    ReportedDocument,
)
from cases.models.deadline import CERTAIN
from cases.services import claim
from cases.workflows.account import UNDECIDED, AccountState
from cases.workflows.report import OPEN, WORKED
from evidence.actors import Actor
from moderation.desk.queue import TRIES, unclaimed

SORTS = {
    # What is late comes before what is not, within one priority.
    "urgent": ("priority", "-is_late", "-score", "submitted_at", "pk"),
    "due": (F("due_at").asc(nulls_last=True), "pk"),
    "newest": ("-submitted_at", "-pk"),
    "people": ("-followers", "pk"),
}


def with_lateness(cases: QuerySet[Case], at: datetime) -> QuerySet[Case]:
    """Add is_late: the time to handle it has run out."""
    late = Deadline.objects.run_out(at).filter(
        case=OuterRef("pk"), clock__startswith="sla_"
    )
    return cases.annotate(is_late=Exists(late))


def with_columns(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Add what a row shows, without a query a row: followers, title, number, due."""
    documents = ReportedDocument.objects.filter(case=OuterRef("pk")).order_by("pk")
    nearest = Deadline.objects.running().filter(case=OuterRef("pk")).order_by("due_at")
    reports = Report.objects.standing().filter(case=OuterRef("pk")).order_by()
    people = reports.values("case").annotate(n=Count("pk")).values("n")
    return cases.select_related("assignment__user").annotate(
        due_at=Subquery(nearest.values("due_at")[:1]),
        clock=Subquery(nearest.values("clock")[:1]),
        is_certain=Subquery(nearest.annotate(known=CERTAIN).values("known")[:1]),
        title=Subquery(documents.values("snapshot__version__title")[:1]),
        number=Subquery(documents.values("document__number")[:1]),
        followers=Coalesce(Subquery(people), 0),
    )


def narrowed(cases: QuerySet[Case], asked: Mapping[str, str]) -> QuerySet[Case]:
    """Filter by state, priority and holder, and order; unknown words mean nothing."""
    state, priority = asked.get("state", ""), asked.get("priority", "")
    if state == "all":
        pass
    elif state in {value for value, _label in Case._meta.get_field("state").choices}:  # type: ignore[union-attr]
        cases = cases.filter(state=state)
    else:
        cases = cases.filter(state__in=OPEN)
    if priority in ("0", "1", "2", "3"):
        cases = cases.filter(priority=int(priority))
    text = asked.get("text", "").replace("\0", "").strip()[:100]
    if text:
        held = Report.objects.filter(Q(number=text) | Q(document__number=text))
        named = Q(reference__icontains=text) | Q(pk__in=held.values("case"))
        cases = cases.filter(named)
    return cases.order_by(*SORTS.get(asked.get("sort", ""), SORTS["urgent"]))


def urgent(actor: Actor, at: datetime) -> QuerySet[Case]:
    """Unclaimed reports that wait, the most urgent first; those in which the actor
    has a part are left out (I5)."""
    waiting = Case.objects.reports().filter(state__in=WORKED)
    own = Report.objects.by(actor).values("case")
    sold = ReportedDocument.objects.filter(document__seller__party__in=actor.parties)
    rows = with_lateness(unclaimed(waiting, at), at).exclude(pk__in=own)
    rows = rows.exclude(pk__in=sold.values("case"))
    return rows.order_by(*SORTS["urgent"])


def claim_next(*, by: Actor, at: datetime) -> Case | None:
    """Claim the most urgent report; None when nothing waits."""
    for case in urgent(by, at)[:TRIES]:
        try:
            claim(case, by=by, at=at)
        except CaseMovedOn:
            continue
        return case
    return None


def alarms(at: datetime) -> QuerySet[Deadline]:
    """The alarms that nobody has answered, the oldest first; late ones stay."""
    rows = Deadline.objects.open().filter(clock="alarm")
    return rows.select_related("case").order_by("due_at", "pk")


def pending_appeals() -> QuerySet[Appeal]:
    rows = Appeal.objects.pending().select_related("case", "ruling", "report", "seller")
    return rows.order_by("filed_at", "pk")


def counts() -> dict[str, Any]:
    """Return what stands beside the links of the navigation."""
    return {
        "reports": Case.objects.reports().filter(state__in=OPEN).count(),
        "alarms": Deadline.objects.open().filter(clock="alarm").count(),
        "appeals": Appeal.objects.pending().count(),
        "accounts": AccountMeasure.objects.filter(
            state__in=[*UNDECIDED, AccountState.CONTESTED]
        ).count(),
    }
