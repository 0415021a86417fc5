"""The seller's page of one measure on an account: why, until when, and what to do."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import limits
from cases.forms.accounts import ObjectionForm
from cases.levels import LEVELS
from cases.models import AccountMeasure, Notice, Strike
from cases.notices import Kind
from cases.services import advance, open_steps
from cases.strikes import standing_of
from evidence.actors import ActorRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Only for who stands for the account: to others it is not."""
    measure = _own(request, public_id)
    form = ObjectionForm(request.POST or None, initial={"version": measure.version})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        limits.spend("appeal_account", f"user:{request.actor.user_id}", at=now)
        advance(
            measure,
            "contest",
            by=request.actor,
            at=now,
            expect_version=form.cleaned_data["version"],
            statement=form.cleaned_data["statement"],
        )
        messages.success(request, _("异议已收到，由未参与此前决定的人员审查。"))
        return redirect("seller_account", public_id)
    letters = Notice.objects.filter(
        seller=measure.seller, case=measure.case, kind=Kind.ACCOUNT
    )
    strikes = Strike.objects.filter(seller=measure.seller, void_at__isnull=True)
    context = {
        "measure": measure,
        "standing": standing_of(measure.seller, at=timezone.now()),
        "levels": LEVELS,
        "strikes": strikes.select_related("case").order_by("-placed_at", "-pk"),
        "letters": letters.order_by("-at", "-pk"),
        "form": form if "contest" in dict(open_steps(measure, request.actor)) else None,
    }
    return render(request, "seller/account.html", context)


def _own(request: ActorRequest, public_id: UUID) -> AccountMeasure:
    rows = AccountMeasure.objects.visible_to(request.actor)
    measure = get_object_or_404(
        rows.select_related("seller", "case"), public_id=public_id
    )
    if measure.seller.party_id not in request.actor.parties:
        raise Http404
    return measure
