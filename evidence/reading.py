"""How bytes are read: which kind of file, which text. One guard around all parsers."""

import logging
import unicodedata
from collections.abc import Callable
from typing import Literal, TypeVar

from evidence.extractors import (
    DOCX,
    HTML,
    LISTING,
    PDF,
    PPTX,
    TEXT,
    Extract,
    ExtractionError,
    extract,
    sniff,
)
from evidence.extractors.html import is_html
from evidence.extractors.listing import Listing, read_listing
from evidence.extractors.text import decode

Reading = Literal["auto", "listing", "text"]
UNREAD = "application/octet-stream"
"""The media type of bytes that no extractor takes."""

FORMATS = {DOCX: "DOCX", PPTX: "PPTX", PDF: "PDF", TEXT: "TXT", HTML: "HTML"}
ENDINGS = {kind: f".{name.lower()}" for kind, name in FORMATS.items()}

T = TypeVar("T")
logger = logging.getLogger(__name__)


def media_type_of(content: bytes, name: str, reading: Reading = "auto") -> str:
    """Return how to read a file. Raises ExtractionError when it is refused.

    `reading` overrides what a text or HTML page is taken for; other formats are
    never listings.
    """
    found = _guarded(lambda: sniff(content, name))
    if found not in (TEXT, HTML, LISTING) or reading == "auto":
        if reading == "listing":
            raise ExtractionError("mismatch")
        return found
    if reading == "listing":
        return LISTING
    if found == LISTING:
        return HTML if is_html(decode(content)) else TEXT
    return found


def read_text(content: bytes, media_type: str) -> Extract:
    """Return the text of a file and its places. Raises ExtractionError."""
    return _guarded(lambda: extract(content, media_type))


def read_page(content: bytes) -> Listing:
    """Return what a saved listing page says. Raises ExtractionError."""
    return _guarded(lambda: read_listing(content))


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
    return " ".join(kept.split())[:at_most]


def _guarded(read: Callable[[], T]) -> T:
    """Turn whatever a parser does on a stranger's file into a refusal."""
    try:
        return read()
    except ExtractionError:
        raise
    except MemoryError:
        raise ExtractionError("too_large") from None
    except Exception:
        logger.exception("an extractor failed")
        raise ExtractionError("malformed") from None
