"""Who appeals, who decides on it, and what is compared before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.permissions.desk import is_senior
from evidence.actors import Actor
from evidence.models import Text
from evidence.progress import Stage

if TYPE_CHECKING:
    from cases.models import Appeal


def is_appellant(appeal: Appeal, actor: Actor) -> bool:
    if appeal.report is not None:
        return appeal.case.reports.by(actor).filter(pk=appeal.report.pk).exists()
    return appeal.seller is not None and appeal.seller.party_id in actor.parties


def may_review_appeal(appeal: Appeal, actor: Actor) -> bool:
    """A senior who decided nothing in this case before (I5; DSA 20(6))."""
    deciders = appeal.case.rulings.values_list("entry__actor", flat=True)
    return is_senior(appeal.case, actor) and actor.label not in deciders


def is_mended_and_compared(appeal: Appeal) -> bool:
    """The mended file has been read and compared, and is not the very same file."""
    text = appeal.mended
    if text is None or text.state != Text.State.OK or text.stage != Stage.DONE:
        return False
    current = appeal.document.current if appeal.document else None
    return current is None or current.text_id != text.pk
