"""Who appeals, who decides on it, and what is compared before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.permissions.desk import is_senior
from evidence.actors import Actor
from evidence.ledger import entries_of
from evidence.models import Text
from evidence.progress import Stage

# What binds whoever did it to the outcome.
DEEDS = (
    *(f"report.{step}" for step in ("decide", "restrict", "confirm")),
    *(f"appeal.{step}" for step in ("uphold", "dismiss", "overturn", "amend")),
    "appeal.restore_mended",
)

if TYPE_CHECKING:
    from cases.models import Appeal


def is_appellant(appeal: Appeal, actor: Actor) -> bool:
    if appeal.report is not None:
        return appeal.case.reports.by(actor).filter(pk=appeal.report.pk).exists()
    return appeal.seller is not None and appeal.seller.party_id in actor.parties


def may_review_appeal(appeal: Appeal, actor: Actor) -> bool:
    """A senior who decided nothing in this case before: neither what is contested,
    nor the appeal of another, nor to hold it back before review (I5; DSA 20(6))."""
    if not is_senior(appeal.case, actor):
        return False
    deeds = entries_of([appeal.case.stream]).filter(kind__in=DEEDS)
    return not deeds.filter(actor=actor.label).exists()


def is_mended_and_compared(appeal: Appeal) -> bool:
    """The mended file has been read and compared, and is not the very same file."""
    text = appeal.mended
    if text is None or text.state != Text.State.OK or text.stage != Stage.DONE:
        return False
    current = appeal.document.current if appeal.document else None
    return current is None or current.text_id != text.pk
