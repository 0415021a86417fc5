"""The marketplace adapter: the only place from which anything is told outside.

Effects (cases/models/effect.py) are rows written with the act that causes them. They
are delivered in their order for each document of a case, at least once; each carries
a key by which a second delivery is recognised. What fails is tried again later, and
what comes after it for the same document waits.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from cases.models import Effect
from moderation.models import AppliedEffect, IncomeHold

logger = logging.getLogger(__name__)
AT_ONCE = 200
LONGEST_WAIT = timedelta(hours=6)


class Marketplace(Protocol):
    """What a marketplace has to be able to do. number: the document's; claim: names
    the document's place in one case, so that two cases on one document stay apart.

    Raising anything means: not done, try again. Repeating a key does nothing.
    """

    def restrict(self, number: str, claim: str, level: str, *, key: str) -> None:
        """Show no more of the document than the level allows; a second time for one
        claim, the new level takes the place of the old."""

    def lift(self, number: str, claim: str, *, key: str) -> None:
        """This claim restricts the document no more; others may."""

    def hold_income(self, number: str, claim: str, *, key: str) -> None:
        """Settle no income of the document while the claim stands."""

    def release_income(self, number: str, claim: str, *, key: str) -> None:
        """The claim holds nothing back any more."""

    def keep_income(self, number: str, claim: str, *, key: str) -> None:
        """The claim is final: what was held is kept for the claimant."""


class InProcessMarketplace:
    """The reference: this site itself. Visibility is read from the restrictions, so
    only the income has rows of its own here (moderation/models.py: IncomeHold)."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def restrict(self, number: str, claim: str, level: str, *, key: str) -> None:
        self._once(key, lambda: None)

    def lift(self, number: str, claim: str, *, key: str) -> None:
        self._once(key, lambda: None)

    def hold_income(self, number: str, claim: str, *, key: str) -> None:
        self._once(key, lambda: self._settle(number, claim, IncomeHold.State.HELD))

    def release_income(self, number: str, claim: str, *, key: str) -> None:
        self._once(key, lambda: self._settle(number, claim, IncomeHold.State.RELEASED))

    def keep_income(self, number: str, claim: str, *, key: str) -> None:
        self._once(key, lambda: self._settle(number, claim, IncomeHold.State.KEPT))

    def _once(self, key: str, act: Callable[[], None]) -> None:
        with transaction.atomic():
            _row, fresh = AppliedEffect.objects.get_or_create(
                key=key, defaults={"at": self.at}
            )
            if fresh:
                act()

    def _settle(self, number: str, claim: str, state: IncomeHold.State) -> None:
        IncomeHold.objects.update_or_create(
            claim=claim,
            defaults={"number": number, "state": state, "changed_at": self.at},
            create_defaults={
                "number": number,
                "state": state,
                "since": self.at,
                "changed_at": self.at,
            },
        )


def may_settle(number: str) -> bool:
    """Whether the income of a document may be paid out: no claim holds or keeps it."""
    held = (IncomeHold.State.HELD, IncomeHold.State.KEPT)
    return not IncomeHold.objects.filter(number=number, state__in=held).exists()


def marketplace(at: datetime) -> Marketplace:
    made: Marketplace = import_string(settings.MARKETPLACE)(at)
    return made


def deliver_effects(
    *, at: datetime, to: Marketplace | None = None, limit: int = AT_ONCE
) -> int:
    """Deliver what waits, oldest first; return how many effects were delivered."""
    adapter = to or marketplace(at)
    rows = Effect.objects.waiting(at).select_related(
        "document", "item", "reported__case", "reported__document"
    )
    delivered, stuck = 0, _stuck(at)
    for effect in rows.order_by("pk")[:limit]:
        held = (effect.item_id, effect.reported_id)
        if held in stuck:
            continue
        if _deliver(effect, adapter, at):
            delivered += 1
        else:
            stuck.add(held)
    return delivered


def _stuck(at: datetime) -> set[tuple[int | None, int | None]]:
    """Documents of which an earlier effect waits to be tried again."""
    later = Effect.objects.filter(delivered_at__isnull=True, try_at__gt=at)
    return set(later.values_list("item", "reported"))


def _deliver(effect: Effect, adapter: Marketplace, at: datetime) -> bool:
    try:
        _tell(effect, adapter)
    except Exception as failure:
        # Whatever it is, it must not hold up the effects of other documents.
        logger.exception("effect %s was not delivered", effect.key)
        wait = min(timedelta(minutes=2**effect.attempts), LONGEST_WAIT)
        Effect.objects.filter(pk=effect.pk).update(
            attempts=effect.attempts + 1,
            error=type(failure).__name__[:60],
            try_at=at + wait,
        )
        return False
    Effect.objects.filter(pk=effect.pk).update(
        delivered_at=at, attempts=effect.attempts + 1, error=""
    )
    return True


def _tell(effect: Effect, adapter: Marketplace) -> None:
    number, claim = effect.document.number, effect.claim
    match effect.kind:
        case Effect.Kind.RESTRICT:
            adapter.restrict(number, claim, effect.level, key=effect.key)
        case Effect.Kind.LIFT:
            adapter.lift(number, claim, key=effect.key)
        case Effect.Kind.HOLD_INCOME:
            adapter.hold_income(number, claim, key=effect.key)
        case Effect.Kind.RELEASE_INCOME:
            adapter.release_income(number, claim, key=effect.key)
        case Effect.Kind.KEEP_INCOME:
            adapter.keep_income(number, claim, key=effect.key)
