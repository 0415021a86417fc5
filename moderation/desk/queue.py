"""The queue: which cases wait, in which order, with what is shown of each."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from cases.errors import CaseMovedOn
from cases.models import Assignment, Case, CaseItem, Deadline, Proceeding
from cases.models.deadline import CERTAIN
from cases.permissions.copyright import MANY_ITEMS, MUCH_CENTS
from cases.permissions.desk import SENIORS
from cases.services import claim
from cases.workflows.copyright import CaseState
from cases.workflows.item import ItemState
from cases.workflows.proceeding import ProceedingState
from evidence.actors import Actor, Role
from evidence.models import ShelfProposal

# How many cases a person is tried on before being told that there is none: each
# failure is another examiner who was quicker.
TRIES = 20
# The window belongs to the uploader: nobody at the desk can work it off.
WORKED_CLOCKS = ("review", "measure", "counter_review", "proof_review")
PRESSING = timedelta(hours=24)


def with_columns(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Add what a row of the queue shows, without a query a row.

    due_at, clock, is_certain: the nearest running deadline; item_count; title: of the
    first document as frozen; is_undecided: some document waits for a decision;
    similarity: the highest share 0–1, either way, of its matches.
    """
    items = CaseItem.objects.filter(case=OuterRef("pk")).order_by("position")
    nearest = Deadline.objects.running().filter(case=OuterRef("pk")).order_by("due_at")
    shares = Greatest("match__containment_query", "match__containment_found")
    by_case = items.order_by().values("case")
    return cases.select_related("claimant__details", "assignment__user").annotate(
        due_at=Subquery(nearest.values("due_at")[:1]),
        clock=Subquery(nearest.values("clock")[:1]),
        is_certain=Subquery(nearest.annotate(known=CERTAIN).values("known")[:1]),
        title=Subquery(items.values("snapshot__version__title")[:1]),
        number=Subquery(items.values("document__number")[:1]),
        item_count=Coalesce(Subquery(by_case.annotate(n=Count("pk")).values("n")), 0),
        is_undecided=Exists(items.filter(state=ItemState.PENDING)),
        similarity=Subquery(by_case.annotate(top=Max(shares)).values("top")),
    )


def unclaimed(cases: QuerySet[Case], at: datetime) -> QuerySet[Case]:
    """Cases that nobody holds, or whose holder's lease has run out."""
    return cases.filter(Q(assignment__isnull=True) | Q(assignment__lease_until__lte=at))


def held_by(cases: QuerySet[Case], user_id: int) -> QuerySet[Case]:
    return cases.filter(assignment__user=user_id)


def urgent(actor: Actor, at: datetime) -> QuerySet[Case]:
    """Unclaimed cases that wait for an examiner, the most urgent first.

    Those in which the actor has a part are left out (I5), and so are cases whose
    documents only wait for their uploaders.
    """
    # What waits for a decision, for the review of an answer, and for that of a proof.
    worked_on = (ItemState.PENDING, ItemState.COUNTER_REVIEW)
    # Asked of each open case: an index on the states of documents would be written
    # with every step.
    items = CaseItem.objects.filter(case=OuterRef("pk"))
    pending = items.filter(state__in=worked_on)
    if actor.duty not in SENIORS:
        # Nobody is handed a case to measure who may not measure in it.
        weighty = Q(case__listed_items__gt=MANY_ITEMS)
        weighty |= Q(case__listed_cents__gte=MUCH_CENTS)
        pending = pending.exclude(weighty, state=ItemState.PENDING)
    if actor.duty == Role.LEGAL:
        asked = items.filter(state=ItemState.WAITING)
        pending |= asked.filter(extension_asked_at__isnull=False)
    proved = Proceeding.objects.filter(
        case=OuterRef("pk"), state=ProceedingState.PROVED
    )
    waiting = (
        Case.objects.open()
        .complaints()
        .exclude(state=CaseState.DEFICIENT)
        .filter(Q(state=CaseState.SUBMITTED) | Exists(pending) | Exists(proved))
    )
    own = Q(claimant__in=actor.parties) | Q(agent__in=actor.parties)
    worked = Deadline.objects.running().filter(
        case=OuterRef("pk"), clock__in=WORKED_CLOCKS
    )
    return (
        unclaimed(waiting, at)
        .exclude(own)
        .annotate(work_due_at=Subquery(worked.order_by("due_at").values("due_at")[:1]))
        .order_by(F("work_due_at").asc(nulls_last=True), "submitted_at", "pk")
    )


def claim_next(*, by: Actor, at: datetime) -> Case | None:
    """Claim the most urgent case; None when nothing waits."""
    for case in urgent(by, at)[:TRIES]:
        try:
            claim(case, by=by, at=at)
        except CaseMovedOn:
            continue
        return case
    return None


def assignment_of(case: Case, at: datetime) -> Assignment | None:
    """Return who holds the case under a lease that still runs."""
    held: Any = getattr(case, "assignment", None)
    return held if held is not None and held.lease_until > at else None


def counts(user_id: int) -> dict[str, int]:
    """Return what stands beside the links of the navigation."""
    cases = (
        Case.objects.open()
        .complaints()
        .aggregate(
            open=Count("pk"), mine=Count("pk", filter=Q(assignment__user=user_id))
        )
    )
    proposals = ShelfProposal.objects.filter(state=ShelfProposal.State.OPEN)
    return {**cases, "proposals": proposals.count()}
