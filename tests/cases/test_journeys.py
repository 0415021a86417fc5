"""Whole lives of a notice through the services, with real clocks."""

from datetime import timedelta
from typing import Any

import pytest

from cases.answering import cure_counter, file_counter
from cases.curing import cure
from cases.errors import CaseMovedOn, ExtensionTooLong, IncompletePaper, NotPermitted
from cases.firing import fire_due
from cases.models import (
    Case,
    CaseItem,
    CounterNotice,
    Deadline,
    DefectFound,
    Effect,
    Notice,
    Restriction,
    Words,
)
from cases.proceedings import prove
from cases.registration import Proof
from cases.restrictions import visibility
from cases.services import advance, claim
from cases.splitting import split
from evidence import ledger
from evidence.actors import SYSTEM
from reports.letters import letter_of
from tests.cases.journeys import DRAFT, PAPER, REASONING, Matter, answer, make_matter
from tests.factories import AT, make_case, make_moderator

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)


def letters(matter: Matter, kind: str) -> list[str]:
    rows = Notice.objects.filter(case=matter.case, kind=kind).order_by("pk")
    return list(rows.values_list("audience", flat=True))


def effects(item: CaseItem) -> list[str]:
    return list(
        Effect.objects.filter(item=item).order_by("pk").values_list("kind", flat=True)
    )


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


def test_an_order_of_a_court_is_obeyed_at_once_even_after_the_restoring() -> None:
    matter = make_matter()
    waiting = matter.wait(AT + DAY)
    fire_due(at=waiting.due_at)
    at = waiting.due_at + DAY
    order = matter.order(at)
    assert (matter.state(), matter.fresh().state) == ("litigating", "in_process")
    assert visibility(matter.item.document).level == "remove"
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


def test_an_order_that_restricts_nothing_frees_the_document_and_its_income() -> None:
    matter = make_matter()
    matter.order(AT + DAY, measure="only_forward")
    assert not Restriction.objects.active().exists()
    assert effects(matter.item)[-2:] == ["lift", "release_income"]


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
