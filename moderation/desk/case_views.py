"""The page of one case and the acts upon it that are not decisions on documents."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.errors import CaseMovedOn
from cases.models import Case
from cases.models.case import works_of
from cases.permissions import holds, may_claim, may_report, role_in
from cases.services import advance, claim, release
from cases.workflows.copyright import CaseState
from evidence import ledger
from evidence.actors import ActorRequest
from evidence.ledger import Act
from evidence.models import Exhibit, Party
from moderation.desk.access import (
    case_or_404,
    desk_act,
    desk_page,
    for_readers,
    show,
)
from moderation.desk.contacts import contacts_of, reveal
from moderation.desk.dossier import can_claim, dossier_of
from moderation.desk.forms import AcceptForm, released_profiles
from moderation.desk.queue import assignment_of
from moderation.handing_out import file_answer
from reports.models import CaseFile


@desk_page
def desk_case(request: ActorRequest, reference: str) -> HttpResponse:
    return _page(request, case_or_404(request, reference))


@desk_act
def desk_claim(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_or_404(request, reference)
    if case.state == CaseState.CLOSED:
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
    advance(
        case,
        "accept",
        by=request.actor,
        at=timezone.now(),
        expect_version=form.cleaned_data["version"],
        profile=form.cleaned_data["profile"],
    )
    messages.success(request, _("已受理，受理通知书已写入待发文书。"))
    return redirect("desk_case", reference=reference)


@desk_act
def desk_reveal(request: ActorRequest, reference: str, party: UUID) -> HttpResponse:
    """Show a party's details in full, in this one answer."""
    case = case_or_404(request, reference)
    named = {case.claimant_id, case.agent_id}
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
    proofs = Exhibit.objects.filter(work__in=works_of(case)).select_related("blob")
    row = get_object_or_404(proofs, public_id=exhibit)
    response = file_answer(row.blob, row.original_name)
    act = Act(case.stream, "case.exhibit", {"case": case.pk, "exhibit": row.pk})
    with transaction.atomic():
        role = role_in(case, request.actor)
        ledger.append(act, by=request.actor, role=role, at=timezone.now())
    return response


def _page(
    request: ActorRequest,
    case: Case,
    *,
    accept: forms.Form | None = None,
    revealed: Party | None = None,
) -> HttpResponse:
    at = timezone.now()
    actor, held = request.actor, assignment_of(case, at)
    dossier = dossier_of(case, actor, at=at)
    profiles = released_profiles()
    context = {
        "case": case,
        "dossier": dossier,
        "contacts": contacts_of(case, revealed),
        "can_reveal": may_claim(case, actor),
        "can_claim": can_claim(case, actor, at),
        "holds_case": holds(case, actor),
        "assignment": held,
        "is_mine": held is not None and held.user_id == actor.user_id,
        "rules": dict(dossier.steps),
        "profiles": profiles,
        "editions": CaseFile.Edition.choices if may_report(case, actor) else (),
        "is_stuck": case.state == CaseState.SUBMITTED and not profiles,
        "accept": accept or AcceptForm(initial={"version": case.version}),
    }
    return show(request, "desk/case.html", context)
