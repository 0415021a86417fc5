"""撤回: one document is let go, or all of them, and what a signature is asked for."""

from datetime import timedelta

import pytest

from cases.errors import CaseMovedOn, IncompletePaper
from cases.models import (
    CounterNotice,
    Deadline,
    Restriction,
    Words,
)
from cases.registration import Proof
from cases.restrictions import visibility
from tests.cases.journeys import (
    PAPER,
    letters,
    make_matter,
)
from tests.factories import AT

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)


@pytest.mark.parametrize("state", ["submitted", "accepted", "measured"])
def test_to_name_every_document_is_to_withdraw_the_case(state: str) -> None:
    matter = make_matter(items=2, state=state)
    matter.let_go(AT + DAY, matter.items)
    assert matter.fresh().state == "withdrawn"
    assert {item.state for item in matter.items} == {"dropped"}
    assert not Deadline.objects.open().filter(case=matter.case).exists()
    words = Words.objects.filter(case=matter.case, fact="reasoning")
    assert "双方已经和解。" in words.values_list("text", flat=True)


def test_why_a_document_is_let_go_is_kept() -> None:
    matter = make_matter(items=2)
    matter.let_go(AT + DAY, matter.items[:1])
    assert matter.items[0].decisions.latest("pk").reasoning == "双方已经和解。"


def test_a_stale_form_withdraws_nothing() -> None:
    matter = make_matter(items=2)
    seen = matter.fresh().version
    with pytest.raises(CaseMovedOn):
        matter.let_go(AT + DAY, matter.items[:1], expect_version=seen - 1)
    assert matter.state() == "measured"


def test_a_partial_withdrawal_restores_what_it_names_and_nothing_else() -> None:
    matter = make_matter(items=3)
    matter.let_go(AT + DAY, matter.items[1:2])
    assert [matter.state(n) for n in (1, 2, 3)] == ["measured", "dropped", "measured"]
    downs = [visibility(item.document).is_down for item in matter.items]
    assert downs == [True, False, True]
    assert matter.fresh().state == "in_process"
    assert letters(matter, "withdrawal") == ["claimant"]
    assert letters(matter, "restoration") == ["uploader"]


def test_a_whole_withdrawal_lets_every_document_go() -> None:
    matter = make_matter(items=2)
    matter.answer(AT + HOUR)
    matter.let_go(AT + DAY, None)
    assert {item.state for item in matter.items} == {"dropped"}
    assert matter.fresh().state == "withdrawn"
    assert not Restriction.objects.active().exists()
    assert not Deadline.objects.open().filter(case=matter.case).exists()
    assert CounterNotice.objects.get().state == "moot"


def test_a_withdrawal_is_signed() -> None:
    matter = make_matter()
    matter.party.details.name = "别人"
    with pytest.raises(IncompletePaper):
        matter.let_go(AT + DAY, None)
    assert matter.fresh().state == "in_process"
