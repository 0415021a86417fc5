"""What follows from a transition within the same transaction, as one table."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cases import rulings
from cases.models import Case, CaseItem, Decision, Restriction, SubmissionAct
from cases.permissions import role_in, role_on
from cases.workflows.copyright import CaseState
from cases.workflows.item import TERMINAL
from evidence.actors import Actor
from evidence.snapshots import take_snapshots

if TYPE_CHECKING:
    from cases.services import Taken

Consequence = Callable[[Sequence["Taken"], Actor, datetime], None]


def follow(taken: Sequence["Taken"], *, by: Actor, at: datetime) -> None:
    """Write the rows that this step brings with it."""
    step = (taken[0].subject.MACHINE, taken[0].name)
    for consequence in CONSEQUENCES.get(step, ()):
        consequence(taken, by, at)


def settle(taken: Sequence["Taken"]) -> list[tuple[Case, str, dict[str, Any]]]:
    """Return the steps that the cases now take by themselves, with their facts."""
    if taken[0].subject.MACHINE == "appeal":
        return rulings.settle(taken)
    if taken[0].subject.MACHINE != "item":
        return []
    cases = {act.subject.case_id: act.subject.case for act in taken}
    steps: list[tuple[Case, str, dict[str, Any]]] = [
        (case, "start", {})
        for case in cases.values()
        if case.state == CaseState.ACCEPTED
    ]
    unsettled = CaseItem.objects.filter(case__in=cases).exclude(state__in=TERMINAL)
    waiting = set(unsettled.values_list("case", flat=True))
    return steps + [
        (case, "close", {}) for pk, case in cases.items() if pk not in waiting
    ]


def freeze_listings(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """I4: the evidence is ours before any measure: freeze every listed document."""
    items = list(
        CaseItem.objects.filter(case__in=[act.subject.pk for act in taken])
        .select_related("document__seller", "document__current__text__blob", "case")
        .order_by("pk")
    )
    snapshots = take_snapshots(
        [(item.document, item.case.stream) for item in items], by=by, at=at
    )
    for item, snapshot in zip(items, snapshots, strict=True):
        item.snapshot = snapshot
    CaseItem.objects.bulk_update(items, ["snapshot"], batch_size=100)


def record_decision(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    Decision.objects.bulk_create(
        [
            Decision(
                item=act.subject,
                entry=act.entry,
                outcome=act.subject.state,
                measure=act.subject.measure,
                finding=act.subject.finding,
                reasoning=act.facts.get("reasoning", ""),
                salt=act.salts.get("reasoning", ""),
                decided_by=role_in(act.subject.case, by),
                at=at,
            )
            for act in taken
        ]
    )


def restrict(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Forwarding alone restricts nothing, so it leaves no row."""
    Restriction.objects.bulk_create(
        [
            Restriction(
                document=act.subject.document,
                item=act.subject,
                level=act.subject.measure,
                placed_at=at,
            )
            for act in taken
            if act.subject.measure != Restriction.Level.ONLY_FORWARD
        ]
    )


def remember(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Keep what was done with a submission, and the words that were written."""
    SubmissionAct.objects.bulk_create(
        [
            SubmissionAct(
                submission=act.subject,
                entry=act.entry,
                step=act.name,
                reasoning=act.facts.get("reasoning", ""),
                salt=act.salts.get("reasoning", ""),
                actor=by.label,
                role=role_on(act.subject, by),
                at=at,
            )
            for act in taken
        ]
    )


CONSEQUENCES: dict[tuple[str, str], tuple[Consequence, ...]] = {
    ("copyright", "submit"): (freeze_listings,),
    ("item", "measure_and_forward"): (restrict, record_decision),
    ("item", "assess_no_measure"): (record_decision,),
    ("item", "finalise"): (record_decision,),
    ("submission", "turn_away"): (remember,),
    ("submission", "screen"): (remember,),
    ("submission", "clear"): (remember,),
    ("submission", "hold"): (remember,),
    ("submission", "refuse_by_policy"): (remember,),
    ("submission", "recall"): (remember,),
    ("submission", "release"): (remember,),
    ("submission", "refuse"): (remember,),
    ("submission", "contest"): (remember,),
    ("submission", "publish"): (remember,),
    ("submission", "withdraw"): (remember,),
    **rulings.CONSEQUENCES,
}
