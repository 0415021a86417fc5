"""The page of one case and the acts upon it that are not decisions on documents."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.arrivals import record_arrival
from cases.designations import EMAIL
from cases.errors import (
    CaseMovedOn,
    ExtensionTooLong,
    IncompletePaper,
    NotDeclared,
    NotPermitted,
    NotYetDue,
)
from cases.extending import extensions_of
from cases.merging import obstacle_in, related
from cases.models import Case
from cases.models.proofs import exhibits_of
from cases.permissions.copyright import may_hold
from cases.permissions.desk import holds, may_claim, may_report, role_in
from cases.services import advance, claim, release
from cases.workflows.copyright import ENDED, CaseState
from cases.workflows.rules import rule_of
from evidence import ledger
from evidence.actors import ActorRequest
from evidence.ledger import Act
from evidence.models import Party
from moderation.desk.access import (
    case_or_404,
    desk_act,
    desk_page,
    desk_steps,
    for_readers,
    show,
)
from moderation.desk.contacts import contacts_of, reveal
from moderation.desk.dossier import can_claim, dossier_of
from moderation.desk.forms import AcceptForm, ArrivalForm, released_profiles
from moderation.desk.panels import Filled, panels_of, subject_or_404
from moderation.desk.queue import assignment_of
from moderation.desk.seniors import weight_of
from moderation.desk.step_forms import STEP_FORMS
from moderation.handing_out import file_answer
from reports.models import CaseFile


@desk_page
def desk_case(request: ActorRequest, reference: str) -> HttpResponse:
    return _page(request, case_or_404(request, reference))


@desk_act
def desk_claim(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_or_404(request, reference)
    if case.state in ENDED:
        raise CaseMovedOn
    claim(case, by=request.actor, at=timezone.now())
    messages.success(request, _("案件由您处理，30 分钟内他人不能领取。"))
    return redirect("desk_case", reference=reference)


@desk_act
def desk_release(request: ActorRequest, reference: str) -> HttpResponse:
    release(case_or_404(request, reference), by=request.actor, at=timezone.now())
    messages.success(request, _("案件已退回队列。"))
    return redirect("desk_case", reference=reference)


@desk_act
def desk_accept(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_or_404(request, reference)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, case, accept=form)
    told = form.cleaned_data
    try:
        advance(
            case,
            "accept",
            by=request.actor,
            at=timezone.now(),
            expect_version=told["version"],
            profile=told["profile"],
        )
    except NotDeclared as refusal:
        form.add_error("profile", str(refusal))
        return _page(request, case, accept=form)
    messages.success(request, _("已受理，受理通知书已写入待发文书。"))
    return redirect("desk_case", reference=reference)


@desk_steps
def desk_step(
    request: ActorRequest, reference: str, machine: str, subject: UUID, step: str
) -> HttpResponse:
    """Take one step of the case, of a document, an answer or a proceeding."""
    case = case_or_404(request, reference)
    row = subject_or_404(case, machine, subject)
    form_class = STEP_FORMS.get(machine, {}).get(step)
    if form_class is None:
        raise Http404
    form = form_class(request.POST, request.FILES, subject=row)
    if not form.is_valid():
        return _page(request, case, filled={(machine, str(subject), step): form})
    try:
        form.take(by=request.actor, at=timezone.now())
    except (IncompletePaper, ExtensionTooLong, NotYetDue) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, case, filled={(machine, str(subject), step): form})
    messages.success(request, _("已执行：%(step)s。") % {"step": _label(row, step)})
    return redirect("desk_case", reference=reference)


@desk_steps
def desk_arrival(request: ActorRequest, reference: str, letter: UUID) -> HttpResponse:
    """Note when a letter entered the recipient's own mail system (民法典 137): the
    clocks that wait for it begin then. For those who answer for records."""
    case = case_or_404(request, reference)
    if not may_hold(case, request.actor):
        raise NotPermitted
    notice = get_object_or_404(case.notices.select_related("item"), public_id=letter)
    now = timezone.now()
    form = ArrivalForm(request.POST, written_at=notice.at, now=now)
    if not form.is_valid():
        return _page(request, case, arrival={notice.pk: form})
    entered_at = form.cleaned_data["entered_at"]
    record_arrival(
        notice, system=EMAIL, entered_at=entered_at, by=request.actor, at=now
    )
    messages.success(request, _("送达已登记，期限自到达之日的次日起算。"))
    return redirect("desk_case", reference=reference)


@desk_act
def desk_reveal(request: ActorRequest, reference: str, party: UUID) -> HttpResponse:
    """Show a party's details in full, in this one answer."""
    case = case_or_404(request, reference)
    answered = case.counter_notices.values_list("party", flat=True)
    named = {case.claimant_id, case.agent_id, *answered}
    row = get_object_or_404(Party, public_id=party, pk__in=named - {None})
    reveal(case, row, by=request.actor, at=timezone.now())
    return _page(request, case, revealed=row)


@require_POST
@for_readers
def desk_exhibit(
    request: ActorRequest, reference: str, exhibit: UUID
) -> FileResponse | HttpResponse:
    """Hand out the bytes of a proof, as a download and on the record."""
    case = case_or_404(request, reference)
    row = get_object_or_404(exhibits_of(case), public_id=exhibit)
    response = file_answer(row.blob, row.original_name)
    act = Act(case.stream, "case.exhibit", {"case": case.pk, "exhibit": row.pk})
    with transaction.atomic():
        role = role_in(case, request.actor)
        ledger.append(act, by=request.actor, role=role, at=timezone.now())
    return response


def _label(row: Any, step: str) -> str:
    return str(rule_of(getattr(row, step)).label)


def _page(
    request: ActorRequest,
    case: Case,
    *,
    accept: forms.Form | None = None,
    revealed: Party | None = None,
    filled: Filled | None = None,
    arrival: dict[int, forms.Form] | None = None,
) -> HttpResponse:
    at = timezone.now()
    actor, held = request.actor, assignment_of(case, at)
    dossier = dossier_of(case, actor, at=at, arrivals=arrival or {})
    profiles = released_profiles()
    context = {
        "case": case,
        "dossier": dossier,
        "panels": panels_of(
            case, [row.item for row in dossier.items], actor, filled or {}, at=at
        ),
        "extensions": extensions_of(case).prefetch_related("asked__words"),
        "contacts": contacts_of(case, revealed),
        "can_reveal": may_claim(case, actor),
        "can_claim": can_claim(case, actor, at),
        "holds_case": holds(case, actor),
        "weight": weight_of(case, actor) if dossier.waits else None,
        "assignment": held,
        "is_mine": held is not None and held.user_id == actor.user_id,
        "rules": dict(dossier.steps),
        "profiles": profiles,
        "editions": CaseFile.Edition.choices if may_report(case, actor) else (),
        "is_stuck": case.state == CaseState.SUBMITTED and not profiles,
        "accept": accept or AcceptForm(initial={"version": case.version}),
        "came": case.merged_cases.order_by("pk"),
        "related": [] if case.state == CaseState.MERGED else related(case, at=at),
        "stays": obstacle_in(case),
    }
    return show(request, "desk/case.html", context)
