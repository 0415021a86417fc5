"""What is proposed for a shelf, and what compliance says of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence import proposing, seeking
from evidence.actors import ActorRequest
from evidence.models import ShelfProposal, ShelfSearch
from evidence.shelving import Shelver
from evidence.tasks import seek_proposals
from evidence.thresholds import in_force
from moderation.desk.access import compliance_act, desk_page, show
from moderation.desk.proposed import proposed, with_passage
from moderation.desk.shelf_forms import DecisionsForm

A_PAGE = 20
State = ShelfProposal.State


@desk_page
def desk_proposals(request: ActorRequest) -> HttpResponse:
    asked = request.GET.get("state", "")
    state = State(asked) if asked in State.values else State.OPEN
    rows = ShelfProposal.objects.filter(state=state).order_by("-decided_at", "pk")
    page = Paginator(with_passage(rows), A_PAGE).get_page(request.GET.get("page"))
    counts = dict(
        ShelfProposal.objects.values_list("state").annotate(n=Count("pk")).order_by()
    )
    context = {
        "state": state,
        "states": [(each, counts.get(each, 0)) for each in State],
        "page": page,
        "proposals": proposed(list(page)),
        "search": ShelfSearch.objects.order_by("-asked_at", "-pk").first(),
        "form": DecisionsForm(),
    }
    return show(request, "desk/proposals.html", context)


@desk_page
def desk_search_progress(request: ActorRequest) -> HttpResponse:
    """The search that is under way, or the last one, for htmx to put in its place."""
    search = ShelfSearch.objects.order_by("-asked_at", "-pk").first()
    return show(request, "desk/_search.html", {"search": search})


@compliance_act
def desk_proposals_decide(request: ActorRequest) -> HttpResponse:
    form = DecisionsForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("请先勾选要处理的建议。"))
        return redirect("desk_proposals")
    shelver = Shelver(request.actor, request.actor.duty, timezone.now())
    accepts = form.cleaned_data["act"] == DecisionsForm.ACCEPT
    shelf, done = form.cleaned_data["shelf"], 0
    for row in form.cleaned_data["proposal"]:
        if accepts:
            done += proposing.accept(row, in_force(), shelver=shelver, shelf=shelf)
        else:
            done += proposing.refuse(row, shelver=shelver)
    late = len(form.cleaned_data["proposal"]) - done
    if done:
        messages.success(request, _told(done, accepts=accepts))
    if late:
        words = _("%(n)d 条建议已被他人处理，这次没有改动。")
        messages.warning(request, words % {"n": late})
    return redirect("desk_proposals")


@compliance_act
def desk_proposal_reopen(request: ActorRequest, pk: int) -> HttpResponse:
    """Undo: what was accepted comes off the shelf, and a person looks again."""
    row = get_object_or_404(ShelfProposal, pk=pk)
    shelver = Shelver(request.actor, request.actor.duty, timezone.now())
    if proposing.reopen(row, in_force(), shelver=shelver):
        messages.success(request, _("已撤销，这条建议重新等待处理。"))
    return redirect("desk_proposals")


@compliance_act
def desk_proposals_seek(request: ActorRequest) -> HttpResponse:
    search = seeking.ask(by=request.actor, at=timezone.now())
    seek_proposals.enqueue(search.pk)
    return redirect("desk_proposals")


def _told(done: int, *, accepts: bool) -> str:
    if accepts:
        words = ngettext(
            "已采纳 %(n)d 条建议，相应文字不再算作相同。",
            "已采纳 %(n)d 条建议，相应文字不再算作相同。",
            done,
        )
    else:
        words = ngettext(
            "已拒绝 %(n)d 条建议，不会再次提出。",
            "已拒绝 %(n)d 条建议，不会再次提出。",
            done,
        )
    return words % {"n": done}
