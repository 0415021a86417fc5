"""What kind of file this is: by its content, and its name must not contradict."""

import re
from importlib import import_module
from pathlib import PurePath

from evidence.extractors.archive import EICAR, Archive
from evidence.extractors.extracts import ExtractionError
from evidence.extractors.formats import (
    BMP,
    DOC,
    DOCX,
    GIF,
    JPEG,
    LARGEST,
    NAMES,
    PDF,
    PNG,
    PPTX,
    TIFF,
    WEBP,
    XLSX,
)

# The main part's content type tells the format, whatever the parts are called.
_MAIN_PARTS = (
    (DOCX, (b"wordprocessingml.document.main", b"wordprocessingml.template.main")),
    (DOCX, (b"ms-word.document.macroenabled.main", b"ms-word.template.")),
    (PPTX, (b"presentationml.presentation.main", b"presentationml.slideshow.main")),
    (PPTX, (b"presentationml.template.main", b"ms-powerpoint.")),
    (XLSX, (b"spreadsheetml.sheet.main", b"spreadsheetml.template.main")),
    (XLSX, (b"ms-excel.sheet.macroenabled.main", b"ms-excel.template.")),
)
_IMAGES = (
    (PNG, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (JPEG, re.compile(rb"\xff\xd8\xff")),
    (GIF, re.compile(rb"GIF8[79]a")),
    (WEBP, re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    (TIFF, re.compile(rb"II\*\0|MM\0\*")),
    # Two letters are not enough of a mark: reserved zeros follow in a real one.
    (BMP, re.compile(rb"BM.{4}\0{4}", re.DOTALL)),
)
_BEFORE_IT = b"\xef\xbb\xbf \t\r\n"
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh",
    b"\xfd7zXZ",
)


def sniff(content: bytes, name: str) -> str:
    """Return the media type of a file. Raises ExtractionError when it has no reader."""
    if not content:
        raise ExtractionError("empty")
    if content[:256].lstrip(_BEFORE_IT).startswith(EICAR):
        raise ExtractionError("malware")
    path = PurePath(name.strip())
    ending = path.suffix.lower()
    if ending not in (NAMES if path.name.startswith(".") else {"", *NAMES}):
        raise ExtractionError("unknown_type")
    found = _by_content(content, ending)
    if ending and found not in NAMES[ending]:
        raise ExtractionError("mismatch")
    if len(content) > LARGEST[found]:
        raise ExtractionError("oversize")
    return found


def _by_content(content: bytes, ending: str) -> str:
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK"):
        return _office(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _legacy(content)
    if content.startswith(b"{\\rtf"):
        raise ExtractionError("unsupported")
    for media_type, mark in _IMAGES:
        if mark.match(content):
            return media_type
    if content.startswith(_PROGRAMS):
        raise ExtractionError("binary")
    return _text(content, ending)


def _office(content: bytes) -> str:
    archive = Archive(content)
    if "[Content_Types].xml" not in archive:
        raise ExtractionError("unsupported")
    types = archive.read("[Content_Types].xml").replace(b"\0", b"").lower()
    for media_type, words in _MAIN_PARTS:
        if any(word in types for word in words):
            return media_type
    raise ExtractionError("unsupported")


def _legacy(content: bytes) -> str:
    """The kind of an OLE file: protected new formats are wrapped in one as well."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ExtractionError("encrypted")
    if "WordDocument".encode("utf-16-le") in content:
        return DOC
    streams = ("PowerPoint Document", "Workbook", "Book")
    known = any(stream.encode("utf-16-le") in content for stream in streams)
    raise ExtractionError("legacy_office" if known else "unsupported")


def _text(content: bytes, ending: str) -> str:
    """Loaded only for what may be text: half of a reader's start is HTML and
    encodings."""
    kinds = import_module("evidence.extractors.text_kinds")
    media_type: str = kinds.text_kind(content, ending)
    return media_type
