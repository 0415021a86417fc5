"""Who answers for a document, and who judges the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.likeness import Comparison, comparison_of
from cases.permissions.item import last_judgment, may_decide, may_rule_item
from cases.profiles import profile_of
from evidence.actors import Actor

if TYPE_CHECKING:
    from cases.models import CounterNotice


def may_answer(counter: CounterNotice, actor: Actor) -> bool:
    """Only who sells the document answers for it."""
    seller = counter.item.document.seller.party_id
    return seller is not None and seller in actor.parties


def may_decide_counter(counter: CounterNotice, actor: Actor) -> bool:
    return may_decide(counter.item, actor)


def may_review_counter(counter: CounterNotice, actor: Actor) -> bool:
    return may_decide_counter(counter, actor) and is_new_to(counter, actor)


def may_rule_counter(counter: CounterNotice, actor: Actor) -> bool:
    return may_rule_item(counter.item, actor) and is_new_to(counter, actor)


def is_new_to(counter: CounterNotice, actor: Actor) -> bool:
    """I5: who took the measure does not judge the complaint about it (DSA 20)."""
    if not is_internal_complaint(counter):
        return True
    deciders = counter.item.decisions.values_list("entry__actor", flat=True)
    return actor.label not in deciders


def item_takes_counter(counter: CounterNotice) -> bool:
    return counter.item.state in ("measured", "final")


def is_first_round(counter: CounterNotice) -> bool:
    return counter.cure_rounds < 1


def is_compared_again(counter: CounterNotice) -> bool:
    """A new version came with the counter-notice and was compared with the work."""
    return comparison_of(counter) == Comparison.DONE


def is_internal_complaint(counter: CounterNotice) -> bool:
    """DSA 20: the answer is a complaint about our decision, and we decide on it."""
    profile = counter.case.clock_profile
    return bool(profile) and profile_of(profile).judges_answers


def is_answer_to_complainant(counter: CounterNotice) -> bool:
    """Everywhere else it is the complainant's to act on: we pass it on."""
    return not is_internal_complaint(counter)


def claim_is_not_upheld(counter: CounterNotice) -> bool:
    """民法典 1196 weighs two statements; a judgment in force weighs more."""
    return last_judgment(counter.item) != "upheld"
