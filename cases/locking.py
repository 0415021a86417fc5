"""The rows of a step, locked: the cases, then the rows of theirs, each in the order of
their ids. What comes back is fresh: what the caller holds may be stale."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import prefetch_related_objects

from cases.models import Case, Submission
from cases.notices import NOTICES
from cases.permissions.counter_notice import claim_is_not_upheld
from cases.permissions.desk import is_system
from cases.permissions.item import (
    claim_is_dismissed,
    is_free_of_orders,
    no_proceeding_runs,
)
from cases.permissions.proceeding import may_decide_in, may_rule_in
from evidence.compiled import Rows
from evidence.ledger import end_of

# Steps that write in another case as well.
JOINING = frozenset({"merge", "unmerge", "unmerge_accepted"})


def lock_others(subjects: Sequence[Any], step: str, facts: Mapping[str, Any]) -> None:
    """Lock the cases of a 并案 together, in the order of their ids: two that cross
    wait for each other in turn."""
    if step not in JOINING or not isinstance(subjects[0], Case):
        return
    ids = {subject.pk for subject in subjects}
    took = Case.objects.filter(reports__folded_from__in=ids).values_list(
        "pk", flat=True
    )
    into = Case.objects.filter(merged_cases__in=ids).values_list("pk", flat=True)
    _CASES(sorted({*ids, *took, *into, facts.get("into") or 0}))


def locked(subjects: Sequence[Any], step: str) -> list[Any]:
    """Lock rows of one model for a step, with what its machine looks at."""
    ids = [subject.pk for subject in subjects]
    model: Any = type(subjects[0])
    if issubclass(model, Case):
        return _CASES(ids)
    if issubclass(model, Submission):
        return _SUBMISSIONS(ids)
    if len(ids) == 1:
        rows = _with_case(model, _meets_people(model, step))(ids[0])
    else:
        rows = _of_cases(model, ids)
    for row in rows:
        if hasattr(row, "item"):
            row.item.case = row.case
    prefetch_related_objects(rows, *_looked_at(model, step))
    return rows


# What a rule looks at beside the row and its case: read once for all rows, and only
# for the steps that ask.
LOOKED_AT = {
    no_proceeding_runs: "timely_proceedings",
    is_free_of_orders: "timely_proceedings",
    claim_is_dismissed: "proceedings",
    claim_is_not_upheld: "item__proceedings",
    may_decide_in: "items__document__seller",
    may_rule_in: "items__document__seller",
}


@cache
def _looked_at(model: Any, step: str) -> tuple[str, ...]:
    rules = _rules(model, step)
    return tuple({LOOKED_AT[rule] for rule in rules if rule in LOOKED_AT})


@cache
def _meets_people(model: Any, step: str) -> bool:
    """Whether people take this step, or are written to about it."""
    return is_system not in _rules(model, step) or (model.MACHINE, step) in NOTICES


def _rules(model: Any, step: str) -> list[Any]:
    return [
        rule
        for transition in getattr(model, step)._django_fsm.transitions.values()
        for rule in (*transition.conditions, transition.permission)
    ]


def _cases(ids: Any) -> Any:
    found = Case.objects.filter(pk__in=ids)
    return found.select_for_update(of=("self",)).order_by("pk")


_CASES = Rows(_cases)
_SUBMISSIONS = Rows(
    lambda ids: (
        Submission.objects.filter(pk__in=ids)
        .select_for_update(of=("self",))
        .select_related("seller", "text__blob")
        .defer("text__content")
        .order_by("pk")
    )
)


@cache
def _with_case(model: Any, meets_people: bool) -> Rows:
    """One row and its case in one statement, which locks the case first, and says
    beside it where the case's ledger ends."""
    beside = (*model.LOADED, *(model.ADDRESSES if meets_people else ()))
    return Rows(
        lambda pk: (
            model._base_manager.filter(pk=pk)
            .select_for_update(of=("case", "self"))
            .select_related("case", *beside)
            .annotate(**end_of("case__reference"))
            .order_by()
        )
    )


def _of_cases(model: Any, ids: Sequence[int]) -> list[Any]:
    """Many rows share their cases: each case is read once, not beside every row."""
    found = model._base_manager.filter(pk__in=ids)
    cases = {case.pk: case for case in _cases(found.values("case"))}
    rows = list(
        found.select_for_update(of=("self",))
        .select_related(*model.LOADED, *model.ADDRESSES)
        .order_by("pk")
    )
    for row in rows:
        row.case = cases[row.case_id]
    return rows
