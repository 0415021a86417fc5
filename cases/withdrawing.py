"""撤回: the complainant takes a notice back, whole or for some documents, signed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.declarations import WITHDRAWAL_DECLARATIONS
from cases.errors import IncompletePaper, NotPermitted, Sentence
from cases.models import Case, CaseItem, Statement
from cases.permissions.copyright import may_file
from cases.permissions.item import is_free_of_orders
from cases.services import advance, advance_all
from cases.signing import sign
from cases.workflows.copyright import Withdrawal
from cases.workflows.item import UNDER_MEASURE, ItemState
from evidence.actors import Actor


def withdrawable(case: Case) -> list[CaseItem]:
    """Return the documents that the complainant can still let go."""
    states = (ItemState.PENDING, *UNDER_MEASURE)
    items = case.items.filter(state__in=states).prefetch_related("proceedings")
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
    with transaction.atomic():
        sign(
            case,
            signer,
            Statement.Purpose.WITHDRAWAL,
            WITHDRAWAL_DECLARATIONS,
            signature,
            at=at,
        )
        if items is None:
            advance(
                case,
                "withdraw",
                by=by,
                at=at,
                expect_version=expect_version,
                ground=ground,
                reasoning=reasoning,
            )
            return
        for step, rows in _by_step(items).items():
            advance_all(rows, step, by=by, at=at, ground=ground)


def _by_step(items: Sequence[CaseItem]) -> dict[str, list[CaseItem]]:
    pending = [item for item in items if item.state == ItemState.PENDING]
    decided = [item for item in items if item.state != ItemState.PENDING]
    steps = {"drop": pending, "withdraw": decided}
    return {step: rows for step, rows in steps.items() if rows}
