"""ingest, screen, verify_ledger: what they print, and the codes they exit with."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from evidence import ledger_triggers
from evidence.ledger import LedgerEntry
from evidence.models import Document, DocumentVersion, Match, Text
from tests.extractors.making import (
    ANOTHER,
    SENTENCE,
    docx,
    listing_html,
    listing_page,
    paragraph,
)
from tests.matching.memory import make_text as make_words

ROOT = Path(__file__).parents[2]
WORDS = make_words(900, 5)
Put = Callable[[str, bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def put(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return put


def run(*arguments: object) -> tuple[dict[str, Any], int]:
    """Run a command with --json; return what stands on stdout, and the exit code."""
    out, code = StringIO(), 0
    try:
        words = [str(argument) for argument in arguments]
        call_command(*words, "--json", stdout=out, stderr=StringIO())
    except SystemExit as end:
        code = int(end.code or 0)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer, code


def ingest(*arguments: object) -> list[dict[str, Any]]:
    answer, code = run("ingest", *arguments)
    failed = any(each["status"] == "failed" for each in answer["documents"])
    assert code == int(failed)
    documents: list[dict[str, Any]] = answer["documents"]
    return documents


def preview(text: str, width: int = 200) -> str:
    parts = [text[at : at + width] for at in range(0, len(text), width)]
    return "\n\n      ".join(f"{n}、{part}" for n, part in enumerate(parts, 1))


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_listing_is_read_in_every_encoding(
    put: Put, encoding: str, newline: str
) -> None:
    page = listing_page(preview(SENTENCE * 30)).replace("\n", newline)
    (found,) = ingest(put("page.txt", page.encode(encoding)))

    assert found == {
        "path": found["path"],
        "status": "created",
        "number": "700000123",
        "title": "社区图书室夏季开放方案",
        "seller": "Q**7",
        "uploaded_at": "2024-03-05",
        "format": "DOCX",
        "size_bytes": 1_572_864,
        "pages": 12,
        "tags": ["读书会", "夏令安排", "志愿者"],
        "characters": len(SENTENCE * 30),
        "sha256": DocumentVersion.objects.get().text.blob.sha256,
        "text_state": "ok",
        "error": None,
    }


@pytest.mark.django_db
def test_a_listing_in_gbk(put: Put) -> None:
    page = listing_page(SENTENCE * 5).replace("•", "·").replace("©", "Copyright ")
    (found,) = ingest(put("page.txt", page.encode("gbk")))
    assert (found["number"], found["characters"]) == ("700000123", len(SENTENCE * 5))


@pytest.mark.django_db
def test_an_html_page_with_script(put: Put) -> None:
    page = listing_html(f"1、{SENTENCE * 4}<script>var n = '文档编号:5'</script>")
    (found,) = ingest(put("page.html", page))
    assert (found["number"], found["seller"]) == ("700000123", "Q**7")
    assert "var n" not in Text.objects.get().content


@pytest.mark.django_db
def test_a_body_with_its_own_list_is_not_cut_at_it(put: Put) -> None:
    body = f"{SENTENCE}\n1、开馆时间。\n2、借阅办法。\n3、{ANOTHER}"
    ingest(put("page.txt", listing_page(body).encode()))
    text = Text.objects.get()
    assert text.segment_starts is None
    assert "2、借阅办法" in text.content


@pytest.mark.django_db
def test_a_preview_without_segments_is_one_text(put: Put) -> None:
    ingest(put("page.txt", listing_page(SENTENCE * 4).encode()))
    text = Text.objects.get()
    assert (text.content, text.segment_starts) == (SENTENCE * 4, None)


@pytest.mark.django_db
def test_a_folder_is_walked_and_one_bad_file_stops_nobody(put: Put) -> None:
    put("in/1.txt", listing_page(SENTENCE * 4).encode())
    put("in/2.txt", b"")
    put("in/sub/3.bin", bytes(range(256)))
    put("in/sub/4.docx", docx(paragraph(SENTENCE)))
    folder = put("in/.hidden", b"x").parent
    found = ingest(folder)

    shown = [(Path(each["path"]).name, each["status"], each["error"]) for each in found]
    assert shown == [
        ("1.txt", "created", None),
        ("2.txt", "failed", "empty"),
        ("3.bin", "failed", "unknown_type"),
        ("4.docx", "created", None),
    ]
    assert found[1]["text_state"] == "refused"
    assert found[1]["number"] is None
    assert Document.objects.count() == 2
    assert [each["status"] for each in ingest(folder)][::3] == ["unchanged"] * 2


@pytest.mark.django_db
def test_a_scan_without_text_is_in_but_cannot_be_compared(put: Put) -> None:
    (found,) = ingest(put("a.docx", docx(paragraph(" "))))
    assert (found["status"], found["text_state"]) == ("created", "no_text")


@pytest.mark.django_db
def test_a_number_may_be_given_and_a_reading_be_chosen(put: Put) -> None:
    page = put("page.txt", listing_page(SENTENCE * 4, number=None).encode())
    (listing,) = ingest(page, "--as", "listing", "--number", "A-1")
    (text,) = ingest(page, "--as", "text")

    assert (listing["number"], listing["title"]) == ("A-1", "社区图书室夏季开放方案")
    assert text["number"].startswith("F-")
    assert text["characters"] > listing["characters"]


@pytest.mark.django_db
def test_a_name_that_is_no_text_is_still_told(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/odd\xff.txt"
    Path(os.fsdecode(path)).write_bytes(SENTENCE.encode())
    (found,) = ingest(tmp_path)
    assert os.fsencode(found["path"]) == path
    assert found["title"] == "odd"


@pytest.mark.django_db
def test_screen_says_what_a_file_resembles_and_stores_nothing(put: Put) -> None:
    ingest(put("page.txt", listing_page(preview(WORDS)).encode()))
    query = put("query.txt", (make_words(300, 6) + WORDS[410:590]).encode())
    before = (Text.objects.count(), Match.objects.count())
    answer, code = run("screen", query)

    assert code == 0
    assert answer["query"] == {
        "path": str(query),
        "characters": len(query.read_text()),
        "pages": None,
        "text_state": "ok",
    }
    assert answer["parameters"]["gram"] == 8
    assert answer["ignored"] == []
    (match,) = answer["matches"]
    assert (match["document"], match["title"]) == (
        "700000123",
        "社区图书室夏季开放方案",
    )
    assert 0.3 < match["containment_query"] < 0.45
    assert 0.15 < match["containment_document"] < 0.25
    (passage,) = match["passages"]
    assert query.read_text()[slice(*passage["query"])] in WORDS
    assert passage["document"][0] in range(405, 415)
    assert passage["document_segment"] == 3
    assert passage["document_page"] is passage["query_page"] is None
    assert passage["similarity"] == 1
    assert (Text.objects.count(), Match.objects.count()) == before


@pytest.mark.django_db
def test_a_page_is_named_where_the_file_tells_its_pages(put: Put) -> None:
    turn = '<w:r><w:lastRenderedPageBreak/><w:t xml:space="preserve">.</w:t></w:r>'
    content = docx(
        paragraph(make_words(200, 8)) + paragraph(turn) + paragraph(WORDS[:300])
    )
    found = ingest(put("a.docx", content), put("b.docx", docx(paragraph(WORDS[:300]))))
    answer, _code = run("screen", put("q.docx", content))

    matches = {each["document"]: each for each in answer["matches"]}
    itself = matches[found[0]["number"]]
    assert itself["containment_query"] == itself["containment_document"] == 1
    assert itself["passages"][0]["document_page"] == 1
    other = matches[found[1]["number"]]["passages"][0]
    assert (other["query_page"], other["document_page"]) == (2, None)
    assert answer["query"]["pages"] == 2


@pytest.mark.django_db
def test_every_document_on_the_same_bytes_is_found_whole(put: Put) -> None:
    page = put("page.txt", listing_page(preview(WORDS)).encode())
    ingest(page)
    ingest(page, "--number", "700000999")
    answer, _code = run("screen", page)

    assert [each["document"] for each in answer["matches"]] == [
        "700000123",
        "700000999",
    ]
    for match in answer["matches"]:
        assert match["containment_query"] == match["containment_document"] == 1


@pytest.mark.django_db
def test_a_document_is_found_once_by_its_current_version(put: Put) -> None:
    ingest(put("page.txt", listing_page(preview(WORDS)).encode()))
    ingest(put("a.docx", docx(paragraph(WORDS[:850]))), "--number", "700000123")
    answer, _code = run("screen", put("query.txt", WORDS.encode()))

    (match,) = answer["matches"]
    assert match["containment_document"] == 1
    assert match["passages"][0]["document_segment"] is None


@pytest.mark.django_db
def test_rights_mode_says_so(put: Put) -> None:
    ingest(put("page.txt", listing_page(preview(WORDS)).encode()))
    answer, code = run("screen", put("q.txt", WORDS.encode()), "--rights")
    assert (code, answer["parameters"]["rights"]) == (0, True)
    assert len(answer["matches"]) == 1


@pytest.mark.django_db
def test_a_query_that_is_refused_or_empty_resembles_nothing(put: Put) -> None:
    refused, code = run("screen", put("a.txt", b"\x7fELF" + bytes(9)))
    assert (refused["query"]["text_state"], refused["matches"], code) == (
        "refused",
        [],
        1,
    )
    blank, code = run("screen", put("b.docx", docx(paragraph(" "))))
    assert (blank["query"]["text_state"], blank["matches"], code) == ("no_text", [], 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("ingest", "/no/such/file"),
        ("ingest", "{here}", "--number", "1"),
        ("ingest", "{here}/a.txt", "--number", "a b"),
        ("ingest", "{here}/a.txt", "{here}/a.txt", "--number", "1"),
        ("screen", "/no/such/file"),
        ("screen", "{here}"),
        ("verify_ledger", "--stream", "BQ-1999-000001"),
    ],
)
def test_wrong_use_is_told_in_one_line_and_changes_nothing(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE)
    words = [word.format(here=tmp_path) for word in arguments]
    with pytest.raises(CommandError) as refused:
        call_command(*words)

    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    assert not Text.objects.exists()


@pytest.mark.django_db
def test_verify_ledger_counts_what_holds(put: Put) -> None:
    ingest(put("page.txt", listing_page(SENTENCE * 4).encode()))
    for arguments in ([], ["--stream", "document:700000123"]):
        out = StringIO()
        call_command("verify_ledger", *arguments, stdout=out)
        assert out.getvalue() == "OK entries=1 streams=1\n"


@pytest.mark.django_db(transaction=True)
def test_verify_ledger_names_the_first_entry_that_does_not_hold(put: Put) -> None:
    ingest(put("1.txt", listing_page(SENTENCE * 4).encode()))
    ingest(put("2.txt", listing_page(ANOTHER * 4).encode()))
    with connection.schema_editor() as editor:
        ledger_triggers.drop(None, editor)
    LedgerEntry.objects.filter(seq=2).update(actor="user:1")

    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().startswith("BAD stream=document:700000123 seq=2 reason=")


@pytest.mark.django_db  # so that it runs on both; the database is one of its own
def test_an_empty_database_is_prepared_or_the_line_to_run_is_told(put: Put) -> None:
    """A real process: nothing but JSON on stdout, and no traceback anywhere."""
    page = put("page.txt", listing_page(SENTENCE * 4).encode())
    environment = {**os.environ, "ANJIAN_VAR": str(page.parent / "var")}
    command = [sys.executable, "manage.py", "ingest", str(page), "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    if connection.vendor == "sqlite":
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["documents"][0]["status"] == "created"
    else:
        assert (done.returncode, done.stdout) == (2, "")
        assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
