"""The public pages: what they show, and what a restriction takes from them at once."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from cases.models import CaseItem, Restriction
from evidence.actors import SYSTEM
from evidence.ledger import LedgerEntry
from evidence.listings import take_in
from evidence.models import Document, SellerAccount, Text
from tests.evidence.seed import seed_page
from tests.extractors.making import SENTENCE, docx, listing_page, paragraph
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_party,
    make_text,
    make_user,
)

pytestmark = pytest.mark.django_db
LEVELS = [level.value for level in Restriction.Level]
WORDS_OF_ACCUSATION = ("侵权", "投诉人", "违法", "侵犯")
FILE = docx(paragraph(SENTENCE * 3))


def held(title: str = "施工方案", **fields: object) -> Document:
    """A document whose file is held, under a title of our choice."""
    found = take_in(FILE, name=f"{title}.docx", number="7000", at=AT, by=SYSTEM)
    assert found.document is not None
    return found.document


def restrict(document: Document, level: str) -> Restriction:
    case = make_case(documents=[document])
    item = CaseItem.objects.get(case=case)
    return Restriction.objects.create(
        document=document, item=item, level=level, placed_at=AT
    )


def page_of(client: Client, document: Document) -> str:
    return client.get(f"/documents/{document.number}/").content.decode()


def test_the_page_shows_what_the_listing_states(client: Client) -> None:
    page = listing_page(f"1、{SENTENCE * 10}").encode()
    take_in(page, name="a.txt", at=AT, by=SYSTEM)
    response = client.get("/documents/700000123/")
    shown = response.content.decode()

    assert response.status_code == 200
    for fact in ("社区图书室夏季开放方案", "700000123", "Q**7", "2024-03-05", "DOCX"):
        assert fact in shown
    assert "1.5" in shown
    assert "<dd>12</dd>" in shown
    assert SENTENCE in shown
    assert "读书会" in shown
    assert "noindex" not in shown


def test_the_seed_page_shows_its_segments_as_segments(client: Client) -> None:
    take_in(seed_page().read_bytes(), name="a.txt", at=AT, by=SYSTEM)
    shown = client.get("/documents/483611177/").content.decode()

    assert "预览第 1 段" in shown
    assert "预览第 8 段" in shown
    assert "第 1 页" not in shown
    assert "M****1" in shown


def test_a_text_is_shown_as_text_and_not_as_markup(client: Client) -> None:
    text = make_text("<script>alert(1)</script>" + SENTENCE)
    shown = page_of(client, make_document(text=text, title="<b>方案</b>"))

    assert "<script>alert" not in shown
    assert "<b>方案" not in shown
    assert "&lt;script&gt;alert" in shown


def test_a_long_text_is_cut_and_says_so(client: Client) -> None:
    shown = page_of(client, make_document(text=make_text("文" * 7000)))
    assert "全文共" in shown
    assert "文" * 6001 not in shown


@pytest.mark.parametrize("level", LEVELS)
def test_each_restriction_takes_what_it_says_at_once(
    client: Client, level: str
) -> None:
    document = held()
    restriction = restrict(document, level)
    response = client.get("/documents/7000/")
    shown = response.content.decode()
    found = client.get("/documents/", {"q": "施工"}).content.decode()
    down = level in ("interim_down", "remove")

    assert response.status_code == (410 if down else 200)
    assert ("施工方案" in shown) is not down
    assert ("/documents/7000/" in found) is not down
    assert (SENTENCE in shown) is (level in ("only_forward", "stop_download"))
    assert ("/documents/7000/download/" in shown) is (level == "only_forward")
    if not down:
        assert not any(word in shown for word in WORDS_OF_ACCUSATION)

    restriction.lifted_at = AT
    restriction.save()
    assert client.get("/documents/7000/").status_code == 200


@pytest.mark.parametrize("level", ["interim_down", "remove"])
def test_a_document_that_is_down_says_the_same_for_every_ground(
    client: Client, level: str
) -> None:
    document = held("极其特别的标题")
    restrict(document, level)
    response = client.get("/documents/7000/")
    shown = response.content.decode()

    assert response["X-Robots-Tag"] == "noindex"
    assert "该文档暂不可访问" in shown
    assert '<meta name="robots" content="noindex">' in shown
    assert "极其特别的标题" not in shown
    assert SENTENCE not in shown
    assert "林岚" not in shown
    assert not any(word in shown for word in WORDS_OF_ACCUSATION)
    assert "极其特别的标题" not in client.get("/").content.decode()


def test_lifting_one_case_does_not_bring_back_what_another_holds(
    client: Client,
) -> None:
    document = held()
    first = restrict(document, "interim_down")
    restrict(document, "stop_download")
    first.lifted_at = AT
    first.save()

    assert client.get("/documents/7000/").status_code == 200
    assert client.post("/documents/7000/download/").status_code == 403


def test_a_download_hands_out_the_very_bytes_as_a_file(client: Client) -> None:
    held("方案:二\u202e期 / 终稿")
    response = client.post("/documents/7000/download/")

    assert b"".join(response) == FILE
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert disposition.isascii()
    assert "%E2%80%AE" not in disposition


def test_a_page_of_markup_is_handed_out_as_mere_bytes(client: Client) -> None:
    content = b"<!DOCTYPE html><html><body><p>hello</p></body></html>"
    take_in(content, name="a.html", number="7001", at=AT, by=SYSTEM)
    response = client.post("/documents/7001/download/")

    assert response["Content-Type"] == "application/octet-stream"
    assert b"".join(response) == content


def test_a_download_is_written_into_the_ledger_of_the_document(client: Client) -> None:
    held()
    user = make_user(duty="moderator")
    client.force_login(user)
    b"".join(client.post("/documents/7000/download/"))
    entry = LedgerEntry.objects.get(kind="document.download")

    assert entry.stream == "document:7000"
    assert (entry.actor, entry.role) == (f"user:{user.pk}", "moderator")
    assert entry.payload["version"] == 1


def test_a_look_at_the_download_hands_out_and_writes_nothing(client: Client) -> None:
    held()
    assert client.get("/documents/7000/download/").status_code == 405
    assert not LedgerEntry.objects.filter(kind="document.download").exists()


@pytest.mark.parametrize(
    ("level", "status"),
    [("stop_download", 403), ("limit_preview", 403), ("remove", 410)],
)
def test_no_restricted_file_is_handed_out(
    client: Client, level: str, status: int
) -> None:
    restrict(held(), level)
    response = client.post("/documents/7000/download/")

    assert response.status_code == status
    assert not any(word in response.content.decode() for word in WORDS_OF_ACCUSATION)
    assert not LedgerEntry.objects.filter(kind="document.download").exists()


def test_a_listing_page_is_not_the_file_that_it_lists(client: Client) -> None:
    page = listing_page(SENTENCE * 5).encode()
    take_in(page, name="a.txt", at=AT, by=SYSTEM)
    assert client.post("/documents/700000123/download/").status_code == 403

    take_in(FILE, name="a.docx", number="700000123", at=AT, by=SYSTEM)
    other = listing_page(SENTENCE * 6).encode()
    take_in(other, name="a.txt", at=AT, by=SYSTEM)
    response = client.post("/documents/700000123/download/")
    assert b"".join(response) == FILE


def test_the_state_of_the_text_is_shown_to_staff_and_to_the_seller(
    client: Client,
) -> None:
    text = make_text()
    Text.objects.filter(pk=text.pk).update(state=Text.State.NO_TEXT)
    seller_user, stranger = make_user(), make_user()
    seller = SellerAccount.objects.create(
        mask="L**7", party=make_party(user=seller_user)
    )
    make_party(user=stranger)
    document = make_document(text=text, seller=seller)

    assert "无法比对" not in page_of(client, document)
    client.force_login(stranger)
    assert "无法比对" not in page_of(client, document)
    client.force_login(seller_user)
    assert "无法比对" in page_of(client, document)
    client.force_login(make_user(duty="moderator"))
    assert "无法比对" in page_of(client, document)


def test_a_visitor_who_complains_is_taken_to_log_in_and_back(client: Client) -> None:
    document = held()
    assert "?next=/documents/7000/" in page_of(client, document)
    client.force_login(make_user())
    shown = page_of(client, document)
    assert 'action="/complaints/new/"' in shown
    assert 'name="document" value="7000"' in shown


@pytest.mark.parametrize("words", ["施工", "方案 施工", "7000"])
def test_search_finds_by_number_and_by_every_word_of_the_title(
    client: Client, words: str
) -> None:
    held()
    make_document(title="教学设计")
    shown = client.get("/documents/", {"q": words}).content.decode()

    assert "/documents/7000/" in shown
    assert "教学设计" not in shown


@pytest.mark.parametrize(
    "query", ["没有的词", "%", "_", "'", "\0", "x" * 5000, "<script>"]
)
def test_a_search_that_finds_nothing_says_so(client: Client, query: str) -> None:
    held()
    response = client.get("/documents/", {"q": query})

    assert response.status_code == 200
    assert ("没有找到文档" in response.content.decode()) is (query != "\0")
    assert "<script>\n" not in response.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "9" * 5000])
def test_an_odd_page_number_shows_a_page(client: Client, number: str) -> None:
    held()
    assert client.get("/documents/", {"page": number}).status_code == 200


def test_an_unknown_number_is_not_found(client: Client) -> None:
    assert client.get("/documents/nothing/").status_code == 404
    assert client.post("/documents/nothing/download/").status_code == 404


@pytest.mark.parametrize("address", ["/", "/documents/", "/documents/?q=方案"])
def test_thirty_documents_cost_as_many_queries_as_one(
    client: Client,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_document()
    with django_assert_max_num_queries(3) as one:
        client.get(address)
    for _ in range(29):
        make_document()
    with django_assert_max_num_queries(len(one)):
        client.get(address)


def test_a_document_page_costs_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    document = held()
    with django_assert_max_num_queries(3):
        client.get(f"/documents/{document.number}/")


def test_the_rules_state_the_clocks_and_the_operator(
    client: Client, settings: Settings
) -> None:
    settings.CLOCK_PROFILES = ["civil"]
    settings.OPERATOR = {**settings.OPERATOR, "email": "legal@example.com"}
    shown = client.get("/rules/").content.decode()

    assert "24 小时内" in shown
    assert "15 日" in shown
    assert "本站自行设定" in shown
    assert "legal@example.com" in shown


def test_without_a_released_profile_the_rules_promise_no_window(
    client: Client, settings: Settings
) -> None:
    settings.CLOCK_PROFILES = []
    assert "15 日" not in client.get("/rules/").content.decode()
