"""命令: what a court or an authority orders is obeyed at once, in every state."""

from datetime import timedelta

import pytest

from cases.errors import CaseMovedOn
from cases.firing import fire_due
from cases.models import (
    Deadline,
    Notice,
    Restriction,
)
from cases.registration import Proof
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence.actors import SYSTEM
from reports.letters import letter_of
from tests.cases.journeys import (
    PAPER,
    REASONING,
    effects,
    letters,
    make_matter,
)
from tests.factories import AT

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)


def test_a_suit_after_an_order_before_it_keeps_the_measure() -> None:
    """诉前行为保全: the order comes first, then the suit, and no waiting ever ran."""
    matter = make_matter()
    order = matter.order(AT + DAY)
    suit = matter.sue(AT + 2 * DAY, proofs=[DOCKET])
    assert suit.is_timely
    matter.conclude(order, "ended", AT + 3 * DAY)
    assert matter.state() == "litigating"
    matter.conclude(suit, "dismissed", AT + 4 * DAY)
    assert matter.state() == "restored"


def test_an_order_of_a_court_is_obeyed_at_once_even_after_the_restoring() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    fire_due(at=waiting.due_at)
    at = waiting.due_at + DAY
    order = matter.order(at)
    assert (matter.state(), matter.fresh().state) == ("litigating", "in_process")
    assert visibility(matter.item.document).level == "remove"
    told = Notice.objects.filter(case=matter.case, kind="maintenance")
    assert not any("未按期证明" in letter_of(each).body for each in told)
    matter.conclude(order, "ended", at)
    assert matter.state() == "restored"


@pytest.mark.parametrize("kind", ["preservation", "complaint", "criminal"])
def test_a_complainant_cannot_take_back_what_was_ordered(kind: str) -> None:
    matter = make_matter()
    matter.order(AT + DAY, kind=kind)
    with pytest.raises(CaseMovedOn):
        matter.let_go(AT + 2 * DAY, [matter.item])
    matter.let_go(AT + 2 * DAY, None)
    assert visibility(matter.item.document).level == "remove"


@pytest.mark.parametrize("stood", ["measured", "counter_review", "waiting"])
@pytest.mark.parametrize("outcome", ["ended", "dismissed"])
def test_what_was_let_go_under_an_order_is_back_when_the_order_ends(
    stood: str, outcome: str
) -> None:
    matter = make_matter()
    if stood == "counter_review":
        matter.answer(AT + HOUR)
    elif stood == "waiting":
        matter.wait(AT + HOUR)
    order = matter.order(AT + DAY)
    matter.let_go(AT + 2 * DAY, None)
    assert visibility(matter.item.document).level == "remove"
    matter.conclude(order, outcome, AT + 3 * DAY)
    back = "dropped" if outcome == "ended" else "restored"
    assert (matter.state(), matter.fresh().state) == (back, "withdrawn")
    assert not Restriction.objects.active().exists()
    assert effects(matter.item)[-1] == "release_income"
    assert not Deadline.objects.open().exists()
    told = Notice.objects.filter(kind="restoration", audience="uploader").last()
    assert told is not None
    reason = "撤回了对该文档的投诉" if outcome == "ended" else "驳回"
    assert reason in letter_of(told).body


def test_what_was_let_go_is_back_though_a_suit_outlasts_the_order() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + HOUR)
    matter.sue(waiting.due_at - HOUR, proofs=[DOCKET])
    order = matter.order(waiting.due_at)
    matter.let_go(waiting.due_at + HOUR, None)
    matter.conclude(order, "ended", waiting.due_at + DAY)
    assert matter.state() == "dropped"
    assert not Restriction.objects.active().exists()


def test_what_was_final_is_let_go_under_an_order_as_without_one() -> None:
    matter = make_matter(items=2)
    advance(matter.items[0], "finalise", by=SYSTEM, at=AT)
    order = matter.order(AT + DAY, items=[matter.items[0]])
    matter.let_go(AT + 2 * DAY, None)
    matter.conclude(order, "ended", AT + 3 * DAY)
    assert (matter.state(1), matter.state(2)) == ("dropped", "dropped")


def test_an_order_is_carried_out_on_a_document_under_suit_too() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    matter.sue(waiting.due_at - HOUR)
    matter.order(waiting.due_at, measure="stop_download")
    assert visibility(matter.item.document).level == "stop_download"
    matter.order(waiting.due_at + HOUR, measure="remove")
    assert (matter.state(), matter.item.measure) == ("litigating", "remove")
    assert visibility(matter.item.document).level == "remove"
    assert Restriction.objects.active().count() == 1
    assert effects(matter.item)[-2:] == ["restrict", "hold_income"]


@pytest.mark.parametrize("answered", [False, True])
def test_a_lifted_order_leaves_the_measure_that_stood_before(answered: bool) -> None:
    matter = make_matter()
    if answered:
        matter.answer(AT + HOUR)
    matter.conclude(matter.order(AT + DAY), "ended", AT + 2 * DAY)
    assert (matter.state(), matter.item.measure) == ("measured", "interim_down")
    assert visibility(matter.item.document).level == "interim_down"
    assert Deadline.objects.open().filter(clock="window", item=matter.item).exists()
    assert effects(matter.item)[-1] == "hold_income"
    assert letters(matter, "maintenance") == 2 * ["uploader", "claimant"]


def test_a_lifted_order_leaves_what_was_final_final() -> None:
    matter = make_matter(state="final")
    matter.conclude(matter.order(AT + DAY), "ended", AT + 2 * DAY)
    assert (matter.state(), matter.fresh().state) == ("final", "closed")
    assert effects(matter.item)[-1] == "keep_income"


def test_an_order_that_fell_with_its_claim_restores() -> None:
    matter = make_matter()
    matter.conclude(matter.order(AT + DAY), "dismissed", AT + 2 * DAY)
    assert matter.state() == "restored"


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "lapsed", "rejected"])
def test_an_order_is_obeyed_whatever_has_become_of_the_notice(state: str) -> None:
    """ADR 14: at once, in every state."""
    matter = make_matter(state="claimed")
    at = AT + DAY
    if state == "withdrawn":
        matter.let_go(AT, None)
    elif state == "rejected":
        claim(matter.case, by=matter.legal, at=at)
        facts = {"refusal": "barred", "reasoning": REASONING}
        advance(matter.case, "reject", by=matter.legal, at=at, **facts)
    elif state == "lapsed":
        facts = {"codes": ["D02"], "defects": {"D02": "授权到期。"}}
        advance(matter.case, "find_defects", by=matter.moderator, at=AT, **facts)
        advance(matter.fresh(), "lapse", by=SYSTEM, at=AT)
    order = matter.order(at)
    assert (matter.state(), matter.fresh().state) == ("litigating", state)
    assert visibility(matter.item.document).level == "remove"
    matter.conclude(order, "ended", at + DAY)
    assert matter.state() == "restored"
    assert not Restriction.objects.active().exists()
    assert all(str(letter_of(each).body) for each in Notice.objects.all())


def test_an_order_that_restricts_nothing_frees_the_document_and_its_income() -> None:
    matter = make_matter()
    matter.order(AT + DAY, measure="only_forward")
    assert not Restriction.objects.active().exists()
    assert effects(matter.item)[-2:] == ["lift", "release_income"]
