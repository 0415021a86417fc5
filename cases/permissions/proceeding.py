"""Who tells us of a proceeding, and who decides what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.permissions.copyright import may_file
from cases.permissions.desk import may_examine
from evidence.actors import Actor, Role

if TYPE_CHECKING:
    from cases.models import Proceeding


def may_file_in(proceeding: Proceeding, actor: Actor) -> bool:
    """Who filed the case; of documents that all came with another notice, who filed
    that one."""
    if may_file(proceeding.case, actor):
        return True
    items = list(proceeding.items.all()) if proceeding.pk and actor.parties else []
    filed = [any(may_file(case, actor) for case in item.filings()) for item in items]
    return bool(filed) and all(filed)


def may_decide_in(proceeding: Proceeding, actor: Actor) -> bool:
    """An examiner of the case who sells none of the documents concerned. A draft
    that is not saved yet names none."""
    items = proceeding.items.all() if proceeding.pk else ()
    sellers = {item.document.seller.party_id for item in items}
    return may_examine(proceeding.case, actor) and not sellers & actor.parties


def may_rule_in(proceeding: Proceeding, actor: Actor) -> bool:
    return actor.duty == Role.LEGAL and may_decide_in(proceeding, actor)


def is_first_return(proceeding: Proceeding) -> bool:
    return proceeding.returns < 1


def is_not_filed_yet(proceeding: Proceeding) -> bool:
    """Sixty days are given once."""
    return proceeding.filed_at is None


def is_about_what_is_here(proceeding: Proceeding) -> bool:
    """What was merged is sued about in the case that has its documents now."""
    return bool(proceeding.case.state != "merged")
