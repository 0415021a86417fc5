"""What the worker finds after a paper has come: a likeness of a document under notice,
and what a new version of it still holds of the work."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cases.attaching import KIND, attach_matches
from cases.errors import CaseMovedOn
from cases.models import CaseItem, CounterNotice, Notice
from cases.services import advance
from cases.timekeeping import keep_time
from evidence import ledger, pipeline
from evidence.intake import receive_text
from evidence.ledger import LedgerEntry
from evidence.models import Text, Work
from reports.kinds.case_facts import facts_of
from reports.kinds.case_rows import rows_of
from reports.letters import letter_of
from tests.cases.journeys import REASONING, make_matter
from tests.cases.pages import Pages, files, pages_of
from tests.factories import (
    make_case,
    make_document,
    make_moderator,
    make_party,
    make_user,
    make_work,
)
from tests.matching.memory import make_text as make_words

WORDS, OTHER = make_words(1_500, 21), make_words(1_500, 22)
LATER = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def received(words: str, name: str = "正文.txt") -> Text:
    """A file that nobody has read yet."""
    text = receive_text(words.encode(), name=name, at=timezone.now())
    pipeline.ask_again(text)
    return text


def compare(*texts: Text) -> None:
    for text in texts:
        pipeline.process(text.pk, at=timezone.now())


def test_a_likeness_found_after_the_notice_is_evidence_and_changes_nothing() -> None:
    now, moderator = timezone.now(), make_moderator()
    sample, upload = received(WORDS), received(WORDS + OTHER, "文档.txt")
    party = make_party(user=make_user())
    case = make_case(
        state="measured",
        claimant=party,
        work=make_work(party=party, text=sample),
        documents=[make_document(text=upload)],
        by=moderator,
        at=now,
    )
    # Nothing to attach yet; its seller has no account, so it is announced.
    assert keep_time(at=now)["attached"] == 0
    before = CaseItem.objects.get()
    letter = Notice.objects.get(kind="forwarding")
    written = letter_of(letter).body
    assert before.match is None
    compare(sample, upload)
    # What the worker does each time it comes round, whichever command runs it.
    assert keep_time(at=now + LATER)["attached"] == 1
    item = CaseItem.objects.get()
    assert item.match is not None
    assert item.match.containment_query > 0.9
    assert (item.state, item.version) == (before.state, before.version)
    # What was written before does not speak of it, whenever it is read.
    assert letter_of(Notice.objects.get(pk=letter.pk)).body == written
    entry = LedgerEntry.objects.get(kind=KIND)
    assert (entry.stream, entry.payload["item"]) == (case.reference, item.pk)
    assert ledger.verify().breaks == ()
    told = facts_of(rows_of(case.pk), "full", at=now + LATER)
    [facts] = told["comparison"]
    assert facts["match"] is not None
    assert attach_matches(at=now + LATER) == 0


def cured(pages: Pages, words: str) -> dict[str, Any]:
    upload = SimpleUploadedFile("新版.txt", words.encode())
    return {"ground": "removed", "amended": upload, **files()}


def test_a_new_version_is_compared_again_in_each_round_and_both_read_what_is_left() -> (
    None
):
    """Half of the work left, a file that nobody can read, then none of it."""
    pages = pages_of()
    sample = received(WORDS)
    item = pages.matter.item
    Work.objects.filter(pk=item.work_id).update(sample=sample)
    compare(sample)
    url = f"/seller/items/{item.public_id}/"
    counter = pages.answer(**cured(pages, WORDS[:700] + OTHER))
    assert "正在重新比对" in pages.read("moderator", pages.desk_url)
    assert f"/{counter.public_id}/accept_cure/" not in pages.read(
        "moderator", pages.desk_url
    )
    assert counter.amended is not None
    compare(counter.amended)
    for who, page in (("moderator", pages.desk_url), ("uploader", url)):
        shown = pages.read(who, page)
        assert "% 的文字" in shown, who
        assert "没有发现相同段落" not in shown
    defects = {"C03": "仍有作品的前半部分，请删除后再提交。"}
    pages.step("moderator", counter, "find_defects", **defects)
    counter.refresh_from_db()
    cure = f"/seller/answers/{counter.public_id}/"
    form = {"version": counter.version, "C03": "已全部删除。", **files()}
    broken = SimpleUploadedFile("新版.docx", b"MZ not a document")
    answer = pages.client("uploader").post(cure, form | {"amended": broken})
    assert answer.context["form"].errors["amended"]
    clean = SimpleUploadedFile("新版二.txt", OTHER.encode())
    pages.send("uploader", cure, form | {"amended": clean})
    counter = CounterNotice.objects.select_related("amended").get()
    assert counter.amended_name == "新版二.txt"
    assert counter.amended is not None
    compare(counter.amended)
    for who, page in (("moderator", pages.desk_url), ("uploader", url)):
        assert "没有发现相同段落" in pages.read(who, page), who
    pages.step("moderator", counter, "accept_cure", reasoning=REASONING)
    for side in ("uploader", "claimant"):
        letter = pages.letter("restoration", side)
        assert "没有发现与所称作品相同的段落" in letter
        assert REASONING in letter
    assert pages.matter.state() == "restored"
    document = pages.matter.item.document
    document.refresh_from_db()
    assert document.current is not None
    assert document.current.text_id == counter.amended_id
    assert Client().get(f"/documents/{document.number}/").status_code == 200
    assert pages.income() == ("released", True)
    sealed = LedgerEntry.objects.filter(kind="counter_notice.cure").get()
    assert sealed.payload["amended"] == counter.amended.blob.sha256


def test_a_file_without_a_text_cannot_cure_anything() -> None:
    pages = Pages(make_matter(at=timezone.now()))
    counter = pages.answer(**cured(pages, "12345 67890"))
    assert counter.amended is not None
    compare(counter.amended)
    pages.take_over("moderator")
    page = pages.read("moderator", pages.desk_url)
    assert "无法读取，不能比对" in page
    assert f"/{counter.public_id}/accept_cure/" not in page
    assert "无法读取，不能比对" in pages.read(
        "uploader", f"/seller/items/{pages.matter.item.public_id}/"
    )


@pytest.mark.parametrize("waiting", [True, False], ids=["queued", "without a text"])
def test_a_sample_that_cannot_be_compared_cures_nothing(waiting: bool) -> None:
    """That nothing was found says nothing where nothing could be found."""
    pages = pages_of()
    sample = received(OTHER if waiting else "12345 67890")
    Work.objects.filter(pk=pages.matter.item.work_id).update(sample=sample)
    if not waiting:
        compare(sample)
    counter = pages.answer(**cured(pages, WORDS))
    assert counter.amended is not None
    compare(counter.amended)
    page = pages.read("moderator", pages.desk_url)
    assert f"/{counter.public_id}/accept_cure/" not in page
    assert ("正在重新比对" if waiting else "作品样本无法读取") in page
    facts = {"containment_permille": 0, "reasoning": REASONING}
    with pytest.raises(CaseMovedOn):
        advance(
            counter,
            "accept_cure",
            by=pages.matter.moderator,
            at=timezone.now(),
            **facts,
        )


def test_nobody_can_claim_that_less_is_left_than_was_found() -> None:
    pages = pages_of()
    sample = received(WORDS)
    Work.objects.filter(pk=pages.matter.item.work_id).update(sample=sample)
    compare(sample)
    counter = pages.answer(**cured(pages, WORDS[:700] + OTHER))
    assert counter.amended is not None
    compare(counter.amended)
    facts = {"containment_permille": 0, "reasoning": REASONING}
    with pytest.raises(CaseMovedOn):
        advance(
            counter,
            "accept_cure",
            by=pages.matter.moderator,
            at=timezone.now(),
            **facts,
        )
    assert pages.matter.state() == "counter_review"


def accept(counter: CounterNotice, pages: Pages) -> None:
    """As somebody would who says that nothing is left."""
    facts = {"containment_permille": 0, "reasoning": REASONING}
    moderator = pages.matter.moderator
    advance(counter, "accept_cure", by=moderator, at=timezone.now(), **facts)
