"""Two notices that went into one third, taken out again in any order: what is left in
it runs under the earliest of the clocks that are still there."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as sizes

from cases.errors import CaseMovedOn, NotMergeable
from cases.models import Case, CaseItem, Deadline
from tests.cases.mergers import KINDS, Two, due, fresh, merge_into, take_out, told
from tests.factories import AT, make_document, make_work
from tests.sizes import SIZE

pytestmark = pytest.mark.django_db
# When the three came: a, b and the one that takes both in.
CAME = [(0, 1, 4), (1, 0, 4), (4, 1, 0), (1, 4, 0)]
# What all three name, and what each may name beside it.
SHARED = (4, 0, False)
OTHERS = KINDS.map(lambda rows: [row for row in rows if row[0] < 4])
NOON = AT + timedelta(hours=5)


def moments() -> Iterator[datetime]:
    at = NOON
    while True:
        at += timedelta(minutes=1)
        yield at


class Three(Two):
    """Three notices that all name one document."""

    def __init__(self, state: str, hours: tuple[int, ...]) -> None:
        super().__init__()
        self.a_case, self.b_case, self.into = (
            self.case(state, [self.b], self.work, AT + timedelta(hours=each))
            for each in hours
        )
        self.at = moments()

    def clock(self, case: Case) -> datetime:
        """What runs out first in a case: its form check, or its only measure."""
        [at] = due(fresh(case)).values()
        return at


@pytest.mark.parametrize("hours", CAME)
@pytest.mark.parametrize("state", ["claimed", "accepted"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_earliest_of_those_still_there_runs_on(
    hours: tuple[int, ...], state: str, turned: bool
) -> None:
    three = Three(state, hours)
    pair = [three.a_case, three.b_case]
    cases = [*pair, three.into]
    own = {case: three.clock(case) for case in cases}
    for case in pair:
        merge_into(three, case, three.into, next(three.at))
    assert three.clock(three.into) == min(own.values())
    first, last = reversed(pair) if turned else pair
    take_out(three, first, next(three.at))
    assert three.clock(first) == own[first]
    assert three.clock(three.into) == min(own[last], own[three.into])
    merge_into(three, first, three.into, next(three.at))
    assert three.clock(three.into) == min(own.values())
    take_out(three, last, next(three.at))
    assert three.clock(three.into) == min(own[first], own[three.into])
    take_out(three, first, next(three.at))
    assert {case: three.clock(case) for case in cases} == own


def test_whose_document_is_the_double_of_a_third_goes_back_after_that_one() -> None:
    """What the first brought is what the second pointed to: taken out first, it would
    leave the second without a document in the case that it went into."""
    three = Three("claimed", (0, 1, 4))
    first = three.case("claimed", [three.b, three.c], three.work, AT)
    second = three.case("claimed", [three.b, three.c], three.work, AT)
    for case in (first, second):
        merge_into(three, case, three.into, next(three.at))
    with pytest.raises(CaseMovedOn):
        take_out(three, first, next(three.at))
    take_out(three, second, next(three.at))
    take_out(three, first, next(three.at))
    assert [fresh(case).state for case in (first, second)] == ["submitted"] * 2


@given(
    named=strategies.tuples(OTHERS, OTHERS, OTHERS),
    accepted=strategies.booleans(),
    minutes=strategies.tuples(*[strategies.integers(0, 290)] * 3),
    turns=strategies.lists(strategies.integers(0, 1), min_size=3, max_size=8),
)
@sizes(
    max_examples=SIZE.mergers,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_three_merged_and_taken_apart_in_any_order(
    named: tuple[list[tuple[int, int, bool]], ...],
    accepted: bool,
    minutes: tuple[int, ...],
    turns: list[int],
) -> None:
    """After each step every object runs under the earliest clock of those examined
    with it; when all have gone back, everything is as it was."""
    with transaction.atomic():
        two, at = Two(), moments()
        state = "accepted" if accepted else "claimed"
        works = [two.work, make_work(party=two.party, title="另一部")]
        documents = [make_document() for _ in range(5)]
        came = [AT + timedelta(minutes=after) for after in minutes]
        *pair, into = cases = [
            two.listing(state, [SHARED, *each], documents, works, after)
            for each, after in zip(named, came, strict=True)
        ]
        before, own = told(cases), clocks(cases)
        for turn in [*turns, *("back", "back")]:
            for case in pair if turn == "back" else [pair[turn]]:
                with suppress(NotMergeable, CaseMovedOn):
                    if fresh(case).merged_into:
                        take_out(two, case, next(at))
                    elif turn != "back":
                        merge_into(two, case, into, next(at))
                assert clocks(cases) == expected(own)
        assert told(cases) == before
        transaction.set_rollback(True)


def clocks(cases: list[Any]) -> dict[tuple[str, int], datetime]:
    """What runs on the cases and on their documents; of each clock one."""
    rows = Deadline.objects.open().filter(case__in=cases)
    found = {(row.clock, row.subject_id): row.due_at for row in rows}
    assert len(found) == len(rows)
    return found


def expected(own: dict[tuple[str, int], datetime]) -> dict[tuple[str, int], datetime]:
    """The same from the rows: who is examined with whom, and what each had alone."""
    cases = Case.objects.exclude(merged_into=None)
    items = CaseItem.objects.exclude(folded_into=None)
    gone = {("review", pk): into for pk, into in cases.values_list("pk", "merged_into")}
    gone |= {
        ("measure", pk): into for pk, into in items.values_list("pk", "folded_into")
    }
    found: dict[tuple[str, int], datetime] = {}
    for (clock, subject), at in own.items():
        where = clock, gone.get((clock, subject), subject)
        found[where] = min(at, found.get(where, at))
    return found
