"""A merger taken back: everything is as it was, until two cases have a history in
common."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as sizes

from cases.errors import CaseMovedOn, NotMergeable
from cases.models import CaseItem
from cases.services import advance
from cases.splitting import split
from evidence import ledger
from evidence.actors import Role
from moderation.access import actor_of
from tests.cases.journeys import REASONING
from tests.cases.mergers import (
    KINDS,
    LATER,
    Two,
    fresh,
    listed,
    running,
    seen_by,
    told,
)
from tests.factories import (
    AT,
    make_document,
    make_user,
    make_work,
)
from tests.sizes import SIZE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("first", ["claimed", "accepted"])
@pytest.mark.parametrize("second", ["claimed", "accepted"])
def test_the_way_back_leaves_everything_as_it_was(first: str, second: str) -> None:
    two = Two(first, second)
    cases = [two.into, two.other]
    if (first, second) == ("claimed", "accepted"):
        with pytest.raises(NotMergeable):
            two.merge()
        return
    if (first, second) == ("accepted", "claimed"):
        profile = two.into.clock_profile
        advance(two.other, "accept", by=two.moderator, at=LATER, profile=profile)
    states = [fresh(case).state for case in cases]
    before = [listed(case) for case in cases], running(cases)
    for turn in range(2):
        two.merge(LATER + timedelta(minutes=turn))
        two.unmerge(LATER + timedelta(minutes=turn))
        assert ([listed(case) for case in cases], running(cases)) == before
        assert [fresh(case).state for case in cases] == states
        assert not CaseItem.objects.exclude(merged_from=None, folded_into=None)
        assert fresh(two.other).closed_at is None


@given(
    here=KINDS,
    there=KINDS,
    accepted=strategies.booleans(),
    minutes=strategies.integers(-600, 600),
    swapped=strategies.booleans(),
)
@sizes(
    max_examples=SIZE.mergers,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_merging_and_taking_apart_changes_nothing(
    here: list[tuple[int, int, bool]],
    there: list[tuple[int, int, bool]],
    accepted: bool,
    minutes: int,
    swapped: bool,
) -> None:
    """Whatever two notices name, and whichever came first: items, numbers, clocks,
    states and what each side sees are afterwards as they were."""
    with transaction.atomic():
        two = Two()
        state = "accepted" if accepted else "claimed"
        works = [two.work, make_work(party=two.party, title="另一部")]
        documents = [make_document() for _ in range(5)]
        pair = [
            two.listing(state, named, documents, works, at)
            for named, at in ((here, AT), (there, AT + timedelta(minutes=minutes)))
        ]
        two.into, two.other = reversed(pair) if swapped else pair
        at = AT + timedelta(hours=11)
        before = told(pair), seen_by(two, pair)
        with suppress(NotMergeable, CaseMovedOn):
            two.merge(at)
            assert told(pair) != before[0]
            two.unmerge(at + timedelta(minutes=1))
        assert (told(pair), seen_by(two, pair)) == before
        transaction.set_rollback(True)


def test_nobody_takes_apart_what_has_a_history_in_common() -> None:
    for act in ("measure", "accept", "find_defects", "hold", "split"):
        state = "claimed" if act in ("accept", "find_defects", "split") else "accepted"
        two = Two(state, state)
        legal = actor_of(make_user(duty=Role.LEGAL))
        two.merge()
        into, at = fresh(two.into), LATER + timedelta(minutes=1)
        if act == "measure":
            two.measure(two.b, at)
        elif act == "accept":
            advance(into, "accept", by=two.moderator, at=at, profile="civil")
        elif act == "find_defects":
            facts = {"codes": ["D03"], "defects": {"D03": "没有。"}}
            advance(into, "find_defects", by=two.moderator, at=at, **facts)
        elif act == "hold":
            facts = {"document": "函 1 号", "reasoning": REASONING}
            advance(into, "hold", by=legal, at=at, **facts)
        else:
            split(into, [3], by=two.moderator, at=at)
        with pytest.raises(CaseMovedOn):
            two.unmerge(at)
        assert fresh(two.other).state == "merged", act


def test_a_document_of_the_case_itself_may_be_decided_before_the_way_back() -> None:
    two = Two("accepted", "accepted")
    two.merge()
    two.measure(two.a)
    two.unmerge()
    assert listed(two.other) == [(1, two.b.pk), (2, two.c.pk)]
    assert two.into.items.get(document=two.a).state == "measured"


def test_a_case_whose_own_documents_are_decided_closes_when_others_go_back() -> None:
    two = Two("accepted", "accepted", same_work=False)
    two.merge()
    for item in two.into.items.filter(merged_from=None):
        facts = {"finding": "evidence", "reasoning": REASONING}
        advance(item, "assess_no_measure", by=two.moderator, at=LATER, **facts)
    assert fresh(two.into).state == "in_process"
    at = LATER + timedelta(minutes=1)
    two.unmerge(at)
    into = fresh(two.into)
    assert (into.state, into.closed_at) == ("closed", at)
    assert fresh(two.other).state == "accepted"
    kinds = [entry.kind for entry in ledger.entries_of([into.stream])]
    assert kinds[-2:] == ["copyright.give_back", "copyright.close"]


def test_so_does_one_whose_own_documents_were_taken_back_meanwhile() -> None:
    two = Two("accepted", "accepted", same_work=False)
    claimant = actor_of(two.user)
    two.merge()
    for item in two.into.items.filter(merged_from=None):
        advance(item, "drop", by=claimant, at=LATER, ground="settled", reasoning="")
    assert fresh(two.into).state == "in_process"
    two.unmerge()
    assert fresh(two.into).state == "closed"


def test_what_is_accepted_with_nothing_left_is_closed_and_takes_nothing_in() -> None:
    two = Two("claimed", "accepted", same_work=False)
    claimant = actor_of(two.user)
    for item in two.into.items.all():
        advance(item, "drop", by=claimant, at=LATER, ground="settled", reasoning="")
    advance(two.into, "accept", by=two.moderator, at=LATER, profile="civil")
    assert fresh(two.into).state == "closed"
    with pytest.raises(NotMergeable):
        two.merge()
