"""Whole lives of a notice at the pages that people have, to the end of each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.firing import fire_due
from cases.restrictions import visibility
from evidence import ledger
from tests.cases.journeys import REASONING
from tests.cases.pages import Pages, pages_of
from tests.factories import make_case, make_moderator

pytestmark = pytest.mark.django_db


def ends(pages: Pages, state: str, *, down: bool, case: str = "closed") -> None:
    """The end as everybody sees it: the desk, the parties, a visitor, the ledger."""
    assert (pages.matter.state(), pages.matter.fresh().state) == (state, case)
    document = pages.matter.item.document
    assert pages.status_of(document) == (410 if down else 200)
    pages.read_letters()
    pages.read("claimant", pages.case_url)
    pages.read("uploader", f"/seller/items/{pages.matter.item.public_id}/")
    pages.read("moderator", pages.desk_url)
    assert ledger.verify(pages.matter.case.stream).breaks == ()


def test_a_measure_that_nobody_answers_becomes_final() -> None:
    pages = pages_of()
    assert pages.status_of(pages.matter.item.document) == 410
    assert pages.income() == ("held", False)
    pages.run_out("window")
    ends(pages, "final", down=True)
    assert pages.income() == ("kept", False)


def test_a_counter_notice_restores_when_the_waiting_has_run_out() -> None:
    pages = pages_of()
    counter = pages.answer()
    pages.step("moderator", counter, "forward")
    told = pages.read("claimant", pages.case_url)
    assert "通知已起诉或投诉" in told
    due_at = pages.deadline("waiting").due_at
    assert fire_due(at=due_at - timedelta(seconds=1)) == 0
    pages.run_out("waiting")
    ends(pages, "restored", down=False)
    assert pages.income() == ("released", True)
    assert pages.letters()[-2:] == [
        ("restoration", "uploader"),
        ("restoration", "claimant"),
    ]


def test_a_suit_told_in_time_keeps_the_measure_until_its_judgment() -> None:
    """No certificate comes with the notice; proof follows within our own term."""
    pages = pages_of()
    pages.step("moderator", pages.answer(), "forward")
    due_at = pages.deadline("waiting").due_at
    suit = pages.sue()
    assert pages.matter.state() == "litigating"
    pages.prove(suit)
    assert fire_due(at=due_at) == 0
    assert pages.status_of(pages.matter.item.document) == 410
    pages.take_over("moderator")
    pages.step("moderator", suit, "verify")
    assert pages.income() == ("held", False)
    pages.take_over("legal")
    judgment = {"outcome": "upheld", "reasoning": REASONING}
    pages.step("legal", suit, "conclude", **judgment)
    ends(pages, "final", down=True)
    assert pages.income() == ("kept", False)


def test_a_suit_that_is_never_proved_restores() -> None:
    pages = pages_of()
    pages.step("moderator", pages.answer(), "forward")
    suit = pages.sue()
    fire_due(at=pages.deadline("proof").due_at)
    suit.refresh_from_db()
    assert suit.state == "unproven"
    ends(pages, "restored", down=False)


def test_a_partial_withdrawal_restores_what_it_names_alone() -> None:
    pages = pages_of(items=2)
    pages.withdraw(1)
    assert [pages.matter.state(n) for n in (1, 2)] == ["dropped", "measured"]
    first, second = (item.document for item in pages.matter.items)
    assert (pages.status_of(first), pages.status_of(second)) == (200, 410)
    assert (pages.income(1)[0], pages.income(2)[0]) == ("released", "held")
    pages.run_out("window", 2)
    assert [pages.matter.state(n) for n in (1, 2)] == ["dropped", "final"]
    ends(pages, "dropped", down=False)


def test_a_document_restored_in_one_case_stays_down_for_the_other() -> None:
    pages = pages_of()
    document = pages.matter.item.document
    other = make_case(
        state="measured", documents=[document], by=make_moderator(), at=timezone.now()
    )
    pages.step("moderator", pages.answer(), "forward")
    pages.run_out("waiting")
    ends(pages, "restored", down=True)
    told = pages.read("uploader", f"/seller/items/{pages.matter.item.public_id}/")
    assert "其他案件的措施" in told
    # The income is free only when no claim is left on it.
    assert pages.income() == ("released", False)
    assert visibility(document).is_down
    # Its own window ran out on the way: nobody answered there.
    assert other.items.get().state == "final"
