"""What the desk says of a notice on which a moderator takes no measure alone."""

from dataclasses import dataclass

from cases.models import Case
from cases.permissions.copyright import (
    MANY_ITEMS,
    MUCH_CENTS,
    needs_senior,
    weighs_much,
)
from evidence.actors import Actor
from reports.kinds.case_proceeds import yuan


@dataclass(frozen=True, slots=True)
class Weight:
    """What the notice listed, the figures from which on a senior decides, and whether
    the reader is somebody who has to hand it over."""

    items: int
    amount: str
    many: int
    much: str
    hands_over: bool


def weight_of(case: Case, actor: Actor) -> Weight | None:
    """None where any examiner may take a measure."""
    if not weighs_much(case):
        return None
    return Weight(
        items=case.listed_items,
        amount=yuan(case.listed_cents),
        many=MANY_ITEMS,
        much=yuan(MUCH_CENTS),
        hands_over=needs_senior(case, actor),
    )
