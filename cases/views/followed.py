"""What became of a report: for who filed it, by account or by the query code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cases import limits, receipts, reporting
from cases.appeals import file_appeal, may_still_appeal
from cases.forms.reports import AppealForm, StatusForm, SupplyForm
from cases.models import Case, Notice, Report
from cases.notices import Kind
from cases.permissions.report import may_be_left
from cases.services import advance
from cases.workflows.report import OPEN, ReportState
from evidence.actors import ActorRequest

SHOWN = "reports"
MOST_REMEMBERED = 50


def remember(request: HttpRequest, report: Report) -> None:
    """Let this browser session speak for a report whose code it has shown."""
    held = [pk for pk in request.session.get(SHOWN, []) if pk != report.pk]
    request.session[SHOWN] = [*held, report.pk][-MOST_REMEMBERED:]


@require_http_methods(["GET", "HEAD", "POST"])
def status(request: ActorRequest) -> HttpResponse:
    """Ask by number and code. One answer for a wrong code and for no such report."""
    form = StatusForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, number = timezone.now(), form.cleaned_data["number"]
        limits.spend("receipt_address", limits.address_of(request.META), at=now)
        limits.spend("receipt_number", number.strip().upper(), at=now)
        report = receipts.report_for(number, form.cleaned_data["code"])
        if report is not None:
            remember(request, report)
            return redirect("my_report", report.public_id)
        form.add_error(None, _("回执号或者查询码不正确。"))
    mine = Report.objects.by(request.actor).select_related("case", "document")
    context = {"form": form, "mine": mine.order_by("-filed_at", "-pk")[:100]}
    return render(request, "reporting/status.html", context)


@require_POST
def forget(request: ActorRequest) -> HttpResponse:
    """Leave nothing behind on a computer that others use."""
    request.session.pop(SHOWN, None)
    messages.success(request, _("已退出查询。"))
    return redirect("report_status")


@require_safe
def show(request: ActorRequest, public_id: str) -> HttpResponse:
    return _page(request, _mine(request, public_id))


@require_POST
def supply(request: ActorRequest, public_id: str) -> HttpResponse:
    report = _mine(request, public_id)
    form = SupplyForm(request.POST)
    if not form.is_valid():
        return _page(request, report, supply=form)
    advance(
        report.case,
        "supply",
        by=request.actor,
        at=timezone.now(),
        report=report.pk,
        answer=form.cleaned_data["answer"],
    )
    messages.success(request, _("补充内容已收到。"))
    return redirect("my_report", public_id)


@require_POST
def withdraw(request: ActorRequest, public_id: str) -> HttpResponse:
    report = _mine(request, public_id)
    reporting.withdraw(report, by=request.actor, at=timezone.now())
    messages.success(request, _("举报已撤回。"))
    return redirect("my_report", public_id)


@require_POST
def appeal(request: ActorRequest, public_id: str) -> HttpResponse:
    report = _mine(request, public_id)
    form = AppealForm(request.POST, is_seller=False)
    if not form.is_valid():
        return _page(request, report, appeal=form)
    file_appeal(
        report.case,
        ground=form.cleaned_data["ground"],
        statement=form.cleaned_data["statement"],
        by=request.actor,
        at=timezone.now(),
        report=report,
    )
    messages.success(request, _("复议申请已收到，将由未参与原决定的人员审查。"))
    return redirect("my_report", public_id)


def _mine(request: ActorRequest, public_id: str) -> Report:
    rows = Report.objects.by(request.actor).select_related("case", "document")
    return get_object_or_404(rows, public_id=public_id)


def _page(
    request: ActorRequest,
    report: Report,
    *,
    supply: SupplyForm | None = None,
    appeal: AppealForm | None = None,
) -> HttpResponse:
    case = report.case
    stands = report.withdrawn_at is None and report.invalidated_at is None
    asked = case.answers.filter(answered_at__isnull=True).first()
    letters = Notice.objects.filter(report=report).order_by("-at", "-pk")
    context = {
        "report": report,
        "case": case,
        "stage": _stage(report, case),
        "asked": asked if stands and case.state == ReportState.NEED_INFO else None,
        "supply": supply or SupplyForm(),
        "can_withdraw": stands and case.state in OPEN and _may_leave(report, case),
        "can_appeal": stands and may_still_appeal(case, report, None),
        "appeal": appeal or AppealForm(is_seller=False),
        "appeals": report.appeals.all(),
        "letters": [(letter, Kind(letter.kind).label) for letter in letters],
    }
    response = render(request, "reporting/mine.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _may_leave(report: Report, case: Case) -> bool:
    others = case.reports.standing().exclude(pk=report.pk).exists()
    return others or may_be_left(case)  # type: ignore[arg-type]


def _stage(report: Report, case: Case) -> str:
    """Say in general terms how far it is: how the desk works is not shown."""
    if report.withdrawn_at:
        return _("已撤回")
    if report.invalidated_at:
        return _("未予采纳")
    if case.state in (ReportState.SUBMITTED, ReportState.MERGED):
        return _("已收到，等待处理")
    if case.state in (ReportState.IN_REVIEW, ReportState.ESCALATED):
        return _("处理中")
    if case.state == ReportState.NEED_INFO:
        return _("等待补充材料")
    return str(case.get_state_display())
