"""并案 of two notices: what goes along, what stays, and who may do it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.errors import CaseMovedOn, NotDeclared, NotMergeable, NotPermitted
from cases.joining import obstacle_between
from cases.merging import merge, related
from cases.models import Case, CaseItem, Deadline, Notice
from cases.models.item import named_in
from cases.permissions.copyright import weighs_much
from cases.services import advance, claim
from cases.splitting import split
from evidence import ledger
from evidence.actors import SYSTEM, Actor, Role
from moderation.access import actor_of
from reports.letters import letter_of
from tests.cases.journeys import REASONING
from tests.cases.mergers import (
    LATER,
    Two,
    due,
    fresh,
    listed,
    running,
)
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_moderator,
)

pytestmark = pytest.mark.django_db


def test_documents_go_along_and_what_both_name_stands_once() -> None:
    two = Two()
    snapshots = dict(CaseItem.objects.values_list("pk", "snapshot"))
    two.merge()
    assert (fresh(two.other).state, fresh(two.other).merged_into) == (
        "merged",
        two.into,
    )
    assert listed(two.into) == [(1, two.a.pk), (2, two.b.pk), (3, two.c.pk)]
    assert [item.document for item in named_in(two.other)] == [two.b, two.c]
    [stayed] = two.other.items.all()
    assert stayed.folded_into == two.into.items.get(document=two.b)
    assert dict(CaseItem.objects.values_list("pk", "snapshot")) == snapshots


def test_one_document_for_two_works_is_two_rows_of_the_case() -> None:
    two = Two(same_work=False)
    two.merge()
    assert [document for _position, document in listed(two.into)] == [
        *(two.a.pk, two.b.pk),
        *(two.b.pk, two.c.pk),
    ]
    assert not two.other.items.exists()


def test_each_ledger_names_the_other_case() -> None:
    two = Two()
    two.merge()
    merged = ledger.entries_of([two.other.stream]).latest("id")
    taken = ledger.entries_of([two.into.stream]).latest("id")
    assert (merged.kind, merged.payload["into"]) == ("copyright.merge", two.into.pk)
    assert (taken.kind, taken.payload["merged"]) == ("copyright.take_in", two.other.pk)
    item = two.into.items.get(document=two.c)
    assert taken.payload["moved"] == [[item.pk, 2, 3]]
    assert ledger.verify().breaks == ()


@pytest.mark.parametrize("first", [True, False])
def test_the_earlier_of_two_clocks_runs_on(first: bool) -> None:
    two = Two()
    earlier = due(two.into)["review"]
    assert earlier < due(two.other)["review"]
    if not first:
        two.into, two.other = two.other, two.into
    two.merge()
    assert due(fresh(two.into)) == {"review": earlier}
    assert due(fresh(two.other)) == {}


@pytest.mark.parametrize("first", [True, False])
def test_what_both_name_keeps_the_earlier_clock_of_its_own(first: bool) -> None:
    two = Two("accepted", "accepted")
    at = two.into.items.get(document=two.b).deadlines.open().get().due_at
    if not first:
        two.into, two.other = two.other, two.into
    before = running([two.into, two.other])
    two.merge(LATER + timedelta(minutes=1))
    kept = two.into.items.get(document=two.b).deadlines.open().get()
    assert (kept.due_at, kept.case) == (at, two.into)
    assert Deadline.objects.open().filter(clock="measure").count() == 3
    two.unmerge(LATER + timedelta(minutes=2))
    assert running([two.into, two.other]) == before
    two.merge(LATER + timedelta(minutes=3))
    assert two.into.items.get(document=two.b).deadlines.open().get().due_at == at


def test_a_notice_is_accepted_under_the_profile_of_the_case_it_joins() -> None:
    two = Two("accepted", "claimed")
    two.merge()
    other = fresh(two.other)
    assert (other.state, other.clock_profile) == ("merged", two.into.clock_profile)
    item = two.into.items.get(document=two.c)
    assert item.deadlines.open().get().clock == "measure"
    kinds = list(two.other.notices.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["receipt", "acceptance", "merger"]
    two.measure(two.c)
    assert item.decisions.get().outcome == "measured"
    assert fresh(two.into).state == "in_process"


def test_two_light_notices_may_weigh_much_together() -> None:
    two = Two()
    Case.objects.filter(pk=two.into.pk).update(listed_items=30)
    Case.objects.filter(pk=two.other.pk).update(listed_items=30)
    two.merge()
    assert weighs_much(fresh(two.into))
    two.unmerge()
    assert not weighs_much(fresh(two.into))


def test_what_one_of_two_notices_did_not_swear_is_not_sworn(settings: Any) -> None:
    """512(c)(3)(A)(vi) is asked of each notice that is accepted."""
    settings.CLOCK_PROFILES = ["dmca"]
    two = Two()
    two.other = two.listing("claimed", [(0, 0, False)], [two.b], [two.work], LATER)
    two.merge()
    with pytest.raises(NotDeclared):
        advance(two.into, "accept", by=two.moderator, at=LATER, profile="dmca")
    two.unmerge()
    advance(two.into, "accept", by=two.moderator, at=LATER, profile="dmca")


def test_a_part_takes_over_no_oath_that_its_documents_never_had(settings: Any) -> None:
    settings.CLOCK_PROFILES = ["dmca"]
    two = Two()
    named = [(0, 0, False), (1, 0, False)]
    two.other = two.listing("claimed", named, [two.b, two.c], [two.work], LATER)
    two.merge()
    [came] = fresh(two.into).items.filter(merged_from=two.other)
    part = split(fresh(two.into), [came.position], by=two.moderator, at=LATER)
    claim(part, by=two.moderator, at=LATER)
    with pytest.raises(NotDeclared):
        advance(part, "accept", by=two.moderator, at=LATER, profile="dmca")


def test_what_is_barred_is_merged_by_legal_alone() -> None:
    two = Two()
    two.other.items.filter(document=two.c).update(bar="barred")
    with pytest.raises(NotPermitted):
        two.merge()


def test_documents_come_to_a_case_in_process() -> None:
    two = Two("accepted", "claimed")
    two.measure(two.a)
    two.merge()
    assert {item.state for item in two.into.items.all()} == {"measured", "pending"}


def obstacle(two: Two) -> str:
    return str(obstacle_between(fresh(two.other), fresh(two.into), at=LATER))


def test_what_differs_in_law_is_not_merged() -> None:
    two = Two()
    stranger = make_case(state="claimed", documents=[two.b], by=two.moderator)
    alone = two.case("claimed", [make_document()], two.work, LATER)
    assert obstacle(two) == ""
    assert "权属争议" in str(obstacle_between(stranger, two.into, at=LATER))
    assert "没有共同的文档" in str(obstacle_between(alone, two.into, at=LATER))
    assert obstacle_between(two.into, two.into, at=LATER)
    Case.objects.filter(pk=two.into.pk).update(accepted_at=AT, clock_profile="civil")
    assert obstacle(two) == ""
    Case.objects.filter(pk=two.other.pk).update(accepted_at=AT, clock_profile="dsa")
    assert "期限规则不同" in obstacle(two)
    for case, into in ((stranger, two.into), (alone, two.into)):
        with pytest.raises(NotMergeable):
            merge(case, into, by=two.moderator, at=LATER)
        with pytest.raises(NotMergeable):
            advance(case, "merge", by=two.moderator, at=LATER, into=into.pk)
        assert fresh(case).state == "submitted"


def test_what_was_decided_in_the_other_case_is_not_asked_again_by_merging() -> None:
    two = Two("accepted", "accepted")
    two.measure(two.b)
    assert "已经处理" in obstacle(two)
    with pytest.raises(NotMergeable):
        two.merge()


def test_a_case_in_which_something_was_decided_goes_nowhere() -> None:
    two = Two("accepted", "accepted")
    two.into, two.other = two.other, two.into
    item = two.other.items.get(document=two.a)
    facts = {"finding": "evidence", "reasoning": REASONING}
    advance(item, "assess_no_measure", by=two.moderator, at=LATER, **facts)
    with pytest.raises(CaseMovedOn):
        two.merge()


def test_a_case_that_took_another_in_is_not_taken_in_itself() -> None:
    two = Two()
    third = two.case("claimed", [two.a], two.work, LATER)
    two.merge()
    with pytest.raises(CaseMovedOn):
        merge(fresh(two.into), third, by=two.moderator, at=LATER)
    merge(third, fresh(two.into), by=two.moderator, at=LATER)
    assert len(listed(two.into)) == 3


def test_a_part_with_merged_documents_stays_and_is_read_from_where_they_came() -> None:
    for position in (2, 3):
        two = Two()
        two.merge()
        part = split(fresh(two.into), [position], by=two.moderator, at=LATER)
        claim(part, by=two.moderator, at=LATER)
        listed_there = [row.document for row in part.items.all()]
        third = two.case("claimed", listed_there, two.work, LATER)
        with pytest.raises(CaseMovedOn):
            merge(part, third, by=two.moderator, at=LATER)
        assert [item.document for item in named_in(two.other)] == [two.b, two.c]
        advance(part, "accept", by=two.moderator, at=LATER, profile="civil")
        [item] = part.items.all()
        facts = {"measure": "interim_down", "reasoning": REASONING}
        advance(item, "measure_and_forward", by=two.moderator, at=LATER, **facts)
        client = Client()
        client.force_login(two.user)
        page = client.get(f"/cases/{two.other.reference}/").content.decode()
        assert "采取措施并转送" in page


def test_who_may_and_whose_form_is_fresh() -> None:
    two = Two()
    stranger = make_moderator()
    with pytest.raises(NotPermitted):
        merge(two.other, two.into, by=stranger, at=LATER)
    insider = Actor(
        user_id=two.moderator.user_id,
        duty=Role.MODERATOR,
        parties=frozenset({two.party.pk}),
    )
    with pytest.raises(NotPermitted):
        merge(two.other, two.into, by=insider, at=LATER)
    for stale in ({"expect_version": 9}, {"expect_other": 9}):
        with pytest.raises(CaseMovedOn):
            merge(two.other, two.into, by=two.moderator, at=LATER, **stale)
    two.merge()
    with pytest.raises(NotPermitted):
        advance(fresh(two.other), "unmerge", by=two.moderator, at=LATER)


def test_who_decides_in_the_other_case_is_told_that_there_is_more() -> None:
    two = Two()
    seen = fresh(two.into).version
    two.merge()
    with pytest.raises(CaseMovedOn):
        advance(
            two.into,
            "accept",
            by=two.moderator,
            at=LATER,
            expect_version=seen,
            profile="civil",
        )


def test_nothing_is_done_any_more_in_the_case_that_went() -> None:
    two = Two()
    two.merge()
    [stayed] = two.other.items.all()
    claimant = actor_of(two.user)
    facts = {"ground": "settled", "reasoning": ""}
    with pytest.raises(CaseMovedOn):
        advance(stayed, "drop", by=claimant, at=LATER, **facts)
    with pytest.raises(CaseMovedOn):
        advance(fresh(two.other), "withdraw", by=claimant, at=LATER, **facts)
    moved = two.into.items.get(document=two.c)
    advance(moved, "drop", by=claimant, at=LATER, **facts)


def test_both_files_hold_a_letter_that_says_where_the_documents_are() -> None:
    two = Two()
    two.merge()
    went = letter_of(two.other.notices.get(kind="merger"))
    came = letter_of(two.into.notices.get(kind="merger"))
    assert two.into.reference in went.body
    assert all(each.number in went.body for each in (two.b, two.c))
    assert two.other.reference in came.body
    assert all(each.number in came.body for each in (two.b, two.c))
    assert two.a.number not in came.body
    two.unmerge()
    for case, other in ((two.other, two.into), (two.into, two.other)):
        said = letter_of(case.notices.order_by("pk").last())
        assert said.title == "并案告知书"
        assert other.reference in said.body
    again = [
        letter_of(case.notices.filter(kind="merger").first())
        for case in (two.other, two.into)
    ]
    assert [each.body for each in again] == [went.body, came.body]


def test_letters_of_before_say_what_they_said() -> None:
    two = Two()
    receipts = [case.notices.get(kind="receipt") for case in (two.into, two.other)]
    written = [letter_of(each).body for each in receipts]
    two.merge(LATER + timedelta(minutes=1))
    again = Notice.objects.filter(kind="receipt").order_by("pk")
    assert [letter_of(each).body for each in again] == written


def test_cases_about_one_document_know_of_each_other() -> None:
    two = Two()
    stranger = make_case(state="claimed", documents=[two.b], by=two.moderator)
    found = {row.case: row for row in related(two.into, at=LATER)}
    assert found.keys() == {two.other, stranger}
    assert not found[two.other].obstacle
    assert not found[two.other].is_disputed
    assert found[stranger].is_disputed
    assert found[stranger].documents == (two.b.number,)
    assert [row.case for row in related(stranger, at=LATER)] == [two.other, two.into]


def test_papers_of_a_court_go_to_the_case_that_has_the_documents() -> None:
    two = Two()
    two.merge()
    [stayed] = two.other.items.all()
    with pytest.raises(CaseMovedOn):
        advance(stayed, "obey_order", by=SYSTEM, at=LATER, measure="remove")
