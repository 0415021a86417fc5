"""起诉通知: in time or late for each document by itself, and each goes its own way."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.firing import fire_due
from cases.models import CaseItem, Deadline, Notice, Proceeding
from cases.permissions.item import no_proceeding_runs
from cases.registration import Proof
from cases.services import advance, claim
from moderation.models import User
from reports.kinds.case_facts import facts_of
from reports.kinds.case_rows import rows_of
from reports.letters import letter_of
from tests.cases.journeys import PAPER, REASONING, Matter, make_matter
from tests.factories import AT

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)


def waiting_of(matter: Matter, item: CaseItem, at: Any) -> Deadline:
    matter.forward(matter.answer(at, item), at)
    return Deadline.objects.open().get(clock="waiting", item=item)


def half_late() -> tuple[Matter, Proceeding, Any]:
    """A suit about two documents, told of when the waiting of the second is over and
    that of the first is not. Returns the moment at which it was told."""
    matter = make_matter(items=2)
    first, second = matter.items
    early = waiting_of(matter, second, AT + DAY)
    late = waiting_of(matter, first, AT + 10 * DAY)
    at = early.due_at + HOUR
    assert at < late.due_at
    return matter, matter.sue(at, items=[first, second]), at


def states(matter: Matter) -> list[str]:
    return [item.state for item in matter.items]


def test_it_stops_the_restoring_of_those_documents_alone_that_it_is_in_time_for() -> (
    None
):
    matter, suit, at = half_late()
    assert suit.timely_positions() == [1]
    assert suit.late_positions() == [2]
    assert states(matter) == ["litigating", "waiting"]
    assert fire_due(at=at) == 1
    assert states(matter) == ["litigating", "restored"]
    first, second = matter.items
    assert not no_proceeding_runs(first)
    assert no_proceeding_runs(second)


def test_what_it_is_late_for_is_restored_again_when_an_order_is_lifted() -> None:
    """The suit that runs for the one document keeps nothing of the other."""
    matter, suit, at = half_late()
    fire_due(at=at)
    order = matter.order(at + DAY, items=[matter.items[1]])
    assert states(matter) == ["litigating", "litigating"]
    matter.conclude(order, "ended", at + 2 * DAY)
    assert states(matter) == ["litigating", "restored"]
    assert suit.timely_positions() == [1]


def test_the_end_of_another_suit_restores_what_this_one_is_late_for() -> None:
    matter = make_matter(items=2)
    first, second = matter.items
    early = waiting_of(matter, second, AT + DAY)
    other = matter.sue(early.due_at - HOUR, items=[second], proofs=[DOCKET])
    late = waiting_of(matter, first, AT + 10 * DAY)
    told = matter.sue(late.due_at - HOUR, items=[first, second])
    assert told.timely_positions() == [1]
    matter.conclude(other, "dismissed", late.due_at)
    assert states(matter) == ["litigating", "restored"]


def test_the_letter_names_the_documents_that_it_came_too_late_for() -> None:
    matter, _suit, _at = half_late()
    letter = letter_of(Notice.objects.get(case=matter.case, kind="proof"))
    assert "第 1 项" in letter.body
    assert "第 2 项" in letter.body
    assert "24时前提交受理通知书" in letter.body
    assert "已经届满" in letter.body


def test_both_sides_of_the_house_show_it_for_each_document() -> None:
    matter, _suit, _at = half_late()
    told = "第 2 项在等待期外收到，不影响恢复"
    for actor, url in (
        (matter.moderator, f"/desk/cases/{matter.case.reference}/"),
        (matter.claimant, f"/cases/{matter.case.reference}/"),
    ):
        client = Client()
        client.force_login(User.objects.get(pk=actor.user_id or 0))
        assert told in client.get(url).content.decode(), url


def test_the_case_file_tells_it_for_each_document() -> None:
    matter, _suit, at = half_late()
    facts = facts_of(rows_of(matter.case.pk), "full", at=at)
    [told] = facts["contest"]["proceedings"]
    assert (told["timely"], told["late"]) == ("1", "2")


def test_a_suit_that_is_never_proved_restores_what_it_kept() -> None:
    matter, suit, at = half_late()
    fire_due(at=at)
    proof = Deadline.objects.open().get(clock="proof")
    assert fire_due(at=proof.due_at) == 1
    assert states(matter) == ["restored", "restored"]
    suit.refresh_from_db()
    assert suit.state == "unproven"


def test_an_order_is_in_time_for_every_document() -> None:
    matter = make_matter(items=2)
    order = matter.order(AT + DAY, items=matter.items)
    assert order.timely_positions() == [1, 2]
    assert states(matter) == ["litigating", "litigating"]


def test_a_judgment_confirms_what_the_suit_kept() -> None:
    matter, suit, at = half_late()
    fire_due(at=at)
    claim(matter.case, by=matter.legal, at=at + DAY)
    facts = {"outcome": "upheld", "reasoning": REASONING}
    advance(suit, "conclude", by=matter.legal, at=at + DAY, **facts)
    assert states(matter) == ["final", "restored"]


def test_the_paper_of_a_suit_is_taken_for_its_docket() -> None:
    """Unless it is said to be something else."""
    matter = make_matter()
    suit = matter.sue(AT + DAY)
    client = Client()
    client.force_login(User.objects.get(pk=matter.claimant.user_id or 0))
    chosen = '<option value="docket" selected>'
    for page in ("new", str(suit.public_id)):
        url = f"/cases/{matter.case.reference}/proceedings/{page}/"
        assert chosen in client.get(url).content.decode(), url
