"""What a complainant does after filing: cure, withdraw."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import curing
from cases.chronicle import moment
from cases.errors import CaseMovedOn, IncompletePaper
from cases.forms.answers import DefectAnswersForm
from cases.forms.filed import WHOLE, WithdrawForm
from cases.forms.works import PaperFormSet
from cases.models import Case
from cases.services import open_steps
from cases.views.defects import labelled
from cases.views.reach import own_cases
from cases.withdrawing import withdraw as take_back
from cases.withdrawing import withdrawable
from evidence.actors import ActorRequest

any_form = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@any_form
def cure(request: ActorRequest, reference: str) -> HttpResponse:
    """补正 of a notice: one answer and up to three files for its defects."""
    case = _case(request, reference, "cure")
    defects = labelled(curing.open_defects(case))
    posted, files = request.POST or None, request.FILES or None
    form = DefectAnswersForm(posted, defects=defects, initial={"version": case.version})
    sets = {
        defect.code: PaperFormSet(posted, files, prefix=f"proof-{defect.code}")
        for _label, defect in defects
    }
    filled = [form.is_valid(), *[each.is_valid() for each in sets.values()]]
    if request.method == "POST" and all(filled):
        curing.cure(
            case,
            answers=form.answers(),
            proofs={code: each.proofs() for code, each in sets.items()},
            by=request.actor,
            at=timezone.now(),
            expect_version=form.cleaned_data["version"],
        )
        messages.success(request, _("补正材料已提交。"))
        return redirect("my_case", reference)
    term = case.deadlines.filter(clock="cure").order_by("pk").last()
    context = {
        "case": case,
        "form": form,
        "rows": [(form[code], each) for code, each in sets.items()],
        "here": _("补正"),
        "ends": moment(term.due_at) if term else "",
        "back": reverse("my_case", args=[reference]),
        "is_last": case.cure_rounds > 1,
    }
    return render(request, "complaints/cure.html", context)


@login_required
@any_form
def withdraw(request: ActorRequest, reference: str) -> HttpResponse:
    """撤回: whole or for some documents, with what follows said beforehand."""
    case = get_object_or_404(own_cases(request.actor), reference=reference)
    items = withdrawable(case)
    whole = "withdraw" in dict(open_steps(case, request.actor))
    if not items and not whole:
        raise CaseMovedOn
    form = WithdrawForm(
        request.POST or None,
        signer=case.agent or case.claimant,
        items=items,
        whole=whole,
        initial={"version": case.version},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            take_back(
                case,
                None if told["scope"] == WHOLE else list(told["items"]),
                ground=told["ground"],
                reasoning=told["reasoning"],
                declared=told["declared"],
                signature=told["signature"],
                by=request.actor,
                at=timezone.now(),
                expect_version=told["version"],
            )
        except IncompletePaper as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已撤回，确认书已生成。"))
            return redirect("my_case", reference)
    return render(request, "complaints/withdraw.html", {"case": case, "form": form})


def _case(request: ActorRequest, reference: str, step: str) -> Case:
    """The person's own case, while this step of it is open to them."""
    case: Case = get_object_or_404(own_cases(request.actor), reference=reference)
    if step not in dict(open_steps(case, request.actor)):
        raise CaseMovedOn
    return case
