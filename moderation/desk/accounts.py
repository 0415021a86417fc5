"""The desk of account measures: closings that two people decide, and objections."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cases.models import AccountMeasure
from cases.services import advance, open_steps
from cases.strikes import standing_of
from cases.workflows.account import STANDING, UNDECIDED, AccountState
from evidence.actors import Actor, ActorRequest
from moderation.desk.access import desk_page, for_readers, show
from moderation.desk.forms import LEAST_REASONING

STEPS = ("approve", "close", "decline", "uphold", "lift")
SHOWN = 100


class ReasonForm(forms.Form):
    reasoning = forms.CharField(
        label=gettext_lazy("理由"),
        min_length=LEAST_REASONING,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("至少 20 字，卖家会读到。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@desk_page
def desk_accounts(request: ActorRequest) -> HttpResponse:
    return _page(request)


@require_POST
@for_readers
def desk_account_step(
    request: ActorRequest, public_id: UUID, step: str
) -> HttpResponse:
    """Take a step with a measure: who may, the machine says."""
    measure = get_object_or_404(AccountMeasure, public_id=public_id)
    request.way_back = reverse("desk_accounts")  # type: ignore[attr-defined]
    if step not in STEPS:
        raise Http404
    form = ReasonForm(request.POST, auto_id=f"{step}_{measure.pk}_%s")
    if not form.is_valid():
        return _page(request, measure, step, form)
    advance(
        measure,
        step,
        by=request.actor,
        at=timezone.now(),
        expect_version=form.cleaned_data["version"],
        reasoning=form.cleaned_data["reasoning"],
    )
    messages.success(request, _("已记入台账。"))
    return redirect("desk_accounts")


def _page(
    request: ActorRequest,
    measure: AccountMeasure | None = None,
    step: str = "",
    filled: ReasonForm | None = None,
) -> HttpResponse:
    rows = AccountMeasure.objects.select_related("seller", "case__assignment")
    waiting = rows.filter(state__in=[*UNDECIDED, AccountState.CONTESTED])
    standing = rows.filter(state=AccountState.IN_FORCE)
    found = [*waiting.order_by("placed_at", "pk"), *standing[:SHOWN]]
    context = {
        "rows": [
            _row(row, request.actor, step if row == measure else "", filled)
            for row in found
        ],
        "waiting": waiting.count(),
        "standing": standing.count(),
    }
    return show(request, "desk/reports/accounts.html", context)


def _row(
    row: AccountMeasure, actor: Actor, step: str, filled: ReasonForm | None
) -> dict[str, Any]:
    opened = dict(open_steps(row, actor))
    return {
        "measure": row,
        "standing": standing_of(row.seller, at=timezone.now()),
        "is_waiting": row.state not in STANDING or row.state == AccountState.CONTESTED,
        "steps": [
            {
                "name": name,
                "rule": opened[name],
                "form": filled
                if name == step and filled
                else ReasonForm(
                    initial={"version": row.version}, auto_id=f"{name}_{row.pk}_%s"
                ),
            }
            for name in STEPS
            if name in opened
        ],
    }
