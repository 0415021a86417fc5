"""Who may do what with one document of a notice, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.permissions.copyright import may_file, needs_senior
from cases.permissions.desk import is_system, may_examine
from cases.profiles import Profile, profile_of
from cases.terms import TERMS
from evidence.actors import Actor, Role

if TYPE_CHECKING:
    from cases.models import CaseItem

# A proceeding in one of these states has come to no end.
RUNNING = ("notified", "proved", "filed", "verified")


def may_decide(item: CaseItem, actor: Actor) -> bool:
    """As for the case, and the decider does not sell the document. What 条例 17 bars
    is read by legal."""
    seller = item.document.seller.party_id
    if item.bar == "barred" and actor.duty != Role.LEGAL:
        return False
    return may_examine(item.case, actor) and seller not in actor.parties


def may_measure(item: CaseItem, actor: Actor) -> bool:
    return may_decide(item, actor) and not needs_senior(item.case, actor)


def may_rule_item(item: CaseItem, actor: Actor) -> bool:
    return actor.duty == Role.LEGAL and may_decide(item, actor)


def may_announce(item: CaseItem, actor: Actor) -> bool:
    return is_system(item, actor) or may_decide(item, actor)


def may_withdraw(item: CaseItem, actor: Actor) -> bool:
    """The complainant lets one document go; the system, all of a withdrawn case."""
    return is_system(item, actor) or may_file(item.case, actor)


def may_file_on_item(item: CaseItem, actor: Actor) -> bool:
    return may_file(item.case, actor)


def case_is_accepted(item: CaseItem) -> bool:
    """No document is decided on before the notice has passed the form check."""
    return item.case.state in ("accepted", "in_process")


def is_examined_here(item: CaseItem) -> bool:
    """What stayed behind when its case was merged is examined in the other one."""
    return bool(item.case.state != "merged")


def is_frozen(item: CaseItem) -> bool:
    """I4: the evidence is ours before any measure."""
    return item.snapshot_id is not None


def is_not_announced(item: CaseItem) -> bool:
    return item.announced_at is None


def is_announced(item: CaseItem) -> bool:
    return item.announced_at is not None


def may_be_extended(item: CaseItem) -> bool:
    """法释〔2020〕9号 extends the 合理期限 of 民法典 1196 alone."""
    law = _law_of(item)
    waiting = law.terms.get("waiting") if law else None
    return waiting is not None and TERMS[waiting].extension > 0


def answer_restores_at_once(item: CaseItem) -> bool:
    """条例 17 alone: passed on and restored in one moment."""
    law = _law_of(item)
    return law is not None and law.restores_at_once and not law.judges_answers


def answer_is_waited_upon(item: CaseItem) -> bool:
    """民法典 1196, 电子商务法 43, 512(g): the complainant has some days to act."""
    law = _law_of(item)
    return law is not None and not law.restores_at_once


def answer_is_judged_here(item: CaseItem) -> bool:
    """DSA 20: what we decided is for us to change."""
    law = _law_of(item)
    return law is not None and law.judges_answers


def _law_of(item: CaseItem) -> Profile | None:
    """None before the notice is accepted: no profile is chosen yet."""
    code = item.case.clock_profile
    return profile_of(code) if code else None


def no_extension_is_asked(item: CaseItem) -> bool:
    """One request at a time; another can follow the answer."""
    return item.extension_asked_at is None


def an_extension_is_asked(item: CaseItem) -> bool:
    return item.extension_asked_at is not None


def no_proceeding_runs(item: CaseItem) -> bool:
    """While one proceeding that was told of in time for this document is pending, the
    measure stays."""
    return not any(each.state in RUNNING for each in item.timely_proceedings.all())


def claim_is_dismissed(item: CaseItem) -> bool:
    return last_judgment(item) == "dismissed"


def last_judgment(item: CaseItem) -> str:
    """What the last proceeding that spoke on the claim said: upheld or dismissed."""
    decided = [
        each
        for each in item.proceedings.all()
        if each.outcome in ("upheld", "dismissed")
    ]
    last = max(decided, key=lambda each: (each.concluded_at, each.pk), default=None)
    return str(last.outcome) if last else ""


def is_free_of_orders(item: CaseItem) -> bool:
    """A complainant cannot take back what a court or an authority has ordered."""
    return not any(
        each.is_order and each.state == "verified"
        for each in item.timely_proceedings.all()
    )


def was_under_measure(item: CaseItem) -> bool:
    """Before the order a measure of ours stood, and no waiting had begun."""
    stood = ("measured", "counter_review", "counter_deficient")
    return item.before_order in stood


def had_our_measure(item: CaseItem) -> bool:
    """Before the order a measure of ours stood, in whatever state."""
    is_kept = item.before_order == "waiting"
    return is_kept or was_under_measure(item) or was_final(item)


def was_final(item: CaseItem) -> bool:
    return item.before_order == "final"
