"""What an extractor gives back, and the words with which it refuses."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

REFUSALS = {
    "empty": "The file holds no bytes.",
    "binary": "The file is neither a document nor text.",
    "unknown_type": "Files with this kind of name are not accepted.",
    "mismatch": "The content is not what the file's name says.",
    "unsupported": "This format is not accepted.",
    "legacy_office": "Old binary Office files have to be read by a person.",
    "encrypted": "The file is protected by a password.",
    "malformed": "The file is damaged and cannot be read.",
    "malware": "The file carries a virus signature.",
    "dtd": "The file declares its own XML entities, which documents never need.",
    "unsafe_archive": "The archive holds members that no document has.",
    "oversize": "The file is larger than files of its kind may be.",
    "too_large": "The file inflates to more than is allowed.",
    "too_many_pages": "The file has more pages than are allowed.",
    "timeout": "The file was not read in the time allowed.",
}
"""Code → sentence. The site shows its own wording by code."""

CHARACTERS = 20_000_000
"""The longest text we take: ten times the longest novel, and what memory holds."""


class ExtractionError(Exception):
    """A deliberate no: the file is refused. `code` is a key of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = REFUSALS[code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The raw text of one file, and where its pages begin.

    Offsets count characters (code points) of `text`, which is exactly what
    `manage.py extract FILE` prints. They never decrease: a page without text
    starts where the next one does.
    """

    name: str
    """Which extractor read it …"""
    version: str
    """… and in which edition: another edition may give another text."""
    text: str
    page_starts: tuple[int, ...] | None = None
    """Offset of page n at index n − 1; None: pages are unknown, never guessed."""
    body_end: int | None = None
    """Where the paged text ends; headers and notes after it have no page.
    None: it reaches to the end."""
    segment_starts: tuple[int, ...] | None = None
    """Offset of preview segment k at index k − 1; None: not a segmented preview.
    A segment is not a page."""
    pages: int | None = None
    """Number of pages of the file when it is known."""
    flags: tuple[str, ...] = ()
    """`hidden_text`: text that Word does not show was read.
    `alt_text`: what is told of pictures to those who cannot see them was read.
    `form_text`: words of an XFA form were read, which stand on no page.
    `attachments`: files attached to it were read; `unread_attachments`: some were
    not, and a person has to look at them.
    `blank_pages`: some pages, but not all, have no text layer.
    `hard_breaks_only`: Word left no page breaks of its own, only the author's."""

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, of the character at `offset`; None when not known."""
        if self.page_starts is None:
            return None
        if self.body_end is not None and offset >= self.body_end:
            return None
        return bisect_right(self.page_starts, offset) or None

    def segment_at(self, offset: int) -> int | None:
        """The preview segment, from 1, of the character at `offset`."""
        if self.segment_starts is None:
            return None
        return bisect_right(self.segment_starts, offset) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a listing page says; None for what it does not say.

    uploaded_on: the site's own date, as it states it; size_bytes: 1 KB = 1024 bytes,
    as exact as the page's rounding; preview: see Extract, with segment_starts.
    """

    number: str | None
    title: str | None
    seller_mask: str | None
    uploaded_on: date | None
    format: str | None
    size_bytes: int | None
    pages: int | None
    tags: tuple[str, ...]
    preview: Extract


_NO_CHARACTER = re.compile("[\x00\ufffe\uffff\ud800-\udfff]")
_NEWLINE = re.compile("\r\n?")


def cleaned(text: str) -> str:
    """Return text with \\n as its only newline and without what no database stores.

    NUL, lone surrogates and the non-characters U+FFFE and U+FFFF (pdfium's mark
    for a hyphen at a line's end) go; everything else stays as it was written.
    """
    return _NEWLINE.sub("\n", _NO_CHARACTER.sub("", text))
