"""Which pages of one text stand on which pages of another."""

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.comparison import Place, place_of
from evidence.models import Match, Text

# A shorter end of a passage on another page is told by the passage itself.
LEAST = 20


@dataclass(frozen=True, slots=True)
class PagePair:
    """Text of one page, or preview segment, that stands on one of the other side.

    characters: raw ones of the query's side.
    """

    query: Place
    found: Place
    characters: int


def page_pairs(match: Match) -> list[PagePair]:
    """Return the pairs in the order of the query's pages; empty when neither side
    has more than one."""
    query, found = match.query, match.found
    if not _starts(query)[1:] and not _starts(found)[1:]:
        return []
    counted: Counter[tuple[Place, Place]] = Counter()
    for passage in match.passages:
        for (start, end), (other, other_end) in _pieces(passage, query, found):
            if end - start >= LEAST:
                # The middle: a turn that was mapped lies a character off at times.
                pair = (
                    place_of(query, (start + end) // 2),
                    place_of(found, (other + other_end) // 2),
                )
                counted[pair] += end - start
    rows = [PagePair(*pair, characters) for pair, characters in counted.items()]
    return sorted(rows, key=lambda row: (_rank(row.query), _rank(row.found)))


def _pieces(
    passage: dict[str, Any], query: Text, found: Text
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Cut a passage wherever either side turns a page.

    Both sides of a passage run in step, so a place inside is mapped in proportion.
    """
    (q0, q1), (f0, f1) = passage["query"], passage["found"]
    ratio = (q1 - q0) / max(1, f1 - f0)
    turns = set(_within(_starts(query), q0, q1))
    turns |= {q0 + round((at - f0) * ratio) for at in _within(_starts(found), f0, f1)}
    edges = [q0, *sorted(turn for turn in turns if q0 < turn < q1), q1]
    for start, end in itertools.pairwise(edges):
        there = [f0 + round((at - q0) / ratio) for at in (start, end)]
        yield (start, end), (there[0], there[1])


def _starts(text: Text) -> Sequence[int]:
    return text.page_starts or text.segment_starts or ()


def _within(starts: Sequence[int], start: int, end: int) -> Sequence[int]:
    return starts[bisect_right(starts, start) : bisect_right(starts, end - 1)]


def _rank(place: Place) -> tuple[int, int]:
    return place.page or 0, place.segment or 0
