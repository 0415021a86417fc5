import stat
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from evidence.extractors import (
    DOCX,
    EXTRACTORS,
    HTML,
    PDF,
    TEXT,
    ExtractionError,
    extract,
    sniff,
)
from evidence.extractors.archive import EICAR, Archive
from evidence.extractors.extracts import REFUSALS
from evidence.extractors.formats import LARGEST
from tests.extractors.making import SENTENCE, docx, paragraph, zipped

PLAIN = docx(paragraph(SENTENCE))
ENTITY = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def renamed(content: bytes, change: Callable[[str], str]) -> bytes:
    """A document whose parts are called otherwise, as some writers call them."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped({change(name): part for name, part in members.items()})


def locked() -> bytes:
    """A ZIP file whose directory says that a member is encrypted."""
    content = bytearray(PLAIN)
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def doubled() -> bytes:
    out = BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/Document.xml", "<w/>")
    return out.getvalue()


def odd(*, method: int = zipfile.ZIP_STORED, mode: int = 0o600) -> bytes:
    """A document with one more member, packed or marked as no document's is."""
    out = BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as archive:
        member = zipfile.ZipInfo("word/media/a.bin")
        member.compress_type, member.external_attr = method, mode << 16
        archive.writestr(member, bytes(2000))
    return out.getvalue()


def lying() -> bytes:
    """A ZIP file whose main part is ten times as long as the directory says."""
    content = docx(paragraph(SENTENCE), members={"word/z.xml": bytes(20_000)})
    at = content.index(b"word/z.xml", content.index(b"PK\x01\x02")) - 46
    size = (2_000).to_bytes(4, "little")
    return content[: at + 24] + size + content[at + 28 :]


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PLAIN, "a.docx", DOCX),
        (PLAIN, "A.DOCX ", DOCX),
        (PLAIN, "saved-under-the-old-name.doc", DOCX),
        (PLAIN, "without-an-ending", DOCX),
        (PLAIN, "template.dotx", DOCX),
        (renamed(PLAIN, str.upper), "a.docx", DOCX),
        (renamed(PLAIN, lambda name: name.replace("/", "\\")), "a.docx", DOCX),
        (b"%PDF-1.7", "a.pdf", PDF),
        (SENTENCE.encode("gbk"), "a.txt", TEXT),
        (b"BMP is the first word of this text", "a.txt", TEXT),
        (b"<html><p>x</p></html>", "a.htm", HTML),
    ],
)
def test_content_and_name_together_tell_the_kind(
    content: bytes, name: str, expected: str
) -> None:
    assert sniff(content, name) == expected


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.docx", "empty"),
        (b"\x01", "a.docx", "binary"),
        (b"MZ" + bytes(500), "a.docx", "binary"),
        (b"%PDF-1.7", "a.docx", "mismatch"),
        (PLAIN, "a.txt", "mismatch"),
        (SENTENCE.encode(), "a.exe", "unknown_type"),
        (SENTENCE.encode(), ".htaccess", "unknown_type"),
        (b"{\\rtf1 x}", "a.doc", "unsupported"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.docx", "mismatch"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "a.ppt", "legacy_office"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted"),
        (b"<svg/>", "a.svg", "unknown_type"),
        (b"<svg/>", "a.png", "mismatch"),
        (b"\xff\xd8\xff\xe0", "a.docx", "mismatch"),
        (EICAR + b"$H+H*", "a.txt", "malware"),
        (zipped({"a.txt": "x"}), "a.docx", "unsupported"),
        (PLAIN[:300], "a.docx", "malformed"),
        (locked(), "a.docx", "encrypted"),
        (doubled(), "a.docx", "unsafe_archive"),
        (docx("", members={"../out": "x"}), "a.docx", "unsafe_archive"),
        (docx("", members={"/etc/x": "x"}), "a.docx", "unsafe_archive"),
        (docx("", members={"a/virus.com": EICAR}), "a.docx", "malware"),
        (docx("", members={"C:\\x": "x"}), "a.docx", "unsafe_archive"),
        (docx("", members={"a\\..\\..\\x": "x"}), "a.docx", "unsafe_archive"),
        (odd(mode=stat.S_IFLNK | 0o777), "a.docx", "unsafe_archive"),
        (odd(method=zipfile.ZIP_BZIP2), "a.docx", "unsafe_archive"),
        (odd(method=zipfile.ZIP_LZMA), "a.docx", "unsafe_archive"),
        (
            docx("", members={f"{n}": "" for n in range(5001)}),
            "a.docx",
            "unsafe_archive",
        ),
        (b" \r\n" + EICAR + b"$H+H*", "a.txt", "malware"),
        (docx("", members={"a.bin": bytes(9 << 20)}), "a.docx", "too_large"),
    ],
)
def test_what_is_not_a_document_is_refused_with_its_reason(
    content: bytes, name: str, code: str
) -> None:
    with pytest.raises(ExtractionError) as refusal:
        sniff(content, name)

    assert refusal.value.code == code
    assert refusal.value.sentence == REFUSALS[code]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (docx(paragraph("&e;"), dtd=ENTITY), "dtd"),
        (docx("<w:p>"), "malformed"),
        (
            docx("", members={"docProps/app.xml": "x"}).replace(
                b"PK\x01\x02", b"PK\0\0"
            ),
            "malformed",
        ),
    ],
)
def test_a_part_that_is_not_plain_xml_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract(content, DOCX)

    assert refusal.value.code == code


def test_an_entity_is_refused_in_utf16_as_well() -> None:
    part = f'<?xml version="1.0" encoding="UTF-16"?>{ENTITY}<d>&e;</d>'

    with pytest.raises(ExtractionError) as refusal:
        extract(docx("", members={"_rels/.rels": part.encode("utf-16")}), DOCX)

    assert refusal.value.code in {"dtd", "unsafe_archive"}


def test_what_comes_out_of_an_archive_is_counted_whatever_it_says() -> None:
    with pytest.raises(ExtractionError) as refusal:
        Archive(lying()).read("word/z.xml")

    assert refusal.value.code == "malformed"


def test_members_together_may_inflate_to_so_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = zipped({"a": bytes(900), "b": bytes(900)})
    monkeypatch.setattr("evidence.extractors.archive.INFLATED", 1_800)
    whole = Archive(content)
    assert whole.read("a") + whole.read("b") == bytes(1_800)
    with pytest.raises(ExtractionError) as refusal:
        whole.read("a")  # read again, it is inflated again

    assert refusal.value.code == "too_large"
    monkeypatch.setattr("evidence.extractors.archive.INFLATED", 1_799)
    with pytest.raises(ExtractionError):
        Archive(content)


def test_each_kind_of_file_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(LARGEST) == set(EXTRACTORS)
    monkeypatch.setitem(LARGEST, DOCX, len(PLAIN) - 1)
    with pytest.raises(ExtractionError) as refusal:
        sniff(PLAIN, "a.docx")

    assert refusal.value.code == "oversize"


def test_a_media_type_without_a_reader_is_refused() -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract(b"x", "image/svg+xml")

    assert refusal.value.code == "unsupported"
