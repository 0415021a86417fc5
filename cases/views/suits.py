"""起诉、投诉: a complainant tells of a suit, and proves it.

Documents whose notice was merged are in another case: whoever filed that notice tells
of a suit there, about these documents, under the numbers that the notice gave them.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import proceedings
from cases.chronicle import moment, ranges
from cases.errors import CaseMovedOn, IncompletePaper
from cases.forms.filed import ProceedingForm
from cases.forms.works import PaperFormSet
from cases.models import Case, CaseItem, Deadline, Proceeding
from cases.models.item import numbers_in
from cases.permissions.proceeding import may_file_in
from cases.views.reach import cases_in_reach, items_in_reach, page_of
from cases.workflows.item import UNDER_MEASURE, ItemState
from cases.workflows.proceeding import ProceedingState
from evidence.actors import ActorRequest
from evidence.models import Exhibit

any_form = require_http_methods(["GET", "HEAD", "POST"])
TELLABLE = (*UNDER_MEASURE, ItemState.RESTORED)
# What shows a suit is a docket, if it is not said to be something else.
OF_SUITS: dict[str, Any] = {
    "prefix": "proof",
    "form_kwargs": {"initial": {"kind": Exhibit.Kind.DOCKET}},
}


@login_required
@any_form
def proceeding(request: ActorRequest, reference: str) -> HttpResponse:
    """已起诉或投诉的通知: our receipt of it is what counts; papers may follow."""
    case = get_object_or_404(cases_in_reach(request.actor), reference=reference)
    items = items_in_reach(case, request.actor).filter(state__in=TELLABLE)
    if not items.exists():
        raise CaseMovedOn
    now, page = timezone.now(), page_of(case, request.actor)
    numbers = numbers_on(page)
    posted, files = request.POST or None, request.FILES or None
    form = ProceedingForm(
        posted,
        items=items.select_related("document__current"),
        numbers=numbers,
        today=timezone.localdate(now),
    )
    proofs = PaperFormSet(posted, files, **OF_SUITS)
    if request.method == "POST" and all([form.is_valid(), proofs.is_valid()]):
        row = proceedings.notify(
            case,
            list(form.cleaned_data["items"]),
            form.particulars(),
            proofs=proofs.proofs(),
            by=request.actor,
            at=now,
        )
        messages.success(request, _received(row, numbers))
        return redirect("my_case", page.reference)
    waits = Deadline.objects.running().filter(clock="waiting", item__in=items)
    context = {
        "case": page,
        "form": form,
        "proofs": proofs,
        "waits": [
            (numbers[row.item_id], moment(row.due_at))
            for row in waits.order_by("due_at")
            if row.item_id
        ],
    }
    return render(request, "complaints/proceeding.html", context)


@login_required
@any_form
def prove(request: ActorRequest, reference: str, public_id: str) -> HttpResponse:
    """The papers that show a proceeding, within the term of our own."""
    case = get_object_or_404(cases_in_reach(request.actor), reference=reference)
    row = get_object_or_404(case.proceedings, public_id=public_id)
    if not may_file_in(row, request.actor):
        raise Http404
    if row.state not in (ProceedingState.NOTIFIED, ProceedingState.FILED):
        raise CaseMovedOn
    posted, files = request.POST or None, request.FILES or None
    proofs = PaperFormSet(posted, files, **OF_SUITS)
    page, missing = page_of(case, request.actor), ""
    if request.method == "POST" and proofs.is_valid():
        try:
            proceedings.prove(row, proofs.proofs(), by=request.actor, at=timezone.now())
        except IncompletePaper as refusal:
            missing = str(refusal)
        else:
            messages.success(request, _("证明已提交，核实后通知您。"))
            return redirect("my_case", page.reference)
    clocks = ("proof", "docketing")
    term = Deadline.objects.filter(clock__in=clocks, subject_id=row.pk).order_by("pk")
    last = term.last()
    context = {
        "case": page,
        "proceeding": row,
        "proofs": proofs,
        "missing": missing,
        "ends": moment(last.due_at) if last else "",
    }
    return render(request, "complaints/prove.html", context)


def numbers_on(case: Case) -> dict[int, int]:
    """Return the numbers of the documents on the page of a case, by their ids."""
    if case.merged_into_id is not None:
        return numbers_in(case)
    return dict(case.items.values_list("pk", "position"))


def told_on(case: Case) -> list[tuple[Proceeding, str, str]]:
    """Return the proceedings that the page of a case shows, each with the numbers of
    its documents and of those that it came too late for. On the page of a merged case
    they are those about its own documents alone."""
    numbers = numbers_on(case)
    rows = Proceeding.objects.filter(case=case)
    if case.merged_into_id is not None:
        others = Proceeding.items.through.objects.exclude(caseitem__in=numbers)
        rows = Proceeding.objects.filter(items__in=numbers).distinct()
        rows = rows.exclude(pk__in=others.values("proceeding"))
    rows = rows.select_related("case").prefetch_related("items", "timely_items")
    return [(row, _numbers_of(row, numbers), _late(row, numbers)) for row in rows]


def _numbers_of(row: Proceeding, numbers: dict[int, int]) -> str:
    return _ranges(row.items.all(), numbers)


def _timely(row: Proceeding, numbers: dict[int, int]) -> str:
    return _ranges(row.timely_items.all(), numbers)


def _late(row: Proceeding, numbers: dict[int, int]) -> str:
    timely = set(row.timely_items.all())
    return _ranges([item for item in row.items.all() if item not in timely], numbers)


def _ranges(items: Iterable[CaseItem], numbers: dict[int, int]) -> str:
    return ranges(sorted(numbers.get(item.pk, item.position) for item in items))


def _received(told: Proceeding, numbers: dict[int, int]) -> str:
    """Say for which documents a notice of a proceeding came in time."""
    late = _late(told, numbers)
    if not late:
        return _("通知已收到，措施维持到该程序终结。")
    if not told.is_timely:
        return _("通知已收到。等待期已经届满或者尚未开始，不影响恢复。")
    words = _(
        "通知已收到，第 %(kept)s 项的措施维持到该程序终结。第 %(late)s 项的等待期已经"
        "届满或者尚未开始，不影响恢复。"
    )
    return words % {"kept": _timely(told, numbers), "late": late}
