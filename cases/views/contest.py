"""The uploader's side: contest a ruling, or hand in the file that was mended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import limits
from cases.appeals import documents_of, file_appeal, may_still_appeal
from cases.forms.reports import AppealForm
from cases.mending import mending_of
from cases.models import Case, Notice
from cases.notices import Kind
from evidence.actors import Actor, ActorRequest
from evidence.models import SellerAccount


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: ActorRequest, reference: str) -> HttpResponse:
    """Only for a seller whose document the case restricts: to others it is not."""
    case, seller = _touched(request.actor, reference)
    is_open = may_still_appeal(case, None, seller)
    form = AppealForm(
        request.POST or None,
        request.FILES or None,
        is_seller=True,
        documents=documents_of(case, seller),
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        limits.spend("appeal_account", f"user:{request.actor.user_id}", at=now)
        file_appeal(
            case,
            ground=form.cleaned_data["ground"],
            statement=form.cleaned_data["statement"],
            by=request.actor,
            at=now,
            seller=seller,
            upload=form.upload(),
            document=form.mended(),
        )
        messages.success(request, _("复议申请已收到，将由未参与原决定的人员审查。"))
        return redirect("seller_appeal", reference)
    context = {
        "case": case,
        "form": form,
        "is_open": is_open,
        "appeals": [
            (row, mending_of(row))
            for row in case.appeals.filter(seller=seller).select_related(
                "mended", "document", "seller", "ruling"
            )
        ],
        "letters": [
            (letter, Kind(letter.kind).label)
            for letter in Notice.objects.filter(case=case, seller=seller).order_by(
                "-at", "-pk"
            )
        ],
        "documents": case.reported_documents.filter(document__seller=seller)
        .exclude(restrictions=None)
        .select_related("snapshot"),
    }
    return render(request, "reporting/seller_appeal.html", context)


def _touched(actor: Actor, reference: str) -> tuple[Case, SellerAccount]:
    cases = Case.objects.reports().filter(rulings__isnull=False).distinct()
    case = get_object_or_404(cases, reference=reference)
    touched = case.reported_documents.exclude(restrictions=None)
    sellers = SellerAccount.objects.filter(
        party__in=actor.parties, documents__reported_in__in=touched.values("pk")
    )
    seller = sellers.order_by("pk").first()
    if seller is None:
        raise Http404
    return case, seller
