"""The desk of reports: queue, case, alarms, appeals, reporters and policies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import abuse, policies, priority
from cases.errors import CaseMovedOn, NotPermitted
from cases.models import (
    Appeal,
    AuthorityTask,
    Case,
    Report,
    ReportAttachment,
)
from cases.permissions.desk import (
    SENIORS,
    holds,
    is_senior,
    may_claim,
    may_enter_papers,
    may_report,
    role_in,
)
from cases.reasons import Priority
from cases.reporting import split
from cases.services import advance, claim, release
from cases.workflows.report import ENDED, ReportState
from evidence import ledger
from evidence.actors import ActorRequest, Role
from evidence.ledger import Act
from evidence.reading import ENDINGS, UNREAD
from moderation.desk import report_queue
from moderation.desk.access import desk_act, desk_page, for_readers, show
from moderation.desk.queue import assignment_of
from moderation.desk.report_dossier import dossier_of
from moderation.desk.report_forms import APPEAL_FORMS, STEP_FORMS, StepForm
from moderation.desk.words import due_first, due_of
from moderation.handing_out import file_answer
from reports.models import CaseFile

ROWS = 30


@desk_page
def desk_reports(request: ActorRequest) -> HttpResponse:
    at = timezone.now()
    asked = request.GET.dict()
    cases = Case.objects.visible_to(request.actor).filed().reports()
    shown = report_queue.with_lateness(report_queue.with_columns(cases), at)
    rows = report_queue.narrowed(shown, asked)
    if asked.get("assignee") == "me":
        rows = rows.filter(assignment__user=request.actor.user_id)
    page = Paginator(rows, ROWS).get_page(asked.get("page"))
    context = {
        "page": page,
        "rows": [_row(case, at) for case in page],
        "asked": asked,
        "states": [each for each in ReportState.choices if each[0] != "draft"],
        "priorities": Priority.choices,
    }
    return show(request, "desk/reports/queue.html", context)


@desk_act
def desk_report_next(request: ActorRequest) -> HttpResponse:
    case = report_queue.claim_next(by=request.actor, at=timezone.now())
    if case is None:
        messages.info(request, _("目前没有等待领取的举报。"))
        return redirect("desk_reports")
    messages.success(request, _("已领取 %(case)s。") % {"case": case})
    return redirect("desk_report", case.reference)


@desk_page
def desk_report(request: ActorRequest, reference: str) -> HttpResponse:
    return _page(request, _case(request, reference))


@desk_act
def desk_report_claim(request: ActorRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)
    if case.state in ENDED:
        raise CaseMovedOn
    claim(case, by=request.actor, at=timezone.now())
    messages.success(request, _("案件由您处理，30 分钟内他人不能领取。"))
    return redirect("desk_report", reference)


@desk_act
def desk_report_release(request: ActorRequest, reference: str) -> HttpResponse:
    release(_case(request, reference), by=request.actor, at=timezone.now())
    messages.success(request, _("案件已退回队列。"))
    return redirect("desk_reports")


@require_POST
@for_readers
def desk_report_step(request: ActorRequest, reference: str, step: str) -> HttpResponse:
    """Take a step of the machine: who may, the machine says."""
    case = _case(request, reference)
    if step not in STEP_FORMS:
        raise Http404
    form = STEP_FORMS[step](request.POST, case=case, auto_id=f"{step}_%s")
    if not form.is_valid():
        return _page(request, case, filled=form, step=step)
    entry = advance(
        case,
        step,
        by=request.actor,
        at=timezone.now(),
        expect_version=form.cleaned_data["version"],
        **form.facts(),
    )
    messages.success(request, _("已记入台账：%(seq)d。") % {"seq": entry.seq})
    return redirect("desk_report", reference)


@require_POST
@for_readers
def desk_appeal_step(
    request: ActorRequest, reference: str, appeal: UUID, step: str
) -> HttpResponse:
    case = _case(request, reference)
    row = get_object_or_404(Appeal, case=case, public_id=appeal)
    if step not in APPEAL_FORMS:
        raise Http404
    form = APPEAL_FORMS[step](request.POST, case=case, auto_id=f"{step}_%s")
    if not form.is_valid():
        return _page(request, case, filled=form, step=step, appeal=row)
    advance(row, step, by=request.actor, at=timezone.now(), **form.facts())
    messages.success(request, _("复议处理已记入台账。"))
    return redirect("desk_report", reference)


@desk_act
def desk_report_reveal(
    request: ActorRequest, reference: str, report: UUID
) -> HttpResponse:
    """Show who reported, in this one answer and on the record (PIPL 51)."""
    case = _case(request, reference)
    row = get_object_or_404(Report, case=case, public_id=report)
    if not may_claim(case, request.actor):
        raise NotPermitted
    act = Act(case.stream, "case.reveal", {"case": case.pk, "report": row.pk})
    with transaction.atomic():
        role = role_in(case, request.actor)
        ledger.append(act, by=request.actor, role=role, at=timezone.now())
    return _page(request, case, revealed=row)


@require_POST
@for_readers
def desk_report_file(
    request: ActorRequest, reference: str, attachment: UUID
) -> HttpResponseBase:
    """Hand out what came with a report, as a download and on the record."""
    case = _case(request, reference)
    rows = ReportAttachment.objects.filter(report__case=case).select_related("blob")
    row = get_object_or_404(rows, public_id=attachment)
    response = file_answer(row.blob, row.original_name)
    act = Act(case.stream, "case.attachment", {"case": case.pk, "attachment": row.pk})
    with transaction.atomic():
        role = role_in(case, request.actor)
        ledger.append(act, by=request.actor, role=role, at=timezone.now())
    return response


@require_POST
@for_readers
def desk_report_snapshot(
    request: ActorRequest, reference: str, number: str
) -> HttpResponseBase:
    """Hand out a document as it was fixed when it was reported, on the record: the
    public page is gone once it is restricted or taken off sale."""
    case = _case(request, reference)
    rows = case.reported_documents.select_related("snapshot__blob", "snapshot__version")
    row = get_object_or_404(rows, document__number=number)
    text = row.snapshot.version.text
    kind = text.media_type if text else UNREAD
    name = number + ENDINGS.get(kind, "")
    response = file_answer(row.snapshot.blob, name, media_type=kind)
    payload = {"case": case.pk, "snapshot": row.snapshot_id}
    act = Act(case.stream, "case.snapshot", payload)
    with transaction.atomic():
        role = role_in(case, request.actor)
        ledger.append(act, by=request.actor, role=role, at=timezone.now())
    return response


@require_POST
@for_readers
def desk_appeal_file(
    request: ActorRequest, reference: str, appeal: UUID
) -> HttpResponseBase:
    """Hand out the file that came with an appeal, as a download and on the record."""
    case = _case(request, reference)
    rows = Appeal.objects.filter(case=case, blob__isnull=False)
    row = get_object_or_404(rows.select_related("blob", "mended"), public_id=appeal)
    if row.blob is None:
        raise Http404
    kind = row.mended.media_type if row.mended else UNREAD
    response = file_answer(row.blob, row.original_name, media_type=kind)
    act = Act(case.stream, "case.appeal_file", {"case": case.pk, "appeal": row.pk})
    with transaction.atomic():
        role = role_in(case, request.actor)
        ledger.append(act, by=request.actor, role=role, at=timezone.now())
    return response


@desk_act
def desk_report_split(request: ActorRequest, reference: str) -> HttpResponse:
    """Take ticked reports out into a case of their own."""
    case = _case(request, reference)
    chosen = case.reports.filter(public_id__in=_uuids(request.POST.getlist("report")))
    apart = split(case, list(chosen), by=request.actor, at=timezone.now())
    messages.success(request, _("已另立案件 %(case)s。") % {"case": apart})
    return redirect("desk_report", apart.reference)


@desk_page
def desk_alarms(request: ActorRequest) -> HttpResponse:
    at = timezone.now()
    rows = [
        {"case": row.case, "due": due_of(row, at)} for row in report_queue.alarms(at)
    ]
    tasks = AuthorityTask.objects.filter(done_at__isnull=True).select_related("case")
    context = {
        "rows": rows,
        "tasks": tasks.order_by("opened_at"),
        "now": at,
        "may_enter_papers": may_enter_papers(request.actor),
    }
    return show(request, "desk/reports/alarms.html", context)


@require_POST
@for_readers
def desk_authority(request: ActorRequest, reference: str) -> HttpResponse:
    """Record the paper by which the authority was told; for compliance and legal."""
    case = _case(request, reference)
    if request.actor.duty not in (Role.COMPLIANCE, Role.LEGAL, Role.SENIOR):
        raise NotPermitted
    form = AuthorityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写主管部门和文号。"))
        return redirect("desk_alarms")
    with transaction.atomic():
        tasks = AuthorityTask.objects.filter(case=case, done_at__isnull=True)
        if not tasks.update(**form.cleaned_data, done_at=timezone.now()):
            raise CaseMovedOn
        payload = {"case": case.pk, "paper": form.cleaned_data["paper_number"]}
        act = Act(case.stream, "case.authority_told", payload)
        ledger.append(act, by=request.actor, role=request.actor.duty, at=timezone.now())
    messages.success(request, _("已记录向主管部门的报告。"))
    return redirect("desk_alarms")


@desk_page
def desk_appeals(request: ActorRequest) -> HttpResponse:
    page = Paginator(report_queue.pending_appeals(), ROWS)
    context = {"page": page.get_page(request.GET.get("page"))}
    return show(request, "desk/reports/appeals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def desk_reporter(request: ActorRequest, report: UUID) -> HttpResponse:
    """All that one reporter filed: set aside together, after a look, and brought back.

    POST `one`, `sweep` or `undo`; only what the page listed is taken.
    """
    apart = Case.objects.visible_to(request.actor).apart_from(request.actor)
    reports = Report.objects.select_related("case").filter(case__in=apart)
    row = get_object_or_404(reports, public_id=report)
    if request.method == "POST":
        _abuse(request, row)
        return redirect("desk_reporter", report)
    rows = abuse.reports_like(row).filter(case__in=apart)
    rows = rows.select_related("case", "document")[:200]
    context = {
        "report": row,
        "rows": rows,
        "open": set(abuse.open_reports_like(row).values_list("pk", flat=True)),
        "past": priority.accuracy_of(row.user_id) if row.user_id else None,
        "is_senior": request.actor.duty in SENIORS,
    }
    return show(request, "desk/reports/reporter.html", context)


def _abuse(request: ActorRequest, row: Report) -> None:
    at, by = timezone.now(), request.actor
    listed = _uuids(request.POST.getlist("report"))
    if "one" in request.POST:
        count = abuse.invalidate([row], by=by, at=at)
    elif "sweep" in request.POST:
        rows = abuse.open_reports_like(row).filter(public_id__in=listed)
        count = abuse.invalidate(list(rows), by=by, at=at)
    elif "undo" in request.POST:
        rows = abuse.reports_like(row).filter(public_id__in=listed)
        count = abuse.bring_back(list(rows), by=by, at=at)
    else:
        raise Http404
    messages.success(request, _("已处理 %(count)d 件举报。") % {"count": count})


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def desk_policies(request: ActorRequest) -> HttpResponse:
    """The figures by which the system may act alone; compliance sets them."""
    if request.method == "POST":
        name, value = request.POST.get("name", ""), request.POST.get("value", "")
        if name not in policies.POLICIES or not value.isdecimal():
            raise Http404
        try:
            policies.set_policy(name, int(value), by=request.actor, at=timezone.now())
        except ValueError:
            messages.error(request, _("数值超出允许的范围。"))
        else:
            messages.success(request, _("已保存。"))
        return redirect("desk_policies")
    held = policies.values()
    context = {
        "rows": [
            {"rule": rule, "value": held[name]}
            for name, rule in policies.POLICIES.items()
        ],
        "may_set": request.actor.duty == Role.COMPLIANCE,
    }
    return show(request, "desk/reports/policies.html", context)


def _row(case: Any, at: datetime) -> dict[str, Any]:
    return {
        "case": case,
        "due": due_first(case, at),
        "held": assignment_of(case, at),
        "priority": _urgency(case),
    }


def _urgency(case: Case) -> str:
    return str(Priority(case.priority or 0).label)


class AuthorityForm(forms.Form):
    authority = forms.CharField(max_length=120)
    paper_number = forms.CharField(max_length=80)


def _uuids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Http404 from None


def _case(request: ActorRequest, reference: str) -> Case:
    """Statements and files of who reported are not for who is reported, nor is the
    case for who reported: to staff with a part in it, it is not there."""
    cases = Case.objects.visible_to(request.actor).apart_from(request.actor)
    rows = cases.filed().reports().select_related("assignment__user", "merged_into")
    case = get_object_or_404(rows, reference=reference)
    request.way_back = reverse("desk_report", args=[reference])  # type: ignore[attr-defined]
    return case


def _page(
    request: ActorRequest,
    case: Case,
    *,
    filled: StepForm | None = None,
    step: str = "",
    appeal: Appeal | None = None,
    revealed: Report | None = None,
) -> HttpResponse:
    at, actor = timezone.now(), request.actor
    held: Any = assignment_of(case, at)
    free = held is None or held.user_id == actor.user_id
    context = {
        "case": case,
        "dossier": dossier_of(
            case,
            actor,
            at=at,
            revealed=revealed,
            filled=filled,
            step=step,
            appeal=appeal,
        ),
        "priority": _urgency(case),
        "assignment": held,
        "is_mine": held is not None and held.user_id == actor.user_id,
        "holds_case": holds(case, actor),
        "can_claim": free and case.state not in ENDED and may_claim(case, actor),
        "can_reveal": may_claim(case, actor),
        "is_senior": is_senior(case, actor),
        "task": AuthorityTask.objects.filter(case=case).order_by("pk").last(),
        "editions": CaseFile.Edition.choices if may_report(case, actor) else (),
    }
    return show(request, "desk/reports/case.html", context)
