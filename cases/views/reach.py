"""The one case that an address names, for those who filed it: else it is not there."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from cases.models import Case, CaseItem
from cases.workflows.copyright import CaseState
from evidence.actors import Actor, ActorRequest


def own_cases(actor: Actor) -> QuerySet[Case]:
    """Cases that the person's parties filed: an examiner reads the others at the
    desk, never on the complainant's pages."""
    filed = Q(claimant__in=actor.parties) | Q(agent__in=actor.parties)
    cases = Case.objects.visible_to(actor).filter(filed)
    return cases.select_related("claimant__details", "agent__details")


def brought(actor: Actor) -> QuerySet[CaseItem]:
    """Documents that notices of the person brought into cases of others (并案)."""
    own = own_cases(actor).filter(state=CaseState.MERGED).values("pk")
    doubles = CaseItem.objects.filter(case__in=own).values("folded_into")
    return CaseItem.objects.filter(Q(merged_from__in=own) | Q(pk__in=doubles))


def cases_in_reach(actor: Actor) -> QuerySet[Case]:
    """Own cases, and those that have documents of an own one by now: of these the
    person reaches what is about such documents alone."""
    own = Q(pk__in=own_cases(actor).values("pk"))
    cases = Case.objects.filter(own | Q(pk__in=brought(actor).values("case")))
    return cases.select_related("claimant__details", "agent__details")


def items_in_reach(case: Case, actor: Actor) -> QuerySet[CaseItem]:
    if case.is_filed_by(actor):
        return case.items.all()
    return case.items.filter(pk__in=brought(actor).values("pk"))


def page_of(case: Case, actor: Actor) -> Case:
    """The own case on whose page the person reads of a case."""
    if case.is_filed_by(actor):
        return case
    came = Q(moved_items__case=case) | Q(items__folded_into__case=case)
    rows = own_cases(actor).filter(came, state=CaseState.MERGED)
    return rows.order_by("pk")[0]


def own_drafts(actor: Actor) -> QuerySet[Case]:
    return own_cases(actor).filter(state=CaseState.DRAFT)


def my_draft(request: ActorRequest, public_id: str) -> Case:
    return get_object_or_404(own_drafts(request.actor), public_id=public_id)
