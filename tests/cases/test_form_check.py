"""补正、另案: what a notice lacks is named, and its complete part goes on."""

from datetime import timedelta
from typing import Any

import pytest

from cases.curing import cure
from cases.errors import CaseMovedOn, IncompletePaper
from cases.firing import fire_due
from cases.models import (
    Case,
    Deadline,
    DefectFound,
    Restriction,
)
from cases.registration import Proof
from cases.services import advance, claim
from cases.splitting import split
from evidence import ledger
from tests.cases.journeys import (
    PAPER,
    make_matter,
)
from tests.factories import AT, make_case, make_moderator

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)


def test_defects_of_a_notice_are_named_cured_and_kept() -> None:
    moderator = make_moderator()
    case = make_case(state="claimed", by=moderator)
    filer = make_filer(case)
    defects = {"codes": ["D02", "D03"], "defects": {"D02": "授权到期。", "D03": "无。"}}
    advance(case, "find_defects", by=moderator, at=AT, **defects)
    assert not Deadline.objects.running().filter(clock="review").exists()
    cure(
        case,
        answers={"D02": "附新授权。", "D03": "附登记证书。"},
        proofs={"D03": [Proof("certificate", PAPER)]},
        by=filer,
        at=AT + DAY,
    )
    assert Case.objects.get(pk=case.pk).state == "submitted"
    review = Deadline.objects.running().get(case=case)
    assert (review.clock, len(review.pauses)) == ("review", 1)
    second = DefectFound.objects.get(code="D03")
    assert (second.answer, second.exhibits.count()) == ("附登记证书。", 1)
    # A second round is the last one.
    claim(case, by=moderator, at=AT + DAY)
    advance(case, "find_defects", by=moderator, at=AT + DAY, **defects)
    cure(case, answers={}, proofs={}, by=filer, at=AT + DAY)
    claim(case, by=moderator, at=AT + DAY)
    with pytest.raises(CaseMovedOn):
        advance(case, "find_defects", by=moderator, at=AT + DAY, **defects)


def test_a_notice_that_is_not_cured_is_deemed_not_sent() -> None:
    moderator = make_moderator()
    case = make_case(state="claimed", by=moderator)
    facts = {"codes": ["D01"], "defects": {"D01": "证件模糊。"}}
    advance(case, "find_defects", by=moderator, at=AT, **facts)
    term = Deadline.objects.open().get(clock="cure")
    assert fire_due(at=term.due_at) == 1
    assert Case.objects.get(pk=case.pk).state == "lapsed"
    assert case.notices.last().kind == "lapse"
    assert not Restriction.objects.exists()


def test_the_complete_part_of_a_notice_goes_on_by_itself() -> None:
    moderator = make_moderator()
    case = make_case(state="claimed", items=3, by=moderator)
    review = Deadline.objects.open().get(case=case)
    part = split(case, [1, 3], by=moderator, at=AT + HOUR)
    assert [item.position for item in part.items.all()] == [1, 2]
    assert [item.position for item in case.items.all()] == [2]
    assert (part.state, part.submitted_at) == ("submitted", case.submitted_at)
    assert part.statements.count() == case.statements.count() == 1
    assert Deadline.objects.open().get(case=part).due_at == review.due_at
    claim(part, by=moderator, at=AT + HOUR)
    advance(part, "accept", by=moderator, at=AT + HOUR, profile="civil")
    facts = {"codes": ["D05"], "defects": {"D05": "编号打不开。"}}
    advance(case, "find_defects", by=moderator, at=AT + HOUR, **facts)
    assert Case.objects.get(pk=case.pk).state == "deficient"
    assert ledger.verify().breaks == ()


def test_a_part_keeps_what_the_whole_was_cured_of() -> None:
    moderator = make_moderator()
    case = make_case(state="claimed", items=2, by=moderator)
    facts = {"codes": ["D08"], "defects": {"D08": "声明缺失。"}}
    advance(case, "find_defects", by=moderator, at=AT, **facts)
    cure(
        case,
        answers={"D08": "附声明。"},
        proofs={"D08": [Proof("statement", PAPER)]},
        by=make_filer(case),
        at=AT + HOUR,
    )
    claim(case, by=moderator, at=AT + DAY)
    part = split(case, [1], by=moderator, at=AT + DAY)
    [kept] = part.defects.all()
    assert (kept.code, kept.answer, kept.exhibits.count()) == ("D08", "附声明。", 1)
    assert case.defects.count() == 1


def test_a_split_leaves_the_terms_of_suits_where_they_are() -> None:
    """Told of before the notice was accepted: each has its proof to wait for."""
    matter = make_matter(items=2, state="claimed")
    suits = [matter.sue(AT), matter.sue(AT, items=matter.items)]
    part = split(matter.case, [2], by=matter.moderator, at=AT + HOUR)
    proofs = Deadline.objects.open().filter(clock="proof").order_by("pk")
    assert [row.subject_id for row in proofs] == [suit.pk for suit in suits]
    assert [row.clock for row in part.deadlines.all()] == ["review"]


@pytest.mark.parametrize("positions", [[], [1, 2]])
def test_a_split_takes_something_and_leaves_something(positions: list[int]) -> None:
    moderator = make_moderator()
    case = make_case(state="claimed", items=2, by=moderator)
    with pytest.raises(IncompletePaper):
        split(case, positions, by=moderator, at=AT)
    assert Case.objects.count() == 1


def make_filer(case: Case) -> Any:
    from evidence.actors import Actor

    return Actor(user_id=None, parties=frozenset({case.claimant_id or 0}))
