"""A bundle of two hundred pages beside a work of nine, as the examiner opens it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from evidence import pipeline
from evidence.models import Match, Text
from evidence.page_pairs import page_pairs
from evidence.progress import Stage
from tests.desk.matters import make_examiner
from tests.factories import AT, make_case, make_document, make_party, make_work
from tests.factories import make_text as make_stored
from tests.matching.memory import edited, make_text

pytestmark = pytest.mark.django_db
PAGE = 900


def paged(pages: list[str]) -> Text:
    """Hold a text of these pages, and have it compared."""
    text = make_stored("\n".join(pages))
    starts, at = [], 0
    for page in pages:
        starts.append(at)
        at += len(page) + 1
    Text.objects.filter(pk=text.pk).update(
        page_starts=starts, pages=len(pages), stage=Stage.QUEUED
    )
    pipeline.process(text.pk, at=AT)
    return Text.objects.get(pk=text.pk)


def bundled(pages: int, first: int, work_pages: int = 9) -> tuple[Case, Match]:
    """A case about a bundle that holds the pages of a work from page `first` on,
    every other one of them edited."""
    work = [make_text(PAGE, 5_000 + n) for n in range(work_pages)]
    bundle = [make_text(PAGE, n) for n in range(pages)]
    for n, page in enumerate(work):
        bundle[first - 1 + n] = edited(page, 0.03, n) if n % 2 else page
    party = make_party()
    sample, text = paged(work), paged(bundle)
    document = make_document(text=text, title="考试资料合集")
    case = make_case(
        state="accepted",
        claimant=party,
        documents=[document],
        work=make_work(party=party, text=sample),
    )
    match = Match.objects.get(query=sample, found=text)
    item = case.items.get()
    item.match = match
    item.save(update_fields=["match"])
    return case, match


def asked(client: Client, case: Case) -> tuple[str, int]:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/desk/cases/{case.reference}/items/1/")
    return page.content.decode(), len(queries)


def test_a_bundle_shows_which_of_its_pages_are_the_works() -> None:
    case, match = bundled(200, first=101)

    pairs = [(row.query.page, row.found.page) for row in page_pairs(match)]

    assert pairs == [(n, 100 + n) for n in range(1, 10)]
    page, _queries = asked(make_examiner()[1], case)
    for words in ("逐页对照", "第 1 页", "第 101 页", "第 109 页"):
        assert words in page


def test_the_page_grows_with_what_is_alike_and_not_with_the_bundle() -> None:
    _actor, client = make_examiner()
    small, large = bundled(20, first=5)[0], bundled(200, first=101)[0]

    small_page, small_queries = asked(client, small)
    large_page, large_queries = asked(client, large)

    assert large_queries == small_queries
    assert len(large_page) < 1.1 * len(small_page)
    assert len(large_page) < 120_000


def test_many_passages_are_read_page_by_page() -> None:
    case, match = bundled(20, first=5)
    passage = {"query": [0, 40], "found": [3600, 3640], "similarity": 1000}
    passages = [{**passage, "query": [n, n + 40], "length": 40} for n in range(120)]
    Match.objects.filter(pk=match.pk).update(passages=passages)
    client = make_examiner()[1]

    first, _queries = asked(client, case)
    third = client.get(f"/desk/cases/{case.reference}/items/1/?page=3")

    assert first.count('class="pair-foot"') == 50
    assert third.content.decode().count('class="pair-foot"') == 20
    assert 'id="pair-101"' in third.content.decode()


def test_of_an_endless_passage_the_beginning_is_shown() -> None:
    case, match = bundled(200, first=101)
    whole = {"query": [0, 8_000], "found": [0, 150_000], "similarity": 990}
    Match.objects.filter(pk=match.pk).update(passages=[{**whole, "length": 8_000}])

    page, _queries = asked(make_examiner()[1], case)

    assert "未列出" in page
    assert len(page) < 120_000
