"""Beginning a complaint, from a document or from a work, and throwing one away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import drafts
from cases.standing import agent_for, own_parties, represented, works_within_reach
from cases.views.pending import forget_number, keep_number
from cases.views.reach import my_draft
from evidence.actors import ActorRequest


@require_POST
def new(request: ActorRequest) -> HttpResponse:
    """Open a draft. Who is not signed in, or has no party yet, does that first; the
    number they came with waits in their session."""
    actor, now = request.actor, timezone.now()
    number = request.POST.get("document", "").strip()
    if number:
        keep_number(request, number)
    if actor.user_id is None:
        return redirect_to_login(reverse("rights_home"))
    claimant, works = represented(actor, now).first(), []
    if claimant is None:
        messages.info(request, _("投诉之前，请先登记权利人的主体信息。"))
        return redirect("party_new")
    if wanted := request.POST.get("work"):
        reach = works_within_reach(actor, now)
        works = [get_object_or_404(reach, public_id=wanted)]
        claimant = works[0].party
    case = drafts.begin(
        claimant,
        agent_for(claimant, actor, now),
        by=actor,
        at=now,
        works=works,
        number=number,
    )
    forget_number(request)
    return redirect("complaint_step", case.public_id, _first_step(request, bool(works)))


@login_required
@require_POST
def discard(request: ActorRequest, public_id: str) -> HttpResponse:
    drafts.discard(my_draft(request, public_id), by=request.actor)
    messages.success(request, _("草稿已删除。"))
    return redirect("rights_home")


def _first_step(request: ActorRequest, has_work: bool) -> str:
    if has_work:
        return "documents"
    return "works" if own_parties(request.actor).count() == 1 else "party"
