"""Comparing and deciding: one document, or several with the same reasons."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.errors import CaseMovedOn, NotPermitted
from cases.models import Case, CaseItem
from cases.permissions.desk import holds
from cases.services import advance_all
from cases.workflows.item import ItemState
from cases.workflows.rules import rule_of
from evidence.actors import ActorRequest
from moderation.desk.access import (
    case_or_404,
    desk_act,
    desk_page,
    for_examiners,
    item_or_404,
    show,
)
from moderation.desk.dossier import (
    decisions_on,
    item_steps,
    items_of,
    outcome_of,
)
from moderation.desk.effects import effects_of
from moderation.desk.findings import findings_of, why_not_compared
from moderation.desk.forms import ITEM_FORMS, DecisionForm
from moderation.desk.seniors import weight_of


@desk_page
def desk_compare(request: ActorRequest, reference: str, position: int) -> HttpResponse:
    case = case_or_404(request, reference)
    return _comparison(request, item_or_404(case, position))


@desk_act
def desk_decide(request: ActorRequest, reference: str, position: int) -> HttpResponse:
    case = case_or_404(request, reference)
    item = item_or_404(case, position)
    step = _step(request.POST)
    _ask_the_machine(request, [item], step)
    form = ITEM_FORMS[step](request.POST)
    if not form.is_valid():
        return _comparison(request, item, {step: form})
    seen = _seen(request.POST.getlist("seen"))
    if list(seen) != [position]:
        raise Http404
    return _decided(request, case, [item], step, seen, form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@for_examiners
def desk_decide_all(request: ActorRequest, reference: str) -> HttpResponse:
    """Decide on ticked documents: write the reasons, read what will happen, confirm.

    Only the POST that carries `confirmed` changes anything.
    """
    case = case_or_404(request, reference)
    asked = request.POST if request.method == "POST" else request.GET
    step = _step(asked)
    seen = _seen(asked.getlist("seen"))
    items = [item for item in items_of(case) if item.position in seen]
    if not items:
        messages.warning(request, _("请先勾选要处理的文档。"))
        return redirect("desk_case", reference=reference)
    _ask_the_machine(request, items, step)
    form = ITEM_FORMS[step](request.POST if request.method == "POST" else None)
    if not form.is_valid() or "confirmed" not in request.POST:
        return _several(request, case, items, step, form)
    return _decided(request, case, items, step, seen, form.cleaned_data)


def _decided(
    request: ActorRequest,
    case: Case,
    items: list[CaseItem],
    step: str,
    seen: Mapping[int, int],
    facts: dict[str, Any],
) -> HttpResponse:
    """Take the step with these documents, and go on to the next that waits."""
    versions = {item.pk: seen[item.position] for item in items}
    at, by = timezone.now(), request.actor
    advance_all(items, step, by=by, at=at, expect_versions=versions, **facts)
    done = _("%(step)s：%(count)d 份文档已处理。") % {
        "step": rule_of(getattr(CaseItem, step)).label,
        "count": len(items),
    }
    messages.success(request, done)
    waiting = case.items.filter(state=ItemState.PENDING).order_by("position").first()
    if waiting is None or len(items) > 1:
        return redirect("desk_case", reference=case.reference)
    return redirect("desk_compare", reference=case.reference, position=waiting.position)


def _step(asked: Mapping[str, Any]) -> str:
    step = str(asked.get("step", ""))
    if step not in ITEM_FORMS:
        raise Http404
    return step


def _seen(tokens: list[str]) -> dict[int, int]:
    """Read `position:version` of each document as its page showed it."""
    try:
        pairs = [token.split(":") for token in tokens]
        return {int(position): int(version) for position, version in pairs}
    except ValueError:
        raise Http404 from None


def _ask_the_machine(request: ActorRequest, items: list[CaseItem], step: str) -> None:
    """Tell before the reasons are written what the door would tell after."""
    for item in items:
        if step in dict(item_steps(item, request.actor)):
            continue
        open_at_all = any(
            transition.name == step
            for transition in item.get_available_state_transitions()  # type: ignore[attr-defined]
        )
        raise NotPermitted if open_at_all else CaseMovedOn


def _several(
    request: ActorRequest,
    case: Case,
    items: list[CaseItem],
    step: str,
    form: DecisionForm,
) -> HttpResponse:
    is_ready = form.is_bound and form.is_valid() and "edit" not in request.POST
    context = {
        "case": case,
        "items": items,
        "step": step,
        "rule": rule_of(getattr(CaseItem, step)),
        "form": form,
        "is_ready": is_ready,
        "effects": effects_of(case, step, form.cleaned_data, at=timezone.now())
        if is_ready
        else [],
    }
    return show(request, "desk/decide_all.html", context)


def _comparison(
    request: ActorRequest,
    item: CaseItem,
    filled: Mapping[str, DecisionForm] | None = None,
) -> HttpResponse:
    forms = [
        (name, rule, (filled or {}).get(name) or ITEM_FORMS[name](auto_id=f"{name}_%s"))
        for name, rule in item_steps(item, request.actor)
    ]
    context = {
        "case": item.case,
        "item": item,
        "findings": findings_of(item, request.GET.get("page")),
        "why_not_compared": why_not_compared(item),
        "forms": forms,
        "holds_case": holds(item.case, request.actor),
        "weight": weight_of(item.case, request.actor)
        if item.state == ItemState.PENDING
        else None,
        "outcome": outcome_of(item),
        "decisions": decisions_on(item),
        "neighbours": _neighbours(item),
    }
    return show(request, "desk/compare.html", context)


def _neighbours(item: CaseItem) -> dict[str, int | None]:
    positions = item.case.items.order_by("position").values_list("position", flat=True)
    before = positions.filter(position__lt=item.position).last()
    after = positions.filter(position__gt=item.position).first()
    return {"before": before, "after": after}
