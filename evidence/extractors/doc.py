"""Word 97–2003 documents, and Word 6 and 95 ([MS-DOC]).

The text lies in pieces, in the order that the piece table tells. Which characters
are deleted or hidden stands in pages of formatting runs (CHPX) beside it. Pages are
not known: Word laid them out anew at each opening.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from io import BytesIO
from struct import error, unpack_from
from typing import NamedTuple

import olefile

from evidence.extractors.extracts import Extract, ExtractionError, cleaned

VERSION = "1"
# Places in the file information block at the head of the stream (FIB, 2.5).
_LANGUAGE, _FLAGS, _TEXT_BOUNDS, _COUNTS = 0x06, 0x0A, 0x18, 0x4C
_CLX, _CHPX_PAGES = 0x1A2, 0xFA
_WORD_97 = 0xA5EC
_WORD_6 = 0xA5DC
_COMPLEX, _ENCRYPTED, _TABLE_1 = 0x0004, 0x0100, 0x0200
_PAGE = 512
# Single property modifiers (2.6.1), and the length of their operand by kind.
_DELETED, _HIDDEN = 0x0800, 0x083C
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_CODE_PAGES = {0x0804: "gb18030", 0x1004: "gb18030", 0x0404: "big5", 0x0C04: "big5"}


class Piece(NamedTuple):
    """A stretch of text: bytes [start, end) of the stream, 1 or 2 a character."""

    start: int
    end: int
    width: int


class Run(NamedTuple):
    """Bytes [start, end) of the stream whose characters are deleted or hidden."""

    start: int
    end: int
    deleted: bool


def read(content: bytes) -> Extract:
    """Read a DOC file: the body, then notes, headers, comments and text boxes."""
    try:
        with olefile.OleFileIO(BytesIO(content)) as storage:
            stream = _stream(storage, "WordDocument")
            magic, flags = unpack_from("<H8xH", stream)
            if flags & _ENCRYPTED:
                raise ExtractionError("encrypted")
            if magic == _WORD_97:
                table = _stream(storage, f"{int(bool(flags & _TABLE_1))}Table")
                text, hidden = _text(stream, table)
            elif magic == _WORD_6 and not flags & _COMPLEX:
                text, hidden = _old_text(stream), False
            else:
                raise ExtractionError("legacy_office")
    except (OSError, error, ValueError, IndexError):
        raise ExtractionError("malformed") from None
    return Extract(
        name="doc",
        version=VERSION,
        text=_plain(text),
        flags=("hidden_text",) if hidden else (),
    )


def _stream(storage: olefile.OleFileIO, name: str) -> bytes:
    if not storage.exists(name):
        raise ExtractionError("malformed")
    content: bytes = storage.openstream(name).read()
    return content


def _text(stream: bytes, table: bytes) -> tuple[str, bool]:
    """The text without deleted characters, and whether hidden ones are in it."""
    runs = sorted(_runs(stream, table))
    starts = [run.start for run in runs]
    out: list[str] = []
    hidden = False
    for piece in _pieces(stream, table):
        at = piece.start
        for index in range(max(0, bisect_right(starts, at) - 1), len(runs)):
            run = runs[index]
            if run.start >= piece.end:
                break
            if run.end <= at:
                continue
            if run.deleted:
                out.append(_decoded(stream, piece._replace(start=at, end=run.start)))
                at = run.end
            else:
                end = min(run.end, piece.end)
                shown = piece._replace(start=max(at, run.start), end=end)
                hidden = hidden or bool(_plain(_decoded(stream, shown)).strip())
        out.append(_decoded(stream, piece._replace(start=at)))
    return "".join(out), hidden


def _decoded(stream: bytes, piece: Piece) -> str:
    content = stream[piece.start : max(piece.start, piece.end)]
    return content.decode("utf-16-le" if piece.width == 2 else "cp1252", "replace")


def _pieces(stream: bytes, table: bytes) -> Iterator[Piece]:
    """The pieces in reading order (Clx, 2.9.38). Their places may not repeat much."""
    at, length = unpack_from("<II", stream, _CLX)
    end = at + length
    while table[at] == 1:  # formatting of pieces, which no text depends on
        at += 3 + int(unpack_from("<H", table, at + 1)[0])
    if table[at] != 2 or end > len(table):
        raise ExtractionError("malformed")
    count = (unpack_from("<I", table, at + 1)[0] - 4) // 12
    positions = unpack_from(f"<{count + 1}I", table, at + 5)
    places = at + 5 + 4 * (count + 1)
    left = 2 * len(stream)
    for number in range(count):
        place = unpack_from("<2xI", table, places + 8 * number)[0]
        characters = positions[number + 1] - positions[number]
        width = 1 if place & 0x4000_0000 else 2
        start = (place & 0x3FFF_FFFF) // (3 - width)
        left -= width * characters
        if characters < 0 or left < 0:
            raise ExtractionError("malformed")
        yield Piece(start, start + width * characters, width)


def _runs(stream: bytes, table: bytes) -> Iterator[Run]:
    """The deleted and hidden runs, from the pages of character formatting (2.9.33)."""
    at, length = unpack_from("<II", stream, _CHPX_PAGES)
    count = max(0, (length - 4) // 8)
    for page in unpack_from(f"<{count}I", table, at + 4 * (count + 1)):
        start = (page & 0x3F_FFFF) * _PAGE
        formatting = stream[start : start + _PAGE]
        if len(formatting) == _PAGE:
            yield from _runs_of_page(formatting)


def _runs_of_page(page: bytes) -> Iterator[Run]:
    count = page[-1]
    bounds = unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        place = 2 * page[4 * (count + 1) + number]
        if place:
            modifiers = page[place + 1 : place + 1 + page[place]]
            turned_on = set(_turned_on(modifiers))
            if turned_on:
                yield Run(bounds[number], bounds[number + 1], _DELETED in turned_on)


def _turned_on(modifiers: bytes) -> Iterator[int]:
    at = 0
    while at + 3 <= len(modifiers):
        (modifier,) = unpack_from("<H", modifiers, at)
        operand = modifiers[at + 2]
        if modifier in (_DELETED, _HIDDEN) and operand:
            yield modifier
        at += 2 + _OPERANDS.get(modifier >> 13, 1 + operand)


def _old_text(stream: bytes) -> str:
    """The text of Word 6 and 95, which lies in one stretch."""
    (language,) = unpack_from("<H", stream, _LANGUAGE)
    start, end = unpack_from("<II", stream, _TEXT_BOUNDS)
    return stream[start:end].decode(_CODE_PAGES.get(language, "cp1252"), "replace")


_FIELD = re.compile("[\x13\x14\x15]")
_ROW_END = re.compile("\x07\x07")
_CHARACTERS = str.maketrans(
    {"\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " "}
    | dict.fromkeys("\x01\x02\x03\x04\x05\x06\x08\x1f")
)


def _plain(text: str) -> str:
    """Turn Word's marks into ours; of a field its result stays, not its code."""
    kept: list[str] = []
    codes = list[bool]()  # open fields: whether we are still in the code
    at = 0
    for mark in _FIELD.finditer(text):
        if not any(codes):
            kept.append(text[at : mark.start()])
        at = mark.end()
        if mark[0] == "\x13":
            codes.append(True)
        elif codes and mark[0] == "\x14":
            codes[-1] = False
        elif codes:
            codes.pop()
    kept.append("" if any(codes) else text[at:])
    rows = _ROW_END.sub("\t\n", "".join(kept))
    return cleaned(rows).translate(_CHARACTERS)
