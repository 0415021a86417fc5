"""A match laid out for reading: pairs of passages side by side, each with its place.

The same layout serves the desk, the rights holder's leads and the case file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz.distance import Indel

from evidence.models import Match, Text

CONTEXT = 40
# The first character that is not blank of each line that has one.
_LINE = re.compile(r"^[^\S\n]*\S", re.MULTILINE)
# Beyond this length the differences inside a passage are not marked: the marking is
# quadratic and nobody reads it.
MARKED_AT_MOST = 20_000
# Of a longer passage the beginning is shown: a bundle may be a copy as a whole.
SHOWN = 6_000
# Shorter agreements inside a passage are noise to the eye.
SMALLEST_ISLAND = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage begins, and ends when that is elsewhere. A segment of a preview
    is not a page: with `segment` set and `page` null the page is not known, and
    nothing derives it. Without either, `paragraph` counts the lines that are not
    blank, from 1."""

    page: int | None
    segment: int | None
    last_page: int | None = None
    last_segment: int | None = None
    paragraph: int | None = None
    last_paragraph: int | None = None

    @property
    def label(self) -> str:
        if self.page is not None:
            if self.last_page in (None, self.page):
                return _("第 %(page)d 页") % {"page": self.page}
            pages = {"page": self.page, "last": self.last_page}
            return _("第 %(page)d 页至第 %(last)d 页") % pages
        if self.segment is not None:
            if self.last_segment in (None, self.segment):
                return _("预览第 %(segment)d 段，页码不详") % {"segment": self.segment}
            segments = {"segment": self.segment, "last": self.last_segment}
            return _("预览第 %(segment)d 段至第 %(last)d 段，页码不详") % segments
        if self.paragraph is not None:
            if self.last_paragraph in (None, self.paragraph):
                return _("正文第 %(n)d 段，页码不详") % {"n": self.paragraph}
            paragraphs = {"n": self.paragraph, "last": self.last_paragraph}
            return _("正文第 %(n)d 段至第 %(last)d 段，页码不详") % paragraphs
        return _("页码不详")


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive characters of a passage that agree, or not, with the other side."""

    text: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Side:
    before: str
    pieces: tuple[Piece, ...]
    after: str
    place: Place
    span: tuple[int, int]

    def shortened(self, characters: int) -> "Side":
        """Return the first characters; an ellipsis stands for what is left out."""
        kept: list[Piece] = []
        left = characters
        for piece in self.pieces:
            kept.append(replace(piece, text=piece.text[:left]))
            left -= len(piece.text)
            if left <= 0:
                break
        if left >= 0:
            return self
        return replace(self, pieces=tuple(kept), after="…")

    @property
    def left_out(self) -> int:
        """How many raw characters of the passage are not shown."""
        start, end = self.span
        return end - start - sum(len(piece.text) for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Pair:
    """One passage on both sides; similarity in whole per cent."""

    number: int
    query: Side
    found: Side
    similarity: int
    length: int


def pairs_of(
    match: Match, *, start: int = 0, at_most: int | None = None
) -> Iterator[Pair]:
    """Lay out the passages of a match, numbered in the order of the query text.

    start: how many of them to pass over.
    """
    end = None if at_most is None else start + at_most
    query, found = _Placed.of(match.query), _Placed.of(match.found)
    for number, passage in _numbered(match)[start:end]:
        yield _pair(number, passage, query, found)


def longest_pairs(match: Match, count: int) -> list[Pair]:
    """Lay out the longest passages alone, in the order of the query text."""
    longest = sorted(_numbered(match), key=lambda each: -each[1]["length"])[:count]
    longest.sort(key=lambda each: each[0])
    query, found = _Placed.of(match.query), _Placed.of(match.found)
    return [_pair(number, passage, query, found) for number, passage in longest]


def _numbered(match: Match) -> list[tuple[int, dict[str, Any]]]:
    ordered = sorted(match.passages, key=lambda passage: passage["query"])
    return list(enumerate(ordered, start=1))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text, and where its paragraphs begin when it has no pages to tell."""

    text: Text
    paragraphs: Sequence[int]

    @classmethod
    def of(cls, text: Text) -> "_Placed":
        if text.page_starts or text.segment_starts:
            return cls(text, ())
        return cls(text, [found.start() for found in _LINE.finditer(text.content)])

    def place(self, start: int, end: int) -> Place:
        place = place_of(self.text, start, end)
        if not self.paragraphs:
            return place
        return replace(
            place,
            paragraph=_ordinal(self.paragraphs, start),
            last_paragraph=_ordinal(self.paragraphs, max(start, end - 1)),
        )


def percent(share: float) -> int:
    """Return a share 0–1 as whole per cent; 100 only when it is all of it."""
    return 100 if share >= 1 else min(99, round(share * 100))


def place_of(text: Text, offset: int, end: int | None = None) -> Place:
    """Return the page and the preview segment in which an offset lies, and those in
    which the half-open range up to `end` ends."""
    last = offset if end is None else max(offset, end - 1)
    return Place(
        page=_page(text, offset),
        segment=_ordinal(text.segment_starts, offset),
        last_page=_page(text, last),
        last_segment=_ordinal(text.segment_starts, last),
    )


def _page(text: Text, offset: int) -> int | None:
    """Headers and notes stand behind the body and are on no page."""
    paged = text.body_end is None or offset < text.body_end
    return _ordinal(text.page_starts, offset) if paged else None


def _ordinal(starts: Sequence[int] | None, offset: int) -> int | None:
    return bisect_right(starts, offset) or None if starts else None


def _pair(number: int, passage: dict[str, Any], query: _Placed, found: _Placed) -> Pair:
    ours, theirs = passage["query"], passage["found"]
    left, right = query.text.content[slice(*ours)], found.text.content[slice(*theirs)]
    agreed_left, agreed_right = _agreements(left, right)
    return Pair(
        number=number,
        query=_side(query, ours, agreed_left),
        found=_side(found, theirs, agreed_right),
        similarity=percent(passage["similarity"] / 1000),
        length=passage["length"],
    )


def _side(placed: _Placed, span: Sequence[int], pieces: tuple[Piece, ...]) -> Side:
    start, end = span
    text = placed.text
    return Side(
        before=text.content[max(0, start - CONTEXT) : start],
        pieces=pieces,
        after=text.content[end : end + CONTEXT],
        place=placed.place(start, end),
        span=(start, end),
    )


def _agreements(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if max(len(left), len(right)) > MARKED_AT_MOST:
        return (Piece(left, True),), (Piece(right, True),)
    blocks = [
        block
        for block in Indel.opcodes(left, right).as_matching_blocks()
        if block.size >= SMALLEST_ISLAND
    ]
    ours = _cut(left, [(block.a, block.a + block.size) for block in blocks])
    theirs = _cut(right, [(block.b, block.b + block.size) for block in blocks])
    return ours, theirs


def _cut(text: str, agreed: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces, reached = [], 0
    for start, end in agreed:
        if start > reached:
            pieces.append(Piece(text[reached:start], agrees=False))
        pieces.append(Piece(text[start:end], agrees=True))
        reached = end
    if reached < len(text):
        pieces.append(Piece(text[reached:], agrees=False))
    return tuple(pieces)
