"""The rights holder's first page: who they are, what is theirs, what is under way."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.chronicle import moment
from cases.leads import counts_of
from cases.models import Case
from cases.standing import (
    mandates_of,
    own_parties,
    shown_number,
    works_within_reach,
)
from cases.views.pending import pending_number
from cases.views.reach import own_cases
from cases.workflows.copyright import CaseState
from evidence.actors import ActorRequest


@login_required
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    works = list(
        works_within_reach(actor, now)
        .select_related("party__details", "sample")
        .defer("sample__content")
    )
    leads = counts_of(works)
    running = Q(deadlines__ended_at__isnull=True, deadlines__paused_at__isnull=True)
    cases = (
        own_cases(actor)
        .annotate(documents=Count("items", distinct=True))
        .annotate(next_due=Min("deadlines__due_at", filter=running))
        .order_by("-submitted_at", "-opened_at")
    )
    context = {
        "parties": [(party, shown_number(party)) for party in own_parties(actor)],
        "mandates": mandates_of(actor, now),
        "works": [(work, leads[work.pk]) for work in works],
        "drafts": [case for case in cases if case.state == CaseState.DRAFT],
        "filed": [
            (case, _next(case)) for case in cases if case.state != CaseState.DRAFT
        ],
        "pending": pending_number(request),
        "now": now,
    }
    return render(request, "rights/home.html", context)


def _next(case: Case) -> str:
    """The end of the clock that runs out first, annotated by `home`."""
    due: datetime | None = getattr(case, "next_due", None)
    return moment(due) if due else ""
