import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest

from evidence.extractors import (
    DOCX,
    LISTING,
    PDF,
    TEXT,
    Extract,
    ExtractionError,
    extract,
    isolation,
    sniff,
)
from evidence.extractors.confinement import time_for
from evidence.extractors.isolation import (
    extract_isolated,
    listing_isolated,
    sniff_isolated,
)
from evidence.extractors.listing import read_listing
from tests.extractors.making import (
    ANOTHER,
    SENTENCE,
    docx,
    listing_html,
    listing_page,
    paragraph,
    run,
)
from tests.extractors.test_pdf import pdf

HIDDEN = run(ANOTHER, "<w:rPr><w:vanish/></w:rPr>")
PAGED = paragraph(SENTENCE, '<w:r><w:br w:type="page"/></w:r>', HIDDEN)
FILES = {
    "a.docx": docx(PAGED, beside={"header": paragraph("页眉")}),
    "a.pdf": pdf(SENTENCE, "", ANOTHER),
    "a.txt": (SENTENCE + "𠮷\n\u2028" + ANOTHER).encode("gb18030"),
    "page.txt": listing_page(f"1、{SENTENCE}").encode(),
}


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "CHILD", "tests.extractors.misbehaving")


def refusal_of(content: bytes, seconds: float = 20) -> str:
    with pytest.raises(ExtractionError) as refusal:
        extract_isolated(content, "a.txt", seconds=seconds)
    return refusal.value.code


@pytest.mark.parametrize("name", FILES)
def test_a_file_reads_the_same_in_its_own_process(name: str) -> None:
    media_type = sniff(FILES[name], name)

    assert extract_isolated(FILES[name], name) == (
        media_type,
        extract(FILES[name], media_type),
    )


def test_a_file_on_disk_is_read_as_the_media_type_that_was_told(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(FILES["a.docx"])

    media_type, found = extract_isolated(path, "", media_type=DOCX)

    assert media_type == DOCX
    assert found.page_at(found.text.index(ANOTHER)) == 2
    assert found.flags == ("hidden_text", "hard_breaks_only")


@pytest.mark.parametrize(
    ("page", "name"),
    [(FILES["page.txt"], "page.txt"), (listing_html(SENTENCE), "page.html")],
)
def test_a_listing_reads_the_same_in_its_own_process(page: bytes, name: str) -> None:
    assert sniff_isolated(page, name) == LISTING
    assert listing_isolated(page) == read_listing(page)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b"text", "a\0\n\ud800.exe", "unknown_type"),
        (pdf(SENTENCE, password="opensesame"), "a.pdf", "encrypted"),
        (pdf(SENTENCE)[:200], "a.pdf", "malformed"),
    ],
)
def test_a_refusal_comes_through_as_it_is(content: bytes, name: str, code: str) -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract_isolated(content, name)

    assert refusal.value.code == code


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize(
    ("way", "code"),
    [
        (b"swell", "too_large"),
        (b"abort", "too_large"),
        (b"chatter", "too_large"),
        (b"crash", "malformed"),
        (b"leave", "malformed"),
        (b"stumble", "malformed"),
        (b"forge", "malformed"),
        (b"babble", "malformed"),
    ],
)
def test_a_reader_that_breaks_down_is_a_refusal(way: bytes, code: str) -> None:
    assert refusal_of(way) == code


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize("way", [b"sleep", b"boast"])
def test_a_reader_that_sleeps_is_ended_at_its_time(way: bytes) -> None:
    started = monotonic()

    assert refusal_of(way, seconds=0.5) == "timeout"
    assert monotonic() - started < 2


@pytest.mark.usefixtures("misbehaving")
def test_a_reader_that_spins_is_ended_by_the_processor_limit() -> None:
    started = monotonic()

    assert refusal_of(b"spin", seconds=30) == "timeout"
    assert monotonic() - started < 20


@pytest.mark.usefixtures("misbehaving")
def test_a_reader_reaches_nothing_but_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "between us")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        _, found = extract_isolated(b"reach %d" % port, "a.txt")

    assert set(found.text.split()) <= {"network"}  # where the system has no namespaces


@pytest.mark.usefixtures("misbehaving")
def test_the_log_tells_where_a_reader_failed_and_nothing_of_the_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        refusal_of(b"stumble " + SENTENCE.encode())

    assert "LookupError" in caplog.text
    assert "misbehaving.py" in caplog.text
    assert SENTENCE not in caplog.text


def test_threads_read_at_the_same_time() -> None:
    before = threading.active_count()

    def read(name: str) -> tuple[str, Extract]:
        return extract_isolated(FILES[name], name)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(read, [*FILES] * 2))

    kinds = [media_type for media_type, _ in found]
    assert kinds == [DOCX, PDF, TEXT, LISTING] * 2
    assert threading.active_count() == before


def test_time_grows_with_the_pages_up_to_two_minutes() -> None:
    assert [time_for(pages) for pages in (0, 240, 2_000, 10_000)] == [8, 20, 108, 120]


@pytest.mark.full
def test_a_pdf_of_two_thousand_pages_is_read() -> None:
    page = "\n".join([SENTENCE, ANOTHER] * 10)

    media_type, found = extract_isolated(pdf(*[page] * 2_000), "a.pdf")

    assert (media_type, found.pages) == (PDF, 2_000)
    assert found.page_at(found.text.rindex(ANOTHER)) == 2_000
