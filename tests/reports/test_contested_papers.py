"""Every letter of a contested case, and section 10 of its file: what each side reads
and what neither side learns of the other."""

from datetime import timedelta
from typing import Any

import pytest

from cases.answering import cure_counter, file_counter
from cases.curing import cure
from cases.extending import Plea, ask_extension, extend, refuse_extension
from cases.firing import fire_due
from cases.merging import merge
from cases.models import Deadline, Notice
from cases.proceedings import Particulars, enter_order, prove
from cases.registration import Proof, Upload
from cases.services import advance, claim
from cases.splitting import split
from evidence.actors import SYSTEM, Role
from evidence.models import PersonalDetails, Text
from evidence.pipeline import process
from reports.kinds.case_facts import facts_of
from reports.kinds.case_rows import rows_of
from reports.letters import TEMPLATES, letter_of
from tests.cases.journeys import PAPER, REASONING, Matter, answer, make_matter
from tests.factories import AT, make_case, make_document

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLAIMANT = {"phone": "13987650001", "address": "成都市武侯区秘密巷七号"}
UPLOADER = {"phone": "13611110002", "address": "杭州市隐蔽路九号", "name": "毛强"}


def told_matter(**facts: Any) -> Matter:
    matter = make_matter(**facts)
    seller = matter.item.document.seller.party_id
    PersonalDetails.objects.filter(party=matter.party).update(
        phone=CLAIMANT["phone"], address=CLAIMANT["address"]
    )
    PersonalDetails.objects.filter(party=seller).update(
        phone=UPLOADER["phone"], address=UPLOADER["address"]
    )
    return matter


def cured_and_accepted() -> None:
    matter = told_matter(state="claimed", items=2)
    defects = {"codes": ["D03"], "defects": {"D03": "没有登记证书。"}}
    advance(matter.case, "find_defects", by=matter.moderator, at=AT, **defects)
    cure(
        matter.case,
        answers={"D03": "附登记证书。"},
        proofs={"D03": [Proof("certificate", PAPER)]},
        by=matter.claimant,
        at=AT,
    )
    claim(matter.case, by=matter.moderator, at=AT)
    split(matter.case, [1], by=matter.moderator, at=AT)
    advance(matter.case, "accept", by=matter.moderator, at=AT, profile="civil")
    matter.let_go(AT, matter.items)


def lapsed_and_refused() -> None:
    matter = told_matter(state="claimed")
    defects = {"codes": ["D01"], "defects": {"D01": "证件模糊。"}}
    advance(matter.case, "find_defects", by=matter.moderator, at=AT, **defects)
    fire_due(at=AT + 60 * DAY)
    other = told_matter(state="claimed")
    claim(other.case, by=other.legal, at=AT + HOUR)
    facts = {"refusal": "no_right", "reasoning": REASONING}
    advance(other.case, "reject", by=other.legal, at=AT + HOUR, **facts)


def answered_cured_and_restored() -> None:
    matter = told_matter()
    counter = matter.answer(AT)
    claim(matter.case, by=matter.moderator, at=AT)
    defects = {"codes": ["C03"], "defects": {"C03": "底稿没有日期。"}}
    advance(counter, "find_defects", by=matter.moderator, at=AT, **defects)
    answers = {"C03": "补交修改记录。"}
    cure_counter(counter, answers=answers, proofs=[], by=matter.uploader, at=AT)
    matter.forward(counter, AT)
    plea, proof = Plea("notarisation", 3, REASONING), [Proof("notary", PAPER)]
    claim(matter.case, by=matter.legal, at=AT + HOUR)
    for answer_to in ("refused", "granted"):
        ask_extension(matter.item, plea, proofs=proof, by=matter.claimant, at=AT)
        if answer_to == "refused":
            refuse_extension(
                matter.item, reasoning=REASONING, by=matter.legal, at=AT + HOUR
            )
    extend(matter.item, plea, by=matter.legal, at=AT + HOUR)
    fire_due(at=AT + 60 * DAY)


def lapsed_rejected_and_withdrawn() -> None:
    matter = told_matter()
    counter = matter.answer(AT)
    claim(matter.case, by=matter.moderator, at=AT)
    defects = {"codes": ["C04"], "defects": {"C04": "没有签名。"}}
    advance(counter, "find_defects", by=matter.moderator, at=AT, **defects)
    term = Deadline.objects.open().get(clock="counter_cure")
    fire_due(at=term.due_at)
    at = term.due_at
    counter = matter.answer(at)
    claim(matter.case, by=matter.legal, at=at)
    facts = {"refusal": "blank", "reasoning": REASONING}
    advance(counter, "reject", by=matter.legal, at=at, **facts)
    matter.answer(at)
    matter.let_go(at, None)


def sued_proved_and_upheld() -> None:
    matter = told_matter()
    waiting = matter.wait(AT)
    suit = matter.sue(waiting.due_at - HOUR)
    prove(suit, [Proof("docket", PAPER)], by=matter.claimant, at=waiting.due_at)
    claim(matter.case, by=matter.legal, at=waiting.due_at)
    legal, at = matter.legal, waiting.due_at
    advance(suit, "return_proof", by=legal, at=at, reasoning=REASONING)
    prove(suit, [Proof("docket", PAPER)], by=matter.claimant, at=at)
    advance(suit, "acknowledge", by=legal, at=at)
    prove(suit, [Proof("docket", PAPER)], by=matter.claimant, at=at)
    advance(suit, "verify", by=legal, at=at)
    facts = {"outcome": "upheld", "reasoning": REASONING}
    advance(suit, "conclude", by=legal, at=at, **facts)


def sued_and_never_proved() -> None:
    matter = told_matter()
    waiting = matter.wait(AT)
    matter.sue(waiting.due_at - HOUR)
    fire_due(at=waiting.due_at + 60 * DAY)


def cured_by_edit_and_ordered() -> None:
    matter = told_matter()
    upload = Upload("新版正文，已删去涉案段落，余下均为自写。".encode(), "新版.txt")
    facts = answer(ground="removed", amended=upload, proofs=[])
    counter = file_counter(matter.item, facts, by=matter.uploader, at=AT)
    amended = Text.objects.get(pk=counter.amended_id)
    process(amended.pk, at=AT)
    claim(matter.case, by=matter.moderator, at=AT)
    cure_facts = {"containment_permille": 0, "reasoning": REASONING}
    advance(counter, "accept_cure", by=matter.moderator, at=AT, **cure_facts)
    assert matter.state() == "restored"
    document = matter.item.document
    assert document.current is not None
    assert document.current.text_id == amended.pk
    claim(matter.case, by=matter.legal, at=AT + HOUR)
    enter_order(
        matter.case,
        [matter.item],
        Particulars("preservation", "成都市中级人民法院", AT.date(), "行保 1 号"),
        measure="remove",
        paper=Proof("order", PAPER),
        by=matter.legal,
        at=AT + HOUR,
    )


def ordered_and_let_go() -> None:
    for state in ("measured", "final"):
        matter = told_matter(state=state)
        matter.conclude(matter.order(AT + HOUR), "ended", AT + DAY)
        assert matter.state() == state


def sued_after_the_final() -> None:
    for outcome, state in (("retracted", "final"), ("dismissed", "restored")):
        matter = told_matter(state="final")
        suit = matter.sue(AT + HOUR, proofs=[Proof("docket", PAPER)])
        matter.conclude(suit, outcome, AT + DAY)
        assert matter.state() == state


def ordered_while_sued() -> None:
    matter = told_matter()
    matter.sue(AT + HOUR, proofs=[Proof("docket", PAPER)])
    matter.conclude(matter.order(AT + 2 * HOUR), "ended", AT + DAY)
    assert matter.state() == "litigating"


def restored_at_once() -> None:
    matter = told_matter(profile="regulation")
    matter.forward(matter.answer(AT), AT)


def reversed_on_complaint() -> None:
    matter = told_matter(profile="dsa")
    counter = matter.answer(AT)
    claim(matter.case, by=matter.legal, at=AT + HOUR)
    advance(counter, "reverse", by=matter.legal, at=AT + HOUR, reasoning=REASONING)


def unanswered() -> None:
    told_matter()
    told_matter(state="no_measure")
    unreached = told_matter().item
    advance(unreached, "announce", by=SYSTEM, at=AT + 4 * DAY, ground="failed")
    fire_due(at=AT + 60 * DAY)


def merged_and_taken_apart() -> None:
    for state in ("claimed", "accepted"):
        matter = told_matter(state=state)
        twin = make_case(
            state=state,
            claimant=matter.party,
            documents=[matter.item.document, make_document()],
            work=matter.item.work,
            by=matter.moderator,
        )
        merge(twin, matter.case, by=matter.moderator, at=AT + HOUR)
        step = "unmerge_accepted" if state == "accepted" else "unmerge"
        merged = type(twin).objects.get(pk=twin.pk)
        advance(merged, step, by=matter.legal, at=AT + HOUR)


JOURNEYS = (
    cured_and_accepted,
    lapsed_and_refused,
    answered_cured_and_restored,
    lapsed_rejected_and_withdrawn,
    sued_proved_and_upheld,
    sued_and_never_proved,
    cured_by_edit_and_ordered,
    ordered_and_let_go,
    ordered_while_sued,
    sued_after_the_final,
    restored_at_once,
    reversed_on_complaint,
    unanswered,
    merged_and_taken_apart,
)


def test_every_letter_is_written_in_some_life_and_tells_nobody_too_much(
    settings: Any,
) -> None:
    settings.CLOCK_PROFILES = ["civil", "regulation", "dsa"]
    for journey in JOURNEYS:
        journey()
    seen = set()
    for notice in Notice.objects.select_related("entry", "case", "item"):
        body = str(letter_of(notice).body)
        audience = Role(notice.audience)
        seen.add((notice.entry.kind, audience))
        hidden = CLAIMANT if audience == Role.UPLOADER else UPLOADER
        for value in (hidden["phone"], hidden["address"]):
            assert value not in body, notice.entry.kind
        if audience == Role.CLAIMANT:
            assert UPLOADER["name"] not in body, notice.entry.kind
        assert "None" not in body
        assert "（）" not in body, notice.entry.kind
    # Letters about reports have tests of their own (tests/reporting).
    elsewhere = ("report.", "appeal.", "account.")
    ours = {key for key in TEMPLATES if not key[0].startswith(elsewhere)}
    assert ours == seen


@pytest.mark.parametrize("edition", ["full", "redacted"])
def test_section_ten_tells_answers_and_suits_and_masks_the_uploader(
    edition: str,
) -> None:
    matter = told_matter()
    waiting = matter.wait(AT)
    matter.sue(waiting.due_at - HOUR, proofs=[Proof("docket", PAPER)])
    facts = facts_of(rows_of(matter.case.pk), edition, at=waiting.due_at)
    [counter] = facts["contest"]["counter_notices"]
    [suit] = facts["contest"]["proceedings"]
    assert counter["party"] == ("毛强" if edition == "full" else "毛*")
    assert suit["timely"]
    numbers = {line["number"] for line in facts["manifest"]}
    assert {counter["exhibits"], suit["exhibits"]} <= numbers
    assert facts["proceeds"]["documents"][0]["income"] == "暂停结算收益"
