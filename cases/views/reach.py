"""The one case that an address names, for those who filed it: else it is not there."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from cases.models import Case
from cases.workflows.copyright import CaseState
from evidence.actors import Actor, ActorRequest


def own_cases(actor: Actor) -> QuerySet[Case]:
    """Cases that the person's parties filed: an examiner reads the others at the
    desk, never on the complainant's pages."""
    filed = Q(claimant__in=actor.parties) | Q(agent__in=actor.parties)
    cases = Case.objects.visible_to(actor).filter(filed)
    return cases.select_related("claimant__details", "agent__details")


def own_drafts(actor: Actor) -> QuerySet[Case]:
    return own_cases(actor).filter(state=CaseState.DRAFT)


def my_draft(request: ActorRequest, public_id: str) -> Case:
    return get_object_or_404(own_drafts(request.actor), public_id=public_id)
