"""What follows from a transition within the same transaction, as one table."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet

from cases import effects, joining, rulings
from cases.models import (
    CaseItem,
    CounterNotice,
    Decision,
    DefectFound,
    Effect,
    Proceeding,
    Restriction,
    SubmissionAct,
    Words,
)
from cases.permissions.desk import role_in, role_on
from cases.permissions.item import RUNNING
from cases.workflows.item import ItemState
from evidence.actors import Actor
from evidence.compiled import Rows
from evidence.listings import amend_listing
from evidence.snapshots import take_snapshots
from evidence.writing import insert, update_each

if TYPE_CHECKING:
    from cases.services import Taken

Consequence = Callable[[Sequence["Taken"], Actor, datetime], None]


def follow(taken: Sequence["Taken"], *, by: Actor, at: datetime) -> None:
    """Write the rows that this step brings with it."""
    for consequence in CONSEQUENCES.get(taken[0].step, (keep_words,)):
        consequence(taken, by, at)


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
    update_each(items, ["snapshot"])


def record_decision(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    insert(
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
        ],
        numbered=False,
    )


def keep_words(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Keep what was written with the act, under the salt of its digest."""
    insert(
        [
            Words(
                case=act.subject.case,
                entry=act.entry,
                fact=fact,
                text=act.sealed(fact),
                salt=salt,
            )
            for act in taken
            for fact, salt in act.salts.items()
        ],
        numbered=False,
    )


def record_defects(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    insert(
        [
            DefectFound(
                case=act.subject.case,
                counter_notice=_counter(act),
                entry=act.entry,
                round=act.subject.cure_rounds,
                code=code,
                fact=act.facts["defects"].get(code, ""),
                found_at=at,
            )
            for act in taken
            for code in act.facts["codes"]
        ],
        numbered=False,
    )


def record_answers(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Answer the defects of the last round; earlier rounds stay as they are."""
    for act in taken:
        rows = DefectFound.objects.filter(
            case=act.subject.case,
            counter_notice=_counter(act),
            round=act.subject.cure_rounds,
        )
        for row in rows:
            row.answer = act.facts["answers"].get(row.code, "")
            row.answered_at = at
            row.save(update_fields=["answer", "answered_at"])


def restrict(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Forwarding alone restricts nothing: it leaves no row and holds no income
    (docs/adr/0032). An order of a court takes the place of the measure that stood in
    this case; the marketplace is told to lift where nothing comes in its place."""
    held = _lift(taken, at)
    forward = Restriction.Level.ONLY_FORWARD
    restricted = [act for act in taken if act.subject.measure != forward]
    freed = [act for act in taken if act.subject.measure == forward]
    insert(
        [
            Restriction(
                document=act.subject.document,
                item=act.subject,
                level=act.subject.measure,
                placed_at=at,
            )
            for act in restricted
        ],
        numbered=False,
    )
    effects.tell(restricted, Effect.Kind.RESTRICT, Effect.Kind.HOLD_INCOME, at=at)
    freed = [act for act in freed if act.subject.pk in held]
    effects.tell(freed, Effect.Kind.LIFT, Effect.Kind.RELEASE_INCOME, at=at)


def lift(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Lift the restrictions of these documents in this case, and of no other (I9)."""
    held = _lift(taken, at)
    lifted = [act for act in taken if act.subject.pk in held]
    effects.tell(lifted, Effect.Kind.LIFT, Effect.Kind.RELEASE_INCOME, at=at)


def keep_income(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """It is held further while a proceeding about the document runs."""
    settled = set(_SETTLED([act.subject.pk for act in taken]))
    kept = [act for act in taken if act.subject.pk in settled]
    effects.tell(kept, Effect.Kind.KEEP_INCOME, at=at)


def hold_income(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """An answer or a suit after the end puts the income of a final measure in doubt
    again."""
    late = [act for act in _restricted(taken) if act.source == ItemState.FINAL]
    effects.tell(late, Effect.Kind.HOLD_INCOME, at=at)


def replace_version(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """The amended text takes the place of what was complained of."""
    for act in taken:
        amend_listing(act.subject.item.document, act.subject.amended, by=by, at=at)


def _restricted(taken: Sequence["Taken"]) -> list["Taken"]:
    held = set(_HELD([act.subject.pk for act in taken]))
    return [act for act in taken if act.subject.pk in held]


def _lift(taken: Sequence["Taken"], at: datetime) -> set[int]:
    items = [act.subject.pk for act in taken]
    held = set(_HELD(items))
    if held:
        active = Restriction.objects.active().filter(item__in=items)
        active.update(lifted_at=at)
    return held


def _held(items: Any) -> QuerySet[Restriction, int]:
    rows = Restriction.objects.active().filter(item__in=items)
    return rows.values_list("item", flat=True)


def _settled(items: Any) -> QuerySet[Restriction, int]:
    """Those under a restriction about which no proceeding runs."""
    suits = Proceeding.objects.filter(state__in=RUNNING, timely_items=OuterRef("item"))
    return _held(items).exclude(Exists(suits))


_HELD, _SETTLED = Rows(_held), Rows(_settled)


def _counter(act: "Taken") -> CounterNotice | None:
    subject = act.subject
    return subject if isinstance(subject, CounterNotice) else None


def remember(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Keep what was done with a submission, and the words that were written."""
    insert(
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
        ],
        numbered=False,
    )


CONSEQUENCES: dict[tuple[str, str], tuple[Consequence, ...]] = {
    ("copyright", "submit"): (freeze_listings,),
    ("copyright", "find_defects"): (keep_words, record_defects),
    ("copyright", "cure"): (keep_words, record_answers),
    ("copyright", "merge"): (joining.take_over,),
    ("copyright", "unmerge"): (joining.give_back,),
    ("copyright", "unmerge_accepted"): (joining.give_back,),
    ("item", "measure_and_forward"): (restrict, record_decision),
    ("item", "assess_no_measure"): (record_decision,),
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
    ("item", "finalise"): (keep_income, record_decision),
    ("item", "receive_counter"): (hold_income,),
    ("item", "restore_at_once"): (lift, record_decision),
    ("item", "restore_cured"): (lift, record_decision),
    ("item", "restore_reversed"): (lift, record_decision),
    ("item", "restore"): (lift, record_decision),
    ("item", "restore_after_proceeding"): (lift, record_decision),
    ("item", "restore_dismissed"): (lift, record_decision),
    ("item", "confirm"): (keep_income, record_decision),
    ("item", "await_judgment"): (hold_income,),
    ("item", "stay_final"): (keep_income, record_decision),
    ("item", "obey_order"): (restrict, record_decision),
    ("item", "outlast_order"): (restrict, record_decision),
    ("item", "reinstate"): (restrict, record_decision),
    ("item", "reinstate_final"): (restrict, keep_income, record_decision),
    ("item", "withdraw"): (lift, record_decision),
    ("counter_notice", "find_defects"): (keep_words, record_defects),
    ("counter_notice", "cure"): (keep_words, record_answers),
    ("counter_notice", "accept_cure"): (keep_words, replace_version),
    **rulings.CONSEQUENCES,
}
