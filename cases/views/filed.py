"""What a complainant does after filing: cure, withdraw, tell of a suit, prove it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import curing, proceedings
from cases.chronicle import moment, ranges
from cases.errors import CaseMovedOn, IncompletePaper
from cases.forms.answers import DefectAnswersForm
from cases.forms.filed import WHOLE, ProceedingForm, WithdrawForm
from cases.forms.works import PaperFormSet
from cases.models import Case, Deadline, Proceeding
from cases.services import open_steps
from cases.views.defects import labelled
from cases.views.reach import own_cases
from cases.withdrawing import withdraw as take_back
from cases.withdrawing import withdrawable
from cases.workflows.item import UNDER_MEASURE, ItemState
from cases.workflows.proceeding import ProceedingState
from evidence.actors import ActorRequest

any_form = require_http_methods(["GET", "HEAD", "POST"])
TELLABLE = (*UNDER_MEASURE, ItemState.RESTORED)


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
    if not items:
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


@login_required
@any_form
def proceeding(request: ActorRequest, reference: str) -> HttpResponse:
    """已起诉或投诉的通知: our receipt of it is what counts; papers may follow."""
    case = get_object_or_404(own_cases(request.actor), reference=reference)
    items = case.items.filter(state__in=TELLABLE).select_related("document__current")
    if not items.exists():
        raise CaseMovedOn
    now = timezone.now()
    posted, files = request.POST or None, request.FILES or None
    form = ProceedingForm(posted, items=items, today=timezone.localdate(now))
    proofs = PaperFormSet(posted, files, prefix="proof")
    if request.method == "POST" and all([form.is_valid(), proofs.is_valid()]):
        row = proceedings.notify(
            case,
            list(form.cleaned_data["items"]),
            form.particulars(),
            proofs=proofs.proofs(),
            by=request.actor,
            at=now,
        )
        messages.success(request, _received(row))
        return redirect("my_case", reference)
    waits = Deadline.objects.running().filter(clock="waiting", case=case)
    context = {
        "case": case,
        "form": form,
        "proofs": proofs,
        "waits": [
            (row.item, moment(row.due_at))
            for row in waits.select_related("item").order_by("due_at")
        ],
    }
    return render(request, "complaints/proceeding.html", context)


@login_required
@any_form
def prove(request: ActorRequest, reference: str, public_id: str) -> HttpResponse:
    """The papers that show a proceeding, within the term of our own."""
    case = get_object_or_404(own_cases(request.actor), reference=reference)
    row = get_object_or_404(case.proceedings, public_id=public_id)
    if row.state not in (ProceedingState.NOTIFIED, ProceedingState.FILED):
        raise CaseMovedOn
    posted, files = request.POST or None, request.FILES or None
    proofs = PaperFormSet(posted, files, prefix="proof")
    missing = ""
    if request.method == "POST" and proofs.is_valid():
        try:
            proceedings.prove(row, proofs.proofs(), by=request.actor, at=timezone.now())
        except IncompletePaper as refusal:
            missing = str(refusal)
        else:
            messages.success(request, _("证明已提交，核实后通知您。"))
            return redirect("my_case", reference)
    clocks = ("proof", "docketing")
    term = Deadline.objects.filter(clock__in=clocks, subject_id=row.pk).order_by("pk")
    last = term.last()
    context = {
        "case": case,
        "proceeding": row,
        "proofs": proofs,
        "missing": missing,
        "ends": moment(last.due_at) if last else "",
    }
    return render(request, "complaints/prove.html", context)


def _received(told: Proceeding) -> str:
    """Say for which documents a notice of a proceeding came in time."""
    late = ranges(told.late_positions())
    if not late:
        return _("通知已收到，措施维持到该程序终结。")
    if not told.is_timely:
        return _("通知已收到。等待期已经届满或者尚未开始，不影响恢复。")
    words = _(
        "通知已收到，第 %(kept)s 项的措施维持到该程序终结。第 %(late)s 项的等待期已经"
        "届满或者尚未开始，不影响恢复。"
    )
    return words % {"kept": ranges(told.timely_positions()), "late": late}


def _case(request: ActorRequest, reference: str, step: str) -> Case:
    """The person's own case, while this step of it is open to them."""
    case: Case = get_object_or_404(own_cases(request.actor), reference=reference)
    if step not in dict(open_steps(case, request.actor)):
        raise CaseMovedOn
    return case
