import zipfile
from io import BytesIO

import pytest

from evidence.extractors import DOCX, HTML, PDF, TEXT, ExtractionError, extract, sniff
from evidence.extractors.archive import EICAR
from evidence.extractors.extracts import REFUSALS
from tests.extractors.making import SENTENCE, docx, paragraph, zipped

PLAIN = docx(paragraph(SENTENCE))
ENTITY = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


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


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PLAIN, "a.docx", DOCX),
        (PLAIN, "A.DOCX ", DOCX),
        (PLAIN, "saved-under-the-old-name.doc", DOCX),
        (PLAIN, "without-an-ending", DOCX),
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


def test_a_media_type_without_a_reader_is_refused() -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract(b"x", "image/svg+xml")

    assert refusal.value.code == "unsupported"
