"""The real listing page, taken in and found again by a passage of it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from evidence.models import Document, Text
from tests.evidence.seed import seed_page

pytestmark = pytest.mark.django_db
NUMBER = "483611177"


@pytest.fixture
def page() -> Path:
    return seed_page()


def run(*arguments: object) -> dict[str, Any]:
    out = StringIO()
    words = [str(argument) for argument in arguments]
    call_command(*words, "--json", stdout=out, stderr=StringIO())
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_the_seed_page_is_taken_in_as_it_states(page: Path) -> None:
    (found,) = run("ingest", page)["documents"]

    assert found["status"] == "created"
    assert found["number"] == NUMBER
    assert found["title"] in page.read_text(encoding="utf-8")
    assert found["seller"] == "M****1"
    assert found["uploaded_at"] == "2023-07-20"
    assert (found["format"], found["size_bytes"], found["pages"]) == ("DOCX", 16364, 9)
    text = Text.objects.get()
    assert len(text.segment_starts or []) == 8
    assert (text.pages, text.page_starts) == (9, None)
    assert found["characters"] == len(text.content)


def test_its_second_coming_changes_nothing(page: Path) -> None:
    run("ingest", page)
    (again,) = run("ingest", page.parent)["documents"]
    assert again["status"] == "unchanged"
    assert Document.objects.count() == 1


@pytest.mark.parametrize("segment", [1, 4, 8])
def test_a_passage_of_it_is_located_by_segment_and_not_by_page(
    page: Path, segment: int, tmp_path: Path
) -> None:
    run("ingest", page)
    text = Text.objects.get()
    start = (text.segment_starts or [])[segment - 1] + 40
    query = tmp_path / "passage.txt"
    query.write_text(text.content[start : start + 300], encoding="utf-8")
    (match,) = run("screen", query)["matches"]

    assert match["document"] == NUMBER
    assert match["containment_query"] > 0.95
    (passage,) = match["passages"]
    assert passage["document_segment"] == segment
    assert passage["document_page"] is None
