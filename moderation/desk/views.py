"""The queue, and taking the next case from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.permissions.copyright import weighs_much
from evidence.actors import ActorRequest
from evidence.comparison import percent
from moderation.desk.access import case_or_404, desk_act, desk_page, show
from moderation.desk.dossier import can_claim
from moderation.desk.excerpts import Excerpt, excerpt_of
from moderation.desk.figures import figures, last_days
from moderation.desk.filters import CaseFilter
from moderation.desk.queue import assignment_of, claim_next, with_columns
from moderation.desk.words import Due, due_first

ROWS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the queue lists it; similarity in per cent."""

    case: Any
    due: Due | None
    similarity: int | None
    assignee: str
    needs_senior: bool


@desk_page
def desk_queue(request: ActorRequest) -> HttpResponse:
    at = timezone.now()
    cases = with_columns(Case.objects.visible_to(request.actor).filed().complaints())
    shown = CaseFilter(request.GET, queryset=cases, actor=request.actor, at=at)
    page = Paginator(shown.qs, ROWS).get_page(request.GET.get("page"))
    selected = _selected(page, request.GET.get("case", ""))
    context = {
        "filter": shown,
        "page": page,
        "rows": [_row(case, at) for case in page],
        "figures": figures(at=at),
        "chart": last_days(at=at),
        "now": at,
        **_panel(request, selected, at),
    }
    if not page.paginator.count and not shown.is_narrowed:
        context["is_bare"] = not Case.objects.filed().complaints().exists()
    return show(request, "desk/queue.html", context)


@desk_page
def desk_preview(request: ActorRequest, reference: str) -> HttpResponse:
    """The panel beside the queue, fetched as a row gets the focus."""
    context = _panel(request, case_or_404(request, reference), timezone.now())
    return show(request, "desk/_preview.html", context)


@desk_act
def desk_next(request: ActorRequest) -> HttpResponse:
    case = claim_next(by=request.actor, at=timezone.now())
    if case is None:
        messages.info(request, _("目前没有等待领取的案件。"))
        return redirect("desk_queue")
    messages.success(request, _("已领取 %(case)s。") % {"case": case})
    return redirect("desk_case", reference=case.reference)


def _selected(page: Page[Case], reference: str) -> Case | None:
    """The row that was asked for, else the first one."""
    chosen = (case for case in page if case.reference == reference)
    return next(chosen, next(iter(page), None))


def _panel(request: ActorRequest, case: Case | None, at: datetime) -> dict[str, Any]:
    excerpt: Excerpt | None = excerpt_of(case) if case else None
    claimable = (
        case is not None
        and assignment_of(case, at) is None
        and can_claim(case, request.actor, at)
    )
    return {"selected": case, "excerpt": excerpt, "can_claim": claimable}


def _row(case: Any, at: datetime) -> Row:
    held = assignment_of(case, at)
    share = case.similarity
    return Row(
        case=case,
        due=due_first(case, at),
        similarity=None if share is None else percent(share),
        assignee=str(held.user) if held else "",
        needs_senior=case.is_undecided and weighs_much(case),
    )
