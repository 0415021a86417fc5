"""Bytes come in: whole, durable, stored once, refused with a reason."""

import hashlib
import os
import stat
from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from evidence.intake import open_blob, read_blob, receive, receive_text
from evidence.models import Blob, Text
from evidence.reading import UNREAD, shown_name
from evidence.staging import UploadTooLarge
from tests.extractors.making import SENTENCE, docx, listing_page, paragraph
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored_files(media: Path) -> list[Path]:
    """What is kept; marks of uploads on their way are told by name."""
    return [path for path in media.rglob("*") if path.is_file() and not path.suffix]


def test_the_same_bytes_are_stored_once_under_their_hash(media: Path) -> None:
    content = SENTENCE.encode()
    first = receive(content, name="a.txt", at=AT)
    second = receive(BytesIO(content), name="b.txt", at=AT)

    assert first == second
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    assert first.size_bytes == len(content)
    assert [path.name for path in stored_files(media)] == [first.sha256]
    with open_blob(first) as stored:
        assert stored.read() == content


def test_an_upload_beyond_the_limit_is_refused_and_leaves_nothing(
    settings: Settings, media: Path
) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(UploadTooLarge) as refused:
        receive(BytesIO(b"x" * 11), name="a.txt", at=AT)

    assert refused.value.limit == 10
    assert not stored_files(media)
    assert not Blob.objects.exists()


def test_no_row_names_a_file_that_did_not_arrive(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        receive(b"words", name="a.txt", at=AT)

    assert not stored_files(media)
    assert not Blob.objects.exists()


def test_a_file_is_on_the_disk_before_its_name_and_its_folders_before_the_row(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def note_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        done.append("folder" if is_folder else "file")
        assert not Blob.objects.exists()
        fsync(descriptor)

    def note_replace(source: Path, target: Path) -> None:
        done.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "replace", note_replace)
    receive(b"words", name="a.txt", at=AT)

    assert done == ["file", "name", *["folder"] * 4]


def test_a_lost_file_comes_back_with_the_next_upload(media: Path) -> None:
    blob = receive(b"words", name="a.txt", at=AT)
    (media / blob.stored_as).unlink()

    assert read_blob(receive(b"words", name="a.txt", at=AT)) == b"words"


def test_what_no_extractor_takes_is_kept_with_its_reason() -> None:
    text = receive_text(b"\x7fELF\0\0\0", name="program", at=AT)

    assert (text.state, text.refusal, text.stage) == ("refused", "binary", "done")
    assert text.blob.media_type == UNREAD
    assert read_blob(text.blob) == b"\x7fELF\0\0\0"


def test_one_file_read_in_two_ways_has_two_texts() -> None:
    page = listing_page(SENTENCE).encode()
    as_listing = receive_text(page, name="a.txt", at=AT)
    as_text = receive_text(page, name="a.txt", at=AT, reading="text")

    assert as_listing.blob == as_text.blob
    assert as_listing.media_type == "text/vnd.anjian.listing"
    assert as_text.media_type == "text/plain"
    assert receive_text(page, name="b.txt", at=AT) == as_listing


def test_a_document_file_cannot_be_read_as_a_listing() -> None:
    content = docx(paragraph(SENTENCE))
    text = receive_text(content, name="a.docx", at=AT, reading="listing")

    assert text.refusal == "mismatch"
    assert Text.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("方案.docx", "方案.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\方案.docx", "方案.docx"),
        ("方案\u202excod.exe", "方案xcod.exe"),
        ("方案\r\nX-Header: 1.docx", "方案 X-Header: 1.docx"),
        ("a\0b\udcff.txt", "ab.txt"),
        ("长" * 300, "长" * 255),
        ("长" * 300 + ".docx", "长" * 250 + ".docx"),
    ],
)
def test_a_name_is_shown_as_one_plain_line(name: str, shown: str) -> None:
    assert shown_name(name) == shown
