"""What the law and the house say of one transition, beside the transition itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django_fsm import transition

from cases.errors import Sentence
from evidence.actors import Actor


@dataclass(frozen=True, slots=True)
class Rule:
    """label: the verb as people read it. article: what it rests on. actors: who.

    records: facts that the ledger keeps as they are (codes and numbers).
    seals: facts that it keeps only as a salted digest (what somebody wrote).
    """

    label: Sentence
    article: Sentence
    actors: Sentence
    records: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()


def step(
    *,
    field: Any,
    source: Any,
    target: Any,
    permission: Callable[[Any, Actor], bool],
    rule: Rule,
    conditions: Sequence[Callable[[Any], bool]] = (),
) -> Callable[[Callable[..., None]], Any]:
    """A django-fsm transition that cannot be declared without permission and rule:
    django-fsm opens a transition without `permission` to everyone."""
    decorate: Any = transition
    decorated: Callable[[Callable[..., None]], Any] = decorate(
        field=field,
        source=source,
        target=target,
        conditions=list(conditions),
        permission=permission,
        custom={"rule": rule},
    )
    return decorated


def rule_of(method: Any) -> Rule:
    """Return the rule of a transition method, the same for all its sources."""
    transitions = method._django_fsm.transitions.values()
    rule: Rule = next(iter(transitions)).custom["rule"]
    return rule
