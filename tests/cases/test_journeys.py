"""Whole lives of a notice through the services, with real clocks."""

from datetime import timedelta
from typing import Any

import pytest

from cases.answering import cure_counter, file_counter
from cases.errors import CaseMovedOn, ExtensionTooLong, IncompletePaper, NotPermitted
from cases.firing import fire_due
from cases.models import (
    Case,
    CaseItem,
    CounterNotice,
    Deadline,
    DefectFound,
    Notice,
    Restriction,
    Words,
)
from cases.proceedings import prove
from cases.registration import Proof
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence import ledger
from reports.letters import letter_of
from tests.cases.journeys import (
    DRAFT,
    PAPER,
    REASONING,
    answer,
    effects,
    letters,
    make_matter,
)
from tests.factories import AT, make_case, make_moderator

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)


def test_no_reply_makes_the_measure_final_and_keeps_the_income() -> None:
    matter = make_matter()
    window = Deadline.objects.open().get(clock="window")
    assert fire_due(at=window.due_at) == 1
    assert (matter.state(), matter.fresh().state) == ("final", "closed")
    assert visibility(matter.item.document).is_down
    assert effects(matter.item) == ["restrict", "hold_income", "keep_income"]


def test_a_counter_notice_waits_and_restores_by_itself() -> None:
    matter = make_matter()
    counter = matter.answer(AT + DAY)
    assert matter.state() == "counter_review"
    assert not Deadline.objects.open().filter(clock="window").exists()
    matter.forward(counter, AT + 2 * DAY)
    assert matter.state() == "waiting"
    waiting = Deadline.objects.open().get(clock="waiting")
    assert fire_due(at=waiting.due_at - timedelta(seconds=1)) == 0
    assert visibility(matter.item.document).is_down
    assert fire_due(at=waiting.due_at) == 1
    assert (matter.state(), matter.fresh().state) == ("restored", "closed")
    assert not visibility(matter.item.document).is_down
    assert effects(matter.item)[2:] == ["lift", "release_income"]
    assert letters(matter, "restoration") == ["uploader", "claimant"]
    assert ledger.verify(matter.case.stream).breaks == ()


def test_a_timely_notice_of_suit_stops_the_restoring_without_a_certificate() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    suit = matter.sue(waiting.due_at - HOUR)
    assert (matter.state(), suit.state) == ("litigating", "notified")
    assert fire_due(at=waiting.due_at) == 0
    assert letters(matter, "maintenance") == ["uploader", "claimant"]
    at = waiting.due_at + DAY
    prove(suit, [DOCKET], by=matter.claimant, at=at)
    claim(matter.case, by=matter.moderator, at=at)
    advance(suit, "verify", by=matter.moderator, at=at)
    claim(matter.case, by=matter.legal, at=at + HOUR)
    facts = {"outcome": "upheld", "reasoning": REASONING}
    advance(suit, "conclude", by=matter.legal, at=at + HOUR, **facts)
    assert (matter.state(), matter.fresh().state) == ("final", "closed")
    assert visibility(matter.item.document).is_down
    assert effects(matter.item)[-1] == "keep_income"


def test_a_suit_that_is_never_proved_restores_when_our_term_ends() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    suit = matter.sue(waiting.due_at - HOUR)
    proof = Deadline.objects.open().get(clock="proof")
    assert fire_due(at=proof.due_at) == 1
    suit.refresh_from_db()
    assert (suit.state, matter.state()) == ("unproven", "restored")


@pytest.mark.parametrize("outcome", ["dismissed", "refused", "retracted", "settled"])
def test_a_suit_that_ends_otherwise_restores(outcome: str) -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    suit = matter.sue(waiting.due_at - HOUR, proofs=[DOCKET])
    assert suit.state == "proved"
    claim(matter.case, by=matter.legal, at=waiting.due_at)
    facts = {"outcome": outcome, "reasoning": REASONING}
    advance(suit, "conclude", by=matter.legal, at=waiting.due_at, **facts)
    assert matter.state() == "restored"
    is_dismissed = outcome == "dismissed"
    rows = Notice.objects.filter(case=matter.case, kind="restoration")
    bodies = [letter_of(each).body for each in rows]
    assert [("驳回了投诉人" in body) for body in bodies] == [is_dismissed] * 2


def test_a_notice_of_suit_after_the_waiting_is_received_and_stops_nothing() -> None:
    """The scheduler was down: the deadline has passed although nothing fired."""
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    suit = matter.sue(waiting.due_at)
    assert (suit.state, suit.is_timely) == ("notified", False)
    assert letters(matter, "proof") == ["claimant"]
    assert matter.state() == "waiting"
    assert fire_due(at=waiting.due_at) == 1
    assert matter.state() == "restored"


def test_a_document_stays_down_while_another_suit_about_it_runs() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    first = matter.sue(waiting.due_at - 2 * HOUR, proofs=[DOCKET])
    second = matter.sue(waiting.due_at - HOUR, proofs=[DOCKET])
    claim(matter.case, by=matter.legal, at=waiting.due_at)
    facts = {"outcome": "dismissed", "reasoning": REASONING}
    advance(first, "conclude", by=matter.legal, at=waiting.due_at, **facts)
    assert matter.state() == "litigating"
    advance(second, "conclude", by=matter.legal, at=waiting.due_at, **facts)
    assert matter.state() == "restored"


@pytest.mark.parametrize("answered", [False, True])
def test_a_suit_told_before_the_answer_is_passed_on_stops_the_restoring(
    answered: bool,
) -> None:
    matter = make_matter()
    counter = matter.answer(AT + DAY) if answered else None
    assert matter.sue(AT + 2 * DAY, proofs=[DOCKET]).is_timely
    matter.forward(counter or matter.answer(AT + 3 * DAY), AT + 4 * DAY)
    assert matter.state() == "litigating"
    assert not Deadline.objects.open().filter(clock="waiting").exists()
    assert letters(matter, "counter") == ["claimant"]
    assert letters(matter, "maintenance") == ["uploader", "claimant"]


def test_a_suit_does_not_stop_what_is_restored_at_once(settings: Any) -> None:
    settings.CLOCK_PROFILES = ["regulation"]
    matter = make_matter(profile="regulation")
    counter = matter.answer(AT + DAY)
    assert not matter.sue(AT + 2 * DAY).is_timely
    matter.forward(counter, AT + 3 * DAY)
    assert matter.state() == "restored"


def test_one_case_restored_leaves_the_document_down_for_the_other() -> None:
    matter = make_matter()
    document = matter.item.document
    moderator = make_moderator()
    other = make_case(state="measured", documents=[document], by=moderator)
    waiting = matter.wait(AT + DAY)
    assert fire_due(at=waiting.due_at) >= 1
    assert matter.state() == "restored"
    assert visibility(document).is_down
    active = Restriction.objects.active().get()
    assert active.item.case_id == other.pk


def test_the_regulation_restores_at_once_and_bars_a_second_notice(
    settings: Any,
) -> None:
    settings.CLOCK_PROFILES = ["regulation", "civil"]
    matter = make_matter(profile="regulation")
    matter.forward(matter.answer(AT + DAY), AT + DAY)
    assert matter.state() == "restored"
    assert letters(matter, "counter") == ["claimant"]
    again = make_case(
        state="claimed",
        claimant=matter.party,
        documents=[matter.item.document],
        work=matter.item.work,
        by=matter.moderator,
        at=AT + 2 * DAY,
    )
    item = again.items.get()
    assert item.bar == "barred"
    assert item.earlier == matter.item
    # Received, numbered and receipted as any other.
    assert again.reference
    assert again.notices.get().kind == "receipt"
    at = AT + 2 * DAY
    with pytest.raises(NotPermitted):
        advance(again, "accept", by=matter.moderator, at=at, profile="civil")
    # Nor sent back by others, to lapse by itself without legal having read it.
    defects = {"codes": ["D02"], "defects": {"D02": "授权到期。"}}
    with pytest.raises(NotPermitted):
        advance(again, "find_defects", by=matter.moderator, at=at, **defects)
    claim(again, by=matter.legal, at=at + HOUR)
    facts = {"refusal": "barred", "reasoning": REASONING}
    advance(again, "reject", by=matter.legal, at=at + HOUR, **facts)
    assert Case.objects.get(pk=again.pk).state == "rejected"
    assert again.notices.last().kind == "rejection"


def test_a_notice_about_another_work_is_not_barred(settings: Any) -> None:
    """条例 17 speaks of this work; a person is told of the earlier notice."""
    settings.CLOCK_PROFILES = ["regulation"]
    matter = make_matter(profile="regulation")
    matter.forward(matter.answer(AT + DAY), AT + DAY)
    again = make_case(claimant=matter.party, documents=[matter.item.document])
    item = again.items.get()
    assert (item.bar, item.earlier) == ("flagged", matter.item)


def test_elsewhere_a_second_notice_is_flagged_and_examined_as_usual() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    fire_due(at=waiting.due_at)
    again = make_case(
        state="accepted", claimant=matter.party, documents=[matter.item.document]
    )
    assert again.items.get().bar == "flagged"


def test_an_answer_after_the_end_opens_the_closed_case_again() -> None:
    matter = make_matter()
    window = Deadline.objects.open().get(clock="window")
    fire_due(at=window.due_at)
    matter.answer(window.due_at + 30 * DAY)
    assert (matter.state(), matter.fresh().state) == ("counter_review", "in_process")
    assert effects(matter.item)[-1] == "hold_income"


def test_a_counter_notice_is_cured_once_and_then_decided() -> None:
    matter = make_matter()
    counter = matter.answer(AT + HOUR)
    claim(matter.case, by=matter.moderator, at=AT + HOUR)
    defects = {"codes": ["C03"], "defects": {"C03": "底稿没有日期。"}}
    advance(counter, "find_defects", by=matter.moderator, at=AT + HOUR, **defects)
    assert matter.state() == "counter_deficient"
    assert letters(matter, "defects") == ["uploader"]
    cure_counter(
        counter,
        answers={"C03": "补交带日期的修改记录。"},
        proofs=[Proof("manuscript", DRAFT)],
        by=matter.uploader,
        at=AT + DAY,
    )
    assert matter.state() == "counter_review"
    assert DefectFound.objects.get().answer == "补交带日期的修改记录。"
    claim(matter.case, by=matter.moderator, at=AT + DAY)
    with pytest.raises(CaseMovedOn):
        advance(counter, "find_defects", by=matter.moderator, at=AT + DAY, **defects)


def test_a_counter_notice_that_is_not_cured_lapses_and_another_may_come() -> None:
    matter = make_matter()
    counter = matter.answer(AT + HOUR)
    claim(matter.case, by=matter.moderator, at=AT + HOUR)
    defects = {"codes": ["C04"], "defects": {"C04": "签名栏空白。"}}
    advance(counter, "find_defects", by=matter.moderator, at=AT + HOUR, **defects)
    term = Deadline.objects.open().get(clock="counter_cure")
    assert fire_due(at=term.due_at) == 1
    assert matter.state() == "measured"
    assert letters(matter, "lapse") == ["uploader"]
    matter.answer(term.due_at + HOUR)
    assert matter.state() == "counter_review"


def test_a_rejected_counter_notice_tells_both_sides_and_keeps_the_measure() -> None:
    matter = make_matter()
    counter = matter.answer(AT + HOUR)
    claim(matter.case, by=matter.legal, at=AT + HOUR)
    facts = {"refusal": "forged", "reasoning": REASONING}
    advance(counter, "reject", by=matter.legal, at=AT + HOUR, **facts)
    assert matter.state() == "measured"
    assert letters(matter, "answer") == ["uploader", "claimant"]
    assert Words.objects.filter(fact="reasoning", text=REASONING).exists()


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"proofs": []}, "初步证明"),
        ({"declared": []}, "声明"),
        ({"signature": "别人"}, "签名"),
        ({"explanation": "不是我"}, "二十字"),
        ({"ground": "removed"}, "新版"),
    ],
)
def test_an_answer_without_its_parts_is_told_what_is_missing(
    changed: dict[str, Any], missing: str
) -> None:
    matter = make_matter()
    with pytest.raises(IncompletePaper, match=missing):
        file_counter(matter.item, answer(**changed), by=matter.uploader, at=AT)
    assert (matter.state(), CounterNotice.objects.count()) == ("measured", 0)


def test_only_who_sells_the_document_answers_for_it() -> None:
    matter = make_matter()
    with pytest.raises(NotPermitted):
        file_counter(matter.item, answer(), by=matter.claimant, at=AT)


def test_the_waiting_is_extended_by_twenty_working_days_in_all() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    claim(matter.case, by=matter.legal, at=AT + DAY + HOUR)
    facts = {"ground": "notarisation", "reasoning": REASONING, "exhibits": ["0" * 64]}
    advance(
        matter.item, "extend", by=matter.legal, at=AT + DAY + HOUR, days=12, **facts
    )
    longer = Deadline.objects.open().get(clock="waiting")
    assert longer.due_at > waiting.due_at
    with pytest.raises(ExtensionTooLong):
        advance(
            matter.item, "extend", by=matter.legal, at=AT + 2 * DAY, days=9, **facts
        )
    assert letters(matter, "extension") == ["uploader", "claimant"]
    assert fire_due(at=waiting.due_at) == 0
    assert fire_due(at=longer.due_at) == 1


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_notice_that_is_only_forwarded_restricts_nothing_and_holds_no_income(
    is_answered: bool,
) -> None:
    """The machine, its clocks and its letters are those of any measure."""
    matter = make_matter(state="accepted")
    claim(matter.case, by=matter.moderator, at=AT)
    facts = {"measure": "only_forward", "reasoning": REASONING}
    advance(matter.item, "measure_and_forward", by=matter.moderator, at=AT, **facts)
    if is_answered:
        due = matter.wait(AT + DAY).due_at
    else:
        due = Deadline.objects.open().get(clock="window").due_at
    assert fire_due(at=due) == 1
    assert matter.state() == ("restored" if is_answered else "final")
    assert not Restriction.objects.exists()
    assert effects(matter.item) == []
    assert all(str(letter_of(each).body) for each in Notice.objects.all())


def test_a_waiting_that_has_run_out_is_not_extended_any_more() -> None:
    """The scheduler was down when it ran out."""
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    claim(matter.case, by=matter.legal, at=waiting.due_at)
    facts = {"days": 20, "ground": "notarisation", "reasoning": REASONING}
    facts |= {"exhibits": ["0" * 64]}
    with pytest.raises(CaseMovedOn):
        advance(matter.item, "extend", by=matter.legal, at=waiting.due_at, **facts)
    assert fire_due(at=waiting.due_at) == 1
    assert matter.state() == "restored"


def test_a_counter_notice_counts_from_the_day_it_was_complete() -> None:
    """512(g)(3): until its signature is there it is no counter-notice."""
    matter = make_matter()
    counter = matter.answer(AT + DAY)
    Case.objects.filter(pk=matter.case.pk).update(clock_profile="dmca")
    claim(matter.case, by=matter.moderator, at=AT + DAY)
    facts = {"codes": ["C04"], "defects": {"C04": "未签名。"}}
    advance(counter, "find_defects", by=matter.moderator, at=AT + DAY, **facts)
    cured_at = AT + 4 * DAY
    signed = {"C04": "已签名。"}
    cure_counter(counter, answers=signed, proofs=[], by=matter.uploader, at=cured_at)
    counter.refresh_from_db()
    matter.forward(counter, cured_at + HOUR)
    assert Deadline.objects.get(clock="waiting").started_at == cured_at


def test_no_measure_is_taken_on_what_was_not_frozen() -> None:
    """I4. Every way of submitting freezes; the guard asks all the same."""
    matter = make_matter(state="accepted")
    CaseItem.objects.update(snapshot=None)
    facts = {"measure": "remove", "reasoning": REASONING}
    with pytest.raises(CaseMovedOn):
        advance(matter.item, "measure_and_forward", by=matter.moderator, at=AT, **facts)
    with pytest.raises(CaseMovedOn):
        matter.order(AT)
    assert not Restriction.objects.exists()
