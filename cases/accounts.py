"""What points lead to on a seller account: placed by decisions, asked by the gate."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cases.levels import BY_NUMBER, LEVELS, Level
from cases.models import AccountMeasure, Case, Strike
from cases.strikes import level_of, standing_of, tenths_of
from cases.workflows.account import STANDING, UNDECIDED, AccountState
from evidence.actors import Actor
from evidence.models import SellerAccount

if TYPE_CHECKING:
    from cases.services import Taken

OPEN = (*UNDECIDED, *STANDING)


def suspension_of(seller: SellerAccount, *, at: datetime) -> AccountMeasure | None:
    """Return what keeps an account from uploading now, the longest first; None when
    nothing does. It ends on its date whether or not anybody has come round."""
    stops = [level.number for level in LEVELS if level.stops_upload]
    rows = AccountMeasure.objects.standing().filter(seller=seller, level__in=stops)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    return rows.select_related("case").order_by("-level", "-ends_at").first()


def is_watched(seller: SellerAccount, *, at: datetime) -> bool:
    """Whether a person reads what this account hands in before it is published."""
    return AccountMeasure.objects.filter(
        seller=seller,
        state__in=(*STANDING, AccountState.ENDED),
        watched_until__gt=at,
    ).exists()


def propose(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Place the level that a decision brings an account to, where it had not been."""
    for act in taken:
        case = act.subject.case
        sellers = Strike.objects.filter(case=case, void_at__isnull=True)
        held = SellerAccount.objects.filter(pk__in=sellers.values("seller"))
        # Two decisions on one account at once: the second counts the first.
        for seller in held.select_for_update().order_by("pk"):
            _propose(seller, case, at)


def _propose(seller: SellerAccount, case: Case, at: datetime) -> None:
    mine = Strike.objects.filter(seller=seller, case=case, void_at__isnull=True)
    reached = standing_of(seller, at=at).level
    before = level_of(*tenths_of(seller, at=at, without=mine))
    rows = AccountMeasure.objects.filter(seller=seller, level=reached.number)
    if reached.closes:
        is_held = rows.filter(state__in=OPEN).exists()
    else:
        is_held = rows.filter(case=case).exclude(state=AccountState.VOID).exists()
    if reached.number > before.number and not is_held:
        AccountMeasure.objects.create(
            seller=seller, case=case, level=reached.number, placed_at=at
        )


def beginning(taken: Sequence["Taken"]) -> list[tuple[list[Any], Level]]:
    """Return what was placed in these cases and needs nobody's word, by level."""
    rows = AccountMeasure.objects.filter(
        case__in=[act.subject.case.pk for act in taken], state=AccountState.PROPOSED
    )
    found = [(list(rows.filter(level=each.number)), each) for each in LEVELS]
    return [(held, level) for held, level in found if held and not level.closes]


def unfounded(cases: Sequence[int] | None = None) -> list[AccountMeasure]:
    """Return the measures whose points are gone, of some cases or of all."""
    rows = AccountMeasure.objects.filter(state__in=OPEN).select_related("seller")
    if cases is not None:
        rows = rows.filter(case__in=cases)
    return [row for row in rows.order_by("pk") if not _is_founded(row)]


def _is_founded(row: AccountMeasure) -> bool:
    """By the points that stood then and stand still: what grows old stays counted."""
    level = BY_NUMBER[row.level]
    total, final = tenths_of(row.seller, at=row.placed_at)
    return (final if level.closes else total) >= level.tenths
