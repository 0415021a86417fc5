"""What a suit, a complaint or an order does to its documents: the steps that follow
when one is told of, entered or comes to an end (docs/adr/0014)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cases.follow import Follow
from cases.models import Case, CaseItem, Proceeding, Words
from cases.permissions.item import (
    claim_is_dismissed,
    had_our_measure,
    is_free_of_orders,
    no_proceeding_runs,
    was_final,
    was_under_measure,
)
from cases.workflows.copyright import CaseState
from cases.workflows.item import ItemState
from cases.workflows.judgment import OPEN
from cases.workflows.proceeding import Outcome
from evidence.ledger import entries_of

if TYPE_CHECKING:
    from cases.services import Taken


def notified(taken: Sequence["Taken"]) -> list[Follow]:
    """Only a notice in time stops the restoring, whatever proof comes with it; and
    what is final is in question again."""
    timely = [
        item
        for act in taken
        for item in _items(act.subject, ItemState.WAITING, ItemState.FINAL)
        if item.position in act.facts["timely"]
    ]
    return [
        Follow(_in(timely, ItemState.WAITING), "await_outcome"),
        Follow(_in(timely, ItemState.FINAL), "await_judgment"),
    ]


def told_before(taken: Sequence["Taken"]) -> list[Follow]:
    """A suit that was told of before the answer was passed on stops the restoring as
    soon as there is one to stop."""
    rows = CaseItem.objects.filter(pk__in=[act.subject.pk for act in taken])
    waiting = rows.prefetch_related("timely_proceedings").order_by("pk")
    told = [row for row in waiting if not no_proceeding_runs(row)]
    return [Follow(told, "await_outcome")]


def ordered(taken: Sequence["Taken"]) -> list[Follow]:
    """Each document of an order obeys it, with the measure that it names."""
    return [
        Follow(
            list(act.subject.items.order_by("pk")),
            "obey_order",
            {"measure": act.facts["measure"]},
        )
        for act in taken
    ]


def ended(taken: Sequence["Taken"]) -> list[Follow]:
    """Nothing follows while another proceeding about a document runs. What waited for
    this one is restored; what our own measure stands on only if it was dismissed. That
    measure is as it was before an order, which says nothing of the claim."""
    items = {item.pk: item for act in taken for item in _items(act.subject)}
    let_go = [item for item in items.values() if _is_let_go(item)]
    left = [item for item in items.values() if item not in let_go]
    free = [item for item in left if no_proceeding_runs(item)]
    dismissed = [item for item in free if claim_is_dismissed(item)]
    kept = {pk for act in taken for pk in _kept_open(act.subject)}
    final = [item for item in _in(free, ItemState.FINAL) if item.pk in kept]
    freed = _in(free, ItemState.LITIGATING)
    standing = [item for item in freed if item not in dismissed]
    measured = [item for item in standing if was_under_measure(item)]
    was_ended = [item for item in standing if was_final(item)]
    rest = [item for item in freed if item not in (*measured, *was_ended)]
    return [
        *(Follow([item], "withdraw", _withdrawal_of(item.case)) for item in let_go),
        *_outlasting([item for item in left if item not in free]),
        Follow(measured, "reinstate"),
        Follow(was_ended, "reinstate_final"),
        Follow(rest, "restore_after_proceeding"),
        Follow(_in(dismissed, *OPEN, ItemState.FINAL), "restore_dismissed"),
        Follow([item for item in final if item not in dismissed], "stay_final"),
    ]


def _is_let_go(item: CaseItem) -> bool:
    """Its complaint was withdrawn while an order held it down, and none does now; a
    claim that was dismissed is restored as such."""
    return (
        item.state == ItemState.LITIGATING
        and item.case.state == CaseState.WITHDRAWN
        and is_free_of_orders(item)
        and had_our_measure(item)
        and not claim_is_dismissed(item)
    )


def _withdrawal_of(case: Case) -> dict[str, Any]:
    """The ground on which a case was withdrawn, and what was written with it."""
    entry = entries_of([case.stream]).filter(kind="copyright.withdraw")[0]
    words = Words.objects.filter(entry=entry, fact="reasoning").first()
    return {
        "ground": entry.payload["ground"],
        "reasoning": words.text if words else "",
    }


def _outlasting(items: Sequence[CaseItem]) -> list[Follow]:
    """A suit that runs on keeps our own measure, and no longer that of an order."""
    return [
        Follow([item], "outlast_order", {"measure": item.measure_before_order})
        for item in _in(items, ItemState.LITIGATING)
        if is_free_of_orders(item)
        and had_our_measure(item)
        and item.measure != item.measure_before_order
    ]


def concluded(taken: Sequence["Taken"]) -> list[Follow]:
    """What a judgment upheld is confirmed; any other outcome is an end like a lapse."""
    upheld = [act for act in taken if act.subject.outcome == Outcome.UPHELD]
    rest = [act for act in taken if act not in upheld]
    return [*_upheld(upheld), *ended(rest)]


def _upheld(taken: Sequence["Taken"]) -> list[Follow]:
    """Final is all that is under a measure, answered or not. What was restored before
    stays so: legal enters a judgment about it as an order, with the measure."""
    items = [item for act in taken for item in _items(act.subject)]
    kept = {pk for act in taken for pk in _kept_open(act.subject)}
    final = [item for item in _in(items, ItemState.FINAL) if item.pk in kept]
    return [
        Follow(_in(items, *OPEN, ItemState.LITIGATING), "confirm"),
        Follow([item for item in final if no_proceeding_runs(item)], "stay_final"),
    ]


def _items(proceeding: Proceeding, *states: str) -> list[CaseItem]:
    """Its documents in one of these states, or in any."""
    rows = proceeding.items.filter(state__in=states) if states else proceeding.items
    looked_at = ("timely_proceedings", "proceedings")
    return list(rows.prefetch_related(*looked_at).order_by("pk"))


def _in(items: Sequence[CaseItem], *states: str) -> list[CaseItem]:
    return [item for item in items if item.state in states]


def _kept_open(proceeding: Proceeding) -> list[int]:
    """The documents whose case it kept open: those that it was in time for."""
    return [item.pk for item in proceeding.timely_items.all()]
