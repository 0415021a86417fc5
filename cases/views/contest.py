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
    """Only for a seller whose document the case restricts: to others it is not.

    Of a person with several such accounts the one whose document is mended appeals,
    else the first that still may."""
    case, sellers = _touched(request.actor, reference)
    waiting = [each for each in sellers if may_still_appeal(case, None, each)]
    form = AppealForm(
        request.POST or None,
        request.FILES or None,
        is_seller=True,
        documents=documents_of(case, *waiting),
    )
    if request.method == "POST" and form.is_valid():
        now, mended = timezone.now(), form.mended()
        first = waiting[0] if waiting else sellers[0]
        limits.spend("appeal_account", f"user:{request.actor.user_id}", at=now)
        file_appeal(
            case,
            ground=form.cleaned_data["ground"],
            statement=form.cleaned_data["statement"],
            by=request.actor,
            at=now,
            seller=mended.seller if mended else first,
            upload=form.upload(),
            document=mended,
        )
        messages.success(request, _("复议申请已收到，将由未参与原决定的人员审查。"))
        return redirect("seller_appeal", reference)
    context = {
        "case": case,
        "form": form,
        "is_open": bool(waiting),
        "appeals": [
            (row, mending_of(row))
            for row in case.appeals.filter(seller__in=sellers).select_related(
                "mended", "document", "seller", "ruling"
            )
        ],
        "letters": [
            (letter, Kind(letter.kind).label)
            for letter in Notice.objects.filter(case=case, seller__in=sellers).order_by(
                "-at", "-pk"
            )
        ],
        "documents": case.reported_documents.filter(document__seller__in=sellers)
        .exclude(restrictions=None)
        .select_related("snapshot"),
    }
    return render(request, "reporting/seller_appeal.html", context)


def _touched(actor: Actor, reference: str) -> tuple[Case, list[SellerAccount]]:
    cases = Case.objects.reports().filter(rulings__isnull=False).distinct()
    case = get_object_or_404(cases, reference=reference)
    touched = case.reported_documents.exclude(restrictions=None)
    sellers = SellerAccount.objects.filter(
        party__in=actor.parties, documents__reported_in__in=touched.values("pk")
    )
    if not sellers:
        raise Http404
    return case, list(sellers.distinct().order_by("pk"))
