"""撤回: the complainant takes a notice back, whole or for some documents, signed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from cases.declarations import WITHDRAWAL_DECLARATIONS
from cases.errors import CaseMovedOn, IncompletePaper, NotPermitted, Sentence
from cases.models import Case, CaseItem, Statement
from cases.permissions.copyright import may_file
from cases.permissions.item import is_free_of_orders
from cases.services import advance, advance_all
from cases.signing import sign
from cases.workflows.copyright import Withdrawal
from cases.workflows.item import UNDER_MEASURE, ItemState
from evidence.actors import Actor

# What a complainant has not let go, nor lost.
LEFT = (ItemState.PENDING, *UNDER_MEASURE)


def withdrawable(case: Case) -> list[CaseItem]:
    """Return the documents that the complainant can still let go."""
    items = case.items.filter(state__in=LEFT, folded_into=None)
    items = items.prefetch_related("timely_proceedings")
    items = items.select_related("document__current", "work").order_by("position")
    return [item for item in items if is_free_of_orders(item)]


def withdraw(
    case: Case,
    items: Sequence[CaseItem] | None,
    *,
    ground: str,
    reasoning: str,
    declared: Iterable[str],
    signature: str,
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
) -> None:
    """Withdraw the whole case (items None) or the named documents.

    Raises IncompletePaper naming what is missing, CaseMovedOn, NotPermitted. To name
    every document that is left is to withdraw the whole case while it is open.
    """
    signer = case.agent or case.claimant
    missing: list[Sentence] = []
    if ground not in Withdrawal.values:
        missing.append(_("撤回的理由"))
    if not {each.code for each in WITHDRAWAL_DECLARATIONS} <= set(declared):
        missing.append(_("声明须勾选"))
    if signer is None or not signature.strip() or signature.strip() != signer.name:
        missing.append(_("签名须与投诉人（或代理人）的姓名或名称一致"))
    if items is not None and not items:
        missing.append(_("要撤回的文档"))
    if missing or signer is None:
        raise IncompletePaper(missing)
    if not may_file(case, by):
        raise NotPermitted
    facts: dict[str, Any] = {"ground": ground, "reasoning": reasoning}
    with transaction.atomic():
        # What is left cannot change between the question and the step.
        row = Case.objects.select_for_update().get(pk=case.pk)
        if expect_version is not None and row.version != expect_version:
            raise CaseMovedOn
        sign(
            case,
            signer,
            Statement.Purpose.WITHDRAWAL,
            WITHDRAWAL_DECLARATIONS,
            signature,
            at=at,
        )
        if items is None or _is_whole(row, items):
            advance(case, "withdraw", by=by, at=at, **facts)
            return
        for step, rows in _by_step(items).items():
            advance_all(rows, step, by=by, at=at, **facts)


def _is_whole(case: Case, items: Sequence[CaseItem]) -> bool:
    """Nothing would be left of an open case: it would stay in its queue, empty."""
    named = {item.pk for item in items}
    left = set(case.items.filter(state__in=LEFT).values_list("pk", flat=True))
    free = {item.pk for item in withdrawable(case)}
    return can_proceed(case.withdraw) and left == free <= named  # type: ignore[attr-defined]


def _by_step(items: Sequence[CaseItem]) -> dict[str, list[CaseItem]]:
    pending = [item for item in items if item.state == ItemState.PENDING]
    decided = [item for item in items if item.state != ItemState.PENDING]
    steps = {"drop": pending, "withdraw": decided}
    return {step: rows for step, rows in steps.items() if rows}
