"""改后重交: a mended file is compared, shown, handed out, restored by a person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.appeals import file_appeal
from cases.errors import CaseMovedOn, NotPermitted
from cases.firing import fire_due
from cases.mending import mending_of
from cases.models import Appeal, Case, Notice, Restriction, Strike
from cases.registration import Upload
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence import ledger, pipeline
from evidence.actors import Actor
from evidence.models import Document, SellerAccount
from reports.letters import letter_of
from tests.factories import AT, make_document, make_text, make_user
from tests.gate.sellers import make_seller, on_sale, words
from tests.reporting.matters import again, appeal_of, facts_for, report, staff

pytestmark = pytest.mark.django_db
OFFENDING = words(1, 60)
MARKED = words(2, 60)
PLAIN = words(3, 900)
ANSWER = "新版已删去第二页的名单，比对没有再发现，予以恢复。"


class Matter:
    """A document taken down for a passage that the ruling cites."""

    def __init__(self, days: int = 0) -> None:
        self.seller, self.by = make_seller()
        content = f"{PLAIN}\n{OFFENDING}\n{MARKED}"
        self.document = on_sale(content, seller=self.seller)
        case = report(self.document, "A8", quote=MARKED).report.case
        examiner = staff()
        claim(case, by=examiner, at=AT)
        facts = facts_for(again(case), passage=OFFENDING, days=days)
        advance(again(case), "decide", by=examiner, at=AT, **facts)
        self.case = again(case)

    def hand_in(self, content: str, *, read: bool = True) -> Appeal:
        appeal = appeal_with(self.case, self.seller, self.document, content, self.by)
        if read:
            pipeline.process(appeal.mended_id or 0, at=AT)
        return Appeal.objects.select_related("mended", "document").get(pk=appeal.pk)

    def restore(self, appeal: Appeal, by: Actor | None = None) -> None:
        by = by or staff("senior")
        advance(appeal, "restore_mended", by=by, at=AT, answer=ANSWER)


def appeal_with(
    case: Case, seller: SellerAccount, document: Document, content: str, by: Actor
) -> Appeal:
    return file_appeal(
        case,
        ground="mended",
        statement="已经删去第二页的名单，请恢复。",
        by=by,
        at=AT,
        seller=seller,
        upload=Upload(content.encode(), "新版.txt"),
        document=document,
    )


def shown(appeal: Appeal) -> Any:
    return mending_of(appeal, at_desk=True)


def test_what_was_cited_is_looked_for_in_the_mended_file() -> None:
    matter = Matter()
    mending = shown(matter.hand_in(f"{PLAIN}\n{OFFENDING[:30]} \n{OFFENDING[30:]}"))
    assert mending.state == "still", "blanks hide nothing"
    [kept] = mending.kept
    assert kept.text.replace(" \n", "") == OFFENDING


def test_a_mended_file_without_it_is_said_to_be_clean() -> None:
    assert shown(Matter().hand_in(PLAIN)).state == "clean"


def test_a_passage_that_a_reader_marked_is_for_the_desk_alone() -> None:
    appeal = Matter().hand_in(f"{PLAIN}\n{MARKED}")
    assert shown(appeal).state == "still"
    told = mending_of(appeal)
    assert told is not None
    assert (told.state, told.kept) == ("clean", [])


def test_the_same_text_again_is_said_to_be_no_change_and_cannot_be_restored() -> None:
    matter = Matter()
    appeal = matter.hand_in(f"{PLAIN}\n{OFFENDING}\n{MARKED}")
    assert shown(appeal).state == "same"
    with pytest.raises(CaseMovedOn):
        matter.restore(appeal)


def test_a_file_that_now_copies_somebody_else_says_so() -> None:
    other = on_sale(words(4, 1200))
    [lead] = shown(Matter().hand_in(words(4, 1200))).leads
    assert lead.document == other
    assert lead.share == 100


def test_nothing_is_restored_before_the_file_has_been_compared() -> None:
    matter = Matter()
    appeal = matter.hand_in(PLAIN, read=False)
    assert shown(appeal).state == "waiting"
    with pytest.raises(CaseMovedOn):
        matter.restore(appeal)


def test_a_file_that_cannot_be_read_says_so() -> None:
    matter = Matter()
    appeal = file_appeal(
        matter.case,
        ground="mended",
        statement="已经删去第二页的名单，请恢复。",
        by=matter.by,
        at=AT,
        seller=matter.seller,
        upload=Upload(b"MZ\x90\x00" * 9, "新版.docx"),
        document=matter.document,
    )
    assert shown(appeal).state == "unreadable"


def test_a_person_restores_it_and_the_mended_file_is_what_is_shown() -> None:
    matter = Matter(days=30)
    appeal = matter.hand_in(PLAIN)
    with pytest.raises(NotPermitted):
        matter.restore(appeal, staff())
    matter.restore(appeal)
    document = Document.objects.get(pk=matter.document.pk)
    assert not visibility(document).is_down
    assert document.current is not None
    assert document.current.text_id == appeal.mended_id
    assert document.versions.count() == 2, "the old one stays as evidence"
    case = again(matter.case)
    assert (case.state, case.outcome) == ("decided", "upheld")
    assert Strike.objects.filter(void_at__isnull=True).count() == 1
    assert not case.deadlines.open().filter(clock="duration").exists()
    letters = Notice.objects.filter(entry__kind="appeal.restore_mended")
    assert sorted(each.audience for each in letters) == ["reporter", "uploader"]
    said = {each.audience: letter_of(each).body for each in letters}
    assert "取代原文件" in said["uploader"]
    assert ANSWER not in said["reporter"]


def test_another_case_on_the_document_keeps_it_down() -> None:
    matter = Matter()
    other = again(report(matter.document, "A7").report.case)
    by = staff()
    claim(other, by=by, at=AT)
    advance(other, "decide", by=by, at=AT, **facts_for(other))
    matter.restore(matter.hand_in(PLAIN))
    [row] = Restriction.objects.active()
    assert row.reported is not None
    assert row.reported.case_id == other.pk


class Pair:
    """Two uploads of one text, both taken down for a week; one is handed in mended."""

    def __init__(self) -> None:
        seller, by = make_seller()
        text = make_text("同一篇文章的全文")
        self.mended, self.other = (
            make_document(text=text, seller=seller) for _ in range(2)
        )
        case = report(self.mended, "A8").report.case
        assert report(self.other, "A8").report.case == case
        examiner = staff()
        claim(case, by=examiner, at=AT)
        facts = facts_for(again(case), days=7)
        advance(again(case), "decide", by=examiner, at=AT, **facts)
        self.case = again(case)
        self.appeal = appeal_with(self.case, seller, self.mended, PLAIN, by)
        pipeline.process(self.appeal.mended_id or 0, at=AT)

    def restore(self, at: datetime) -> None:
        appeal = Appeal.objects.get(pk=self.appeal.pk)
        by = staff("senior")
        advance(appeal, "restore_mended", by=by, at=at, answer=ANSWER)

    def down(self) -> list[bool]:
        return [visibility(each).is_down for each in (self.mended, self.other)]


def test_the_other_document_of_the_case_stays_down_until_its_own_week_is_over() -> None:
    pair = Pair()
    pair.restore(AT + timedelta(days=1))
    assert pair.down() == [False, True]
    ruling = pair.case.rulings.latest("at", "pk")
    assert (len(ruling.measures), ruling.days) == (1, 7), "what the file says of it"
    fire_due(at=AT + timedelta(days=7))
    assert pair.down() == [False, False]


def test_what_has_ended_meanwhile_is_not_taken_down_again() -> None:
    """Nobody would ever lift it: its term is over."""
    pair = Pair()
    week = AT + timedelta(days=7)
    fire_due(at=week)
    assert pair.down() == [False, False]
    pair.restore(week + timedelta(days=1))
    assert pair.down() == [False, False]
    ruling = pair.case.rulings.latest("at", "pk")
    assert (ruling.measures, ruling.days) == ({}, 0)


def test_only_what_the_case_restricts_can_be_mended() -> None:
    matter = Matter()
    foreign = on_sale(words(5, 400), seller=matter.seller)
    with pytest.raises(NotPermitted):
        appeal_with(matter.case, matter.seller, foreign, PLAIN, matter.by)


def test_the_desk_sees_the_outcome_and_takes_the_file_on_the_record(
    client: Client,
) -> None:
    matter = Matter()
    appeal = matter.hand_in(f"{PLAIN}\n{OFFENDING}")
    client.force_login(make_user(duty="senior"))
    page = client.get(reverse("desk_report", args=[matter.case.reference]))
    content = page.content.decode()
    assert 'data-mending="still"' in content
    assert f"<mark>{OFFENDING}</mark>" in content
    handed = client.post(
        reverse("desk_appeal_file", args=[matter.case.reference, appeal.public_id])
    )
    assert b"".join(handed.streaming_content).decode().startswith(PLAIN)  # type: ignore[attr-defined]
    entries = ledger.entries_of([matter.case.stream])
    assert entries.filter(kind="case.appeal_file").count() == 1
    seller = Client()
    seller.force_login(matter.seller.party.memberships.get().user)  # type: ignore[union-attr]
    told = seller.get(reverse("seller_appeal", args=[matter.case.reference]))
    assert 'data-mending="still"' in told.content.decode()


def test_an_appeal_without_a_mended_file_cannot_be_restored_by_one() -> None:
    appeal = appeal_of(Matter().case)
    with pytest.raises(CaseMovedOn):
        advance(appeal, "restore_mended", by=staff("senior"), at=AT, answer=ANSWER)
