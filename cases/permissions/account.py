"""Who may do what with a measure on an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.levels import BY_NUMBER
from cases.permissions.desk import is_senior
from evidence.actors import Actor
from evidence.ledger import entries_of

if TYPE_CHECKING:
    from cases.models import AccountMeasure


def may_close_account(measure: AccountMeasure, actor: Actor) -> bool:
    """Two seniors, neither of whom has a part in the case or in the account."""
    first = _deciders(measure, "approve") if measure.state == "approved" else set()
    return _is_senior_for(measure, actor) and actor.label not in first


def may_contest_account(measure: AccountMeasure, actor: Actor) -> bool:
    return measure.seller.party_id is not None and (
        measure.seller.party_id in actor.parties
    )


def may_review_account(measure: AccountMeasure, actor: Actor) -> bool:
    """A senior who decided neither the case nor the closing (I5)."""
    deciders = set(measure.case.rulings.values_list("entry__actor", flat=True))
    deciders |= _deciders(measure, "approve", "close", "uphold")
    return _is_senior_for(measure, actor) and actor.label not in deciders


def _is_senior_for(measure: AccountMeasure, actor: Actor) -> bool:
    return (
        is_senior(measure.case, actor) and measure.seller.party_id not in actor.parties
    )


def _deciders(measure: AccountMeasure, *steps: str) -> set[str]:
    """Who took these steps with a measure, as the ledger knows them."""
    entries = entries_of([measure.stream]).filter(
        kind__in=[f"account.{step}" for step in steps], payload__id=measure.pk
    )
    return set(entries.values_list("actor", flat=True))


def begins_by_itself(measure: AccountMeasure) -> bool:
    return not closes_account(measure)


def closes_account(measure: AccountMeasure) -> bool:
    return BY_NUMBER[measure.level].closes
