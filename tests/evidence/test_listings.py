"""The key of a document is its number: what becomes of each file that comes in."""

from datetime import date

import pytest

from evidence.actors import SYSTEM
from evidence.intake import read_blob
from evidence.ledger import LedgerEntry
from evidence.listings import TakenIn, take_in
from evidence.models import Blob, Document, DocumentVersion, Match, SellerAccount, Text
from tests.extractors.making import (
    ANOTHER,
    SENTENCE,
    docx,
    listing_html,
    listing_page,
    paragraph,
)
from tests.factories import AT, make_party, make_work
from tests.matching.memory import make_text as make_words

pytestmark = pytest.mark.django_db
PAGE = listing_page(f"1、{SENTENCE * 5}").encode()
OTHER_PAGE = listing_page(f"1、{ANOTHER * 5}").encode()
FILE = docx(paragraph(make_words(400, 1)))


def taken(content: bytes, name: str = "a.txt", *, number: str | None = None) -> TakenIn:
    return take_in(content, name=name, number=number, at=AT, by=SYSTEM)


def current(result: TakenIn) -> DocumentVersion:
    assert result.document is not None
    version = Document.objects.get(pk=result.document.pk).current
    assert version is not None
    return version


def test_a_listing_becomes_a_document_with_what_it_says() -> None:
    result = taken(PAGE)
    version = current(result)

    assert result.status == "created"
    assert version.document.number == "700000123"
    assert version.document.seller.mask == "Q**7"
    assert version.title == "社区图书室夏季开放方案"
    assert version.uploaded_on == date(2024, 3, 5)
    assert (version.format, version.size_bytes, version.pages) == ("DOCX", 1572864, 12)
    assert version.tags == ["读书会", "夏令安排", "志愿者"]
    assert version.text.content == SENTENCE * 5
    assert version.text.state == "ok"


def test_the_same_number_and_bytes_change_nothing() -> None:
    taken(PAGE)
    again = taken(PAGE, "renamed.txt")

    assert again.status == "unchanged"
    assert DocumentVersion.objects.count() == LedgerEntry.objects.count() == 1


def test_other_content_under_a_number_is_a_new_version_and_the_old_is_kept() -> None:
    taken(PAGE)
    result = taken(OTHER_PAGE)

    assert result.status == "new_version"
    assert current(result).ordinal == 2
    first = DocumentVersion.objects.get(ordinal=1)
    assert first.text.content == SENTENCE * 5
    assert read_blob(first.text.blob) == PAGE
    assert taken(PAGE).status == "new_version"


def test_the_same_bytes_under_another_number_copy_each_other() -> None:
    taken(PAGE)
    result = taken(PAGE, number="700000124")

    assert result.status == "created"
    assert Document.objects.count() == 2
    assert Blob.objects.count() == Text.objects.count() == 1
    match = Match.objects.get()
    assert match.query == match.found == result.text
    assert match.containment_query == match.containment_found == 1


def test_an_upload_of_the_very_sample_of_a_work_is_found() -> None:
    sample = taken(FILE, "a.docx").text
    assert sample is not None
    make_work(party=make_party(), text=sample)
    assert not Match.objects.exists()

    taken(FILE, "a.docx", number="700000125")
    assert Match.objects.filter(query=sample, found=sample).count() == 1


def test_a_bare_file_is_numbered_by_its_bytes() -> None:
    version = current(taken(FILE, "上册/施工 方案.docx"))

    assert version.document.number == f"F-{version.text.blob.sha256[:12]}"
    assert (version.title, version.format) == ("施工 方案", "DOCX")
    assert version.size_bytes == len(FILE)
    assert (version.uploaded_on, version.tags) == (None, [])


def test_a_file_under_the_number_of_a_listing_keeps_what_only_the_listing_knew() -> (
    None
):
    taken(PAGE)
    version = current(taken(FILE, "x.docx", number="700000123"))

    assert version.ordinal == 2
    assert version.title == "社区图书室夏季开放方案"
    assert (version.uploaded_on, version.pages) == (date(2024, 3, 5), 12)
    assert version.tags == ["读书会", "夏令安排", "志愿者"]
    assert version.size_bytes == len(FILE)
    assert taken(PAGE).status == "unchanged"
    assert taken(FILE, "x.docx", number="700000123").status == "unchanged"


def test_a_listing_names_a_file_that_was_there_before_it() -> None:
    taken(FILE, "x.docx", number="700000123")
    version = current(taken(PAGE))

    assert version.title == "社区图书室夏季开放方案"
    assert version.document.seller.mask == "Q**7"


def test_one_mask_on_two_listings_is_two_accounts() -> None:
    first = taken(PAGE).document
    second = taken(OTHER_PAGE, number="700000126").document
    again = taken(OTHER_PAGE).document

    assert first
    assert second
    assert again
    assert first.seller_id != second.seller_id
    assert first.seller_id == again.seller_id
    assert set(SellerAccount.objects.values_list("mask", flat=True)) == {"Q**7"}


def test_documents_of_a_known_account_share_it_and_its_mask_stands() -> None:
    account = SellerAccount.objects.create(marketplace_id="8812", mask="林*")
    for content in (PAGE, FILE):
        take_in(content, name="", seller=account, at=AT, by=SYSTEM)

    assert account.documents.count() == 2
    assert SellerAccount.objects.get().mask == "林*"


def test_a_listing_without_a_number_is_numbered_as_a_file() -> None:
    version = current(taken(listing_page(SENTENCE * 4, number=None).encode()))

    assert version.document.number.startswith("F-")
    assert version.title == "社区图书室夏季开放方案"
    assert version.text.content == SENTENCE * 4


def test_as_text_the_page_itself_is_the_document() -> None:
    result = take_in(PAGE, name="a.txt", reading="text", at=AT, by=SYSTEM)

    assert result.document is not None
    assert result.document.number.startswith("F-")
    assert result.text is not None
    assert "文档编号" in result.text.content


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"", "a.txt", "empty"),
        (b"\x7fELF" + bytes(64), "a.txt", "binary"),
        (b"PK\x03\x04 broken", "a.docx", "malformed"),
        (b"%PDF-1.7 broken", "a.pdf", "malformed"),
        (SENTENCE.encode(), "a.exe", "unknown_type"),
        (listing_page(SENTENCE, number="9" * 60).encode(), "a.txt", "bad_number"),
    ],
)
def test_a_refused_file_is_kept_and_makes_no_document(
    content: bytes, name: str, error: str
) -> None:
    result = taken(content, name)

    assert (result.status, result.error) == ("failed", error)
    assert not Document.objects.exists()
    assert not SellerAccount.objects.exists()
    assert result.text is not None
    assert read_blob(result.text.blob) == content


def test_a_text_forced_to_be_a_listing_has_to_be_one() -> None:
    result = take_in("随便".encode(), name="a", reading="listing", at=AT, by=SYSTEM)
    assert result.error == "not_a_listing"


def test_figures_beyond_reason_are_not_known() -> None:
    page = listing_page(SENTENCE * 4).replace("12页", "9" * 30 + "页")
    page = page.replace("/ 12 举报", "举报")
    page = page.replace("1.5MB", "9" * 400 + "MB")
    version = current(taken(page.encode()))

    assert (version.pages, version.size_bytes) == (None, None)


def test_an_html_page_and_its_script() -> None:
    page = listing_html(f"1、{SENTENCE * 4}<script>{ANOTHER}</script>")
    version = current(taken(page, "page.html"))

    assert version.document.number == "700000123"
    assert version.text.content.strip() == SENTENCE * 4


def test_the_ledger_holds_what_came_in_by_number_and_digest() -> None:
    taken(PAGE)
    taken(OTHER_PAGE)
    entries = LedgerEntry.objects.order_by("seq")

    assert [entry.kind for entry in entries] == [
        "document.received",
        "document.version",
    ]
    assert {entry.stream for entry in entries} == {"document:700000123"}
    assert [entry.actor for entry in entries] == ["system", "system"]
    version = DocumentVersion.objects.get(ordinal=2)
    assert entries[1].payload == {
        "document": "700000123",
        "version": 2,
        "text": version.text_id,
        "blob": version.text.blob.sha256,
    }
