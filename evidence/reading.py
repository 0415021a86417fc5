"""How stored bytes are read: as which kind of file, and by whom. Never here: every
parser runs in a process of its own (evidence/extractors/isolation.py)."""

import unicodedata
from pathlib import Path, PurePath
from typing import Literal

from evidence.extractors import (
    DOC,
    DOCX,
    HTML,
    LISTING,
    PDF,
    PPTX,
    TEXT,
    XLSX,
    Extract,
    ExtractionError,
    extract,
    sniff,
)
from evidence.extractors.extracts import Listing
from evidence.extractors.isolation import (
    extract_isolated,
    listing_isolated,
    sniff_isolated,
    table_isolated,
)

File = Path | bytes
Reading = Literal["auto", "listing", "text"]
UNREAD = "application/octet-stream"
"""The media type of bytes that no extractor takes."""

FORMATS = {
    DOCX: "DOCX",
    PPTX: "PPTX",
    XLSX: "XLSX",
    DOC: "DOC",
    PDF: "PDF",
    TEXT: "TXT",
    HTML: "HTML",
}
ENDINGS = {kind: f".{name.lower()}" for kind, name in FORMATS.items()}

_LONGEST_ENDING = 16
_HTML_BEGINS = (b"<!doctype html", b"<html", b"<?xml", b"<!--")
_BEFORE_IT = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"


def media_type_of(file: File, name: str, reading: Reading = "auto") -> str:
    """Return how to read a file. Raises ExtractionError when it is refused.

    `reading` overrides what a text or HTML page is taken for; other formats are
    never listings.
    """
    found = sniff_isolated(file, name)
    if found not in (TEXT, HTML, LISTING):
        if reading == "listing":
            raise ExtractionError("mismatch")
        return found
    if reading == "listing":
        return LISTING
    if reading == "text" and found == LISTING:
        return HTML if _begins_as_html(file) else TEXT
    return found


def read_file(
    file: File, name: str, reading: Reading = "auto", *, own: bool = False
) -> tuple[str, Extract]:
    """Return the media type and the text at once. Raises ExtractionError.

    Finding out and reading share one process, which is most of what either costs.
    `own`: this program made the file itself, so it is read right here.
    """
    if own:
        content = file if isinstance(file, bytes) else file.read_bytes()
        kind = sniff(content, name)
        return kind, extract(content, kind)
    if reading == "auto":
        return extract_isolated(file, name)
    kind = media_type_of(file, name, reading)
    return kind, read_text(file, kind)


def read_text(file: File, media_type: str, seconds: float | None = None) -> Extract:
    """Return the text of a file and its places. Raises ExtractionError.

    seconds: as `extract_isolated` takes it.
    """
    return extract_isolated(file, "", media_type=media_type, seconds=seconds)[1]


def read_page(file: File) -> Listing:
    """Return what a saved listing page says. Raises ExtractionError."""
    return listing_isolated(file)


def read_table(file: File) -> list[list[str]]:
    """Return the rows of a list: XLSX, or lines with separators. Raises
    ExtractionError."""
    return table_isolated(file)


def shown_name(name: str, *, at_most: int = 255) -> str:
    """Return a file's name as it may be shown: one line, one direction, no folders.

    Control and format characters go: U+202E would let an .exe read as a .docx.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        " " if character.isspace() else character
        for character in last
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        or character.isspace()
    )
    shown = " ".join(kept.split())
    if len(shown) > at_most:
        # The ending says what the file is: it stays.
        ending = PurePath(shown).suffix[:_LONGEST_ENDING]
        shown = shown[: at_most - len(ending)] + ending
    return shown


def decoded_name(sent: bytes) -> str:
    """Read a name as it was sent: in UTF-8, in GB18030, else each byte for itself."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return sent.decode(encoding)
        except UnicodeDecodeError:
            continue
    return sent.decode("latin-1")


def spelled_out(name: str) -> str:
    """Return a name in which nothing acts and nothing hides: ⟨U+202E⟩ for what turns
    the line round, ⟨U+000A⟩ for its end."""
    return "".join(
        f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character)[0] in "CZ" and character != " "
        else character
        for character in name
    )


def _begins_as_html(file: File) -> bool:
    if isinstance(file, bytes):
        start = file[:4096]
    else:
        with file.open("rb") as content:
            start = content.read(4096)
    start = start.replace(b"\0", b"").lstrip(_BEFORE_IT)
    return start.lower().startswith(_HTML_BEGINS)
