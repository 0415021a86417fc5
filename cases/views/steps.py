"""The five steps of a complaint. Each is a page of its own and saves when posted."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import drafts
from cases.errors import IncompleteComplaint, Sentence
from cases.filing import missing_from, signable, submit, unsigned
from cases.forms.complaints import DeclarationsForm, PartyStepForm, WorksStepForm
from cases.models import Case
from cases.models.case import works_of
from cases.standing import (
    agent_for,
    represented,
    shown_number,
    works_within_reach,
)
from cases.views.documents_step import documents
from cases.views.reach import my_draft
from evidence.actors import ActorRequest

LABELS: dict[str, Sentence] = {
    "party": gettext_lazy("主体"),
    "works": gettext_lazy("作品"),
    "documents": gettext_lazy("侵权文档"),
    "declarations": gettext_lazy("声明与签名"),
    "preview": gettext_lazy("预览"),
}
ORDER = list(LABELS)
Page = dict[str, object]


@dataclass(frozen=True, slots=True)
class StepLink:
    label: Sentence
    url: str
    state: str


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: ActorRequest, public_id: str, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    case = my_draft(request, public_id)
    answer = STEPS[step](request, case)
    if isinstance(answer, HttpResponse):
        return answer
    context = {"case": case, "steps": _links(case, step), "step": step}
    return render(request, f"complaints/{step}.html", context | answer)


def party(request: ActorRequest, case: Case) -> Page | HttpResponse:
    actor, now = request.actor, timezone.now()
    parties = represented(actor, now)
    agents = {row.pk: agent_for(row, actor, now) for row in parties}
    form = PartyStepForm(
        request.POST or None,
        initial={"claimant": case.claimant_id},
        parties=parties,
        agents={pk: agent for pk, agent in agents.items() if agent},
    )
    if request.method == "POST" and form.is_valid():
        claimant = form.cleaned_data["claimant"]
        drafts.name_parties(case, claimant, agents[claimant.pk], by=actor)
        return _onward(case, "party")
    return {"form": form}


def works(request: ActorRequest, case: Case) -> Page | HttpResponse:
    choices = works_within_reach(request.actor, timezone.now())
    choices = choices.filter(party=case.claimant_id)
    form = WorksStepForm(
        request.POST or None,
        initial={"works": drafts.chosen_works(case)},
        works=choices,
    )
    if request.method == "POST" and form.is_valid():
        drafts.choose_works(case, form.cleaned_data["works"], by=request.actor)
        return _onward(case, "works")
    new_url = f"{reverse('work_new')}?complaint={case.public_id}"
    return {"form": form, "has_works": choices.exists(), "new_url": new_url}


def declarations(request: ActorRequest, case: Case) -> Page | HttpResponse:
    """What was ticked is saved even when the signature is still wrong."""
    signer = case.agent or case.claimant
    form = DeclarationsForm(
        request.POST or None,
        initial={
            "declared": case.form.get("declared", []),
            "signature": drafts.signature_of(case),
        },
        signer=signer,
    )
    if request.method == "POST":
        is_valid = form.is_valid()
        signature = form.cleaned_data.get("signature", "")
        drafts.declare(case, form.ticked(), signature, by=request.actor)
        if is_valid:
            return _onward(case, "declarations")
    return {"form": form, "signer": signer}


def preview(request: ActorRequest, case: Case) -> Page | HttpResponse:
    """The notice as it will be filed; posting files exactly what was shown."""
    now, missing = timezone.now(), []
    if request.method == "POST":
        try:
            return _file(request, case)
        except IncompleteComplaint as refusal:
            missing = refusal.missing
    declared = set(case.form.get("declared", []))
    signature = drafts.signature_of(case)
    if request.method != "POST":
        missing = missing_from(case, at=now) + unsigned(case, declared, signature)
    return {
        "missing": missing,
        "works": works_of(case).prefetch_related("exhibits"),
        "items": _listed(case),
        "declarations": signable(declared),
        "signature": signature,
        "shown_number": shown_number(case.claimant),
        "today": timezone.localdate(now),
    }


STEPS: dict[str, Callable[[ActorRequest, Case], Page | HttpResponse]] = {
    "party": party,
    "works": works,
    "documents": documents,
    "declarations": declarations,
    "preview": preview,
}


def _file(request: ActorRequest, case: Case) -> HttpResponse:
    version = request.POST.get("version", "")
    submit(
        case,
        by=request.actor,
        at=timezone.now(),
        expect_version=int(version) if version.isdigit() else -1,
        declared=case.form.get("declared", []),
        signature=drafts.signature_of(case),
    )
    filed = Case.objects.get(pk=case.pk)
    messages.success(request, _("投诉已提交，回执已生成。"))
    return redirect("my_case", filed.reference)


def _onward(case: Case, step: str) -> HttpResponse:
    return redirect("complaint_step", case.public_id, ORDER[ORDER.index(step) + 1])


def _links(case: Case, here: str) -> list[StepLink]:
    has_party = bool(case.claimant and getattr(case.claimant, "details", None))
    done = {
        "party": has_party,
        "works": bool(drafts.chosen_works(case)),
        "documents": case.items.exists(),
        "declarations": drafts.is_declared(case),
    }
    return [
        StepLink(
            label,
            reverse("complaint_step", args=[case.public_id, name]),
            "current" if name == here else "done" if done.get(name) else "todo",
        )
        for name, label in LABELS.items()
    ]


def _listed(case: Case) -> object:
    return case.items.select_related(
        "work", "match", "document__seller", "document__current"
    )
