"""What of a query stands on a shelf: texts whose copying is no infringement."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evidence.matching.align import Aligner, Span
from evidence.matching.bands import Bands
from evidence.matching.fingerprints import WHOLE, Fingerprints
from evidence.matching.index import Index, Postings
from evidence.matching.normalize import NormalizedText, normalize
from evidence.matching.params import Params

_LONG = 4  # fingerprints on nearby diagonals: a quotation worth telling by itself
_MOST_READ = 48  # shelf texts read for one query; a bundle may quote many statutes


@dataclass(frozen=True, slots=True)
class Quotation:
    """A half-open range of the query's normalised characters that is on a shelf.

    clause: what every form or site has, rather than a work.
    """

    start: int
    end: int
    text: int
    clause: bool


class Shelved:
    """The fingerprints of a query that agree with shelf texts, and where they stand.

    Two on nearby diagonals of one shelf text are a quotation, as they would be a
    candidate; one alone is a common phrase.
    """

    def __init__(self, query: Fingerprints, postings: Postings, params: Params) -> None:
        self._query, self._params = query, params
        self.seeds = np.zeros(query.size, np.bool_)
        self._identical: int | None = None
        self._bands: Bands | None = None
        if postings.text.size:
            self._mark(postings)

    def _mark(self, postings: Postings) -> None:
        whole = self._query.positions[postings.query_index] == WHOLE
        identical = postings.text[whole & (postings.position == WHOLE)]
        if identical.size:
            self._identical = int(identical.min())
            self.seeds[:] = True
        kept = postings.only(~whole & (postings.position != WHOLE))
        bands = Bands.of(kept, self._query.positions, self._params.band)
        quoted = bands.deep(self._params.seeds)
        if quoted.any():
            self._bands = bands.only(quoted)
            self._long = bands.deep(_LONG)[quoted]
            self.seeds[self._bands.place] = True

    def quotations(
        self,
        passages: Sequence[tuple[int, int]],
        size: int,
        aligner: Aligner,
        index: Index,
    ) -> list[Quotation]:
        """Return what is quoted: in these passages all, elsewhere the longer pieces.

        size: normalised characters of the query. Of the shelf texts, the fewest are
        read that hold every fingerprint which any of them holds.
        """
        if self._identical is not None:
            return [Quotation(0, size, self._identical, clause=False)]
        if self._bands is None:
            return []
        contents = index.contents(self._explaining(self._bands, passages))
        texts = {text: normalize(content) for text, content in contents.items()}
        near = [self._bands.diagonals(text) for text in texts]
        every = aligner.all_spans(list(texts.values()), near) if texts else []
        shelves = index.shelves(list(texts))
        works = {text for text, shelf in shelves.items() if shelf.why == "shelf"}
        found = [
            Quotation(span.q0, span.q1, text, text not in works)
            for text, spans in zip(texts, every, strict=True)
            for span in _quoted(spans, texts[text], aligner, self._params)
        ]
        return sorted(found, key=lambda each: each.start)

    def _explaining(
        self, bands: Bands, passages: Sequence[tuple[int, int]]
    ) -> list[int]:
        """Return shelf texts that together hold all the quoted fingerprints."""
        positions = self._query.positions
        wanted = np.zeros(positions.size, np.bool_)
        wanted[bands.place[self._long]] = True
        for start, end in passages:
            wanted |= (positions >= start) & (positions < end) & self.seeds
        left = wanted.take(bands.place)
        starts = bands.firsts()
        chosen: list[int] = []
        while len(chosen) < _MOST_READ and left.any():
            held = np.add.reduceat(left, starts, dtype=np.intp)
            text = int(bands.text[starts[held.argmax()]])
            chosen.append(text)
            wanted[bands.place[bands.of_text(text)]] = False
            left = wanted.take(bands.place)
        return chosen


def _quoted(
    spans: Sequence[Span], text: NormalizedText, aligner: Aligner, params: Params
) -> list[Span]:
    """Return the spans that are long enough for a quotation and read alike."""
    string = text.string()
    return [
        span
        for span in spans
        if span.length >= params.passage
        and aligner.similarity(span, string) >= params.similarity
    ]


def outside(
    span: tuple[int, int], quotations: Sequence[Quotation], params: Params
) -> list[tuple[tuple[int, int], int]]:
    """Return the parts of a range that are not quoted, and the characters in holes.

    A quotation of a work cuts a passage in two, or its end off; only a short one leaves
    it in one piece with a hole in it, which counts for nothing. So do clauses within
    what is mostly none: who copies a text copies the clauses in it as well.
    """
    parts: list[tuple[int, int]] = []
    most: list[int] = []  # that may stand before a part and leave it in one piece
    at, between = span[0], params.clause_longest
    for each in quotations:
        if each.end <= at:
            continue
        if each.start >= span[1]:
            break
        if each.start - at >= params.beside_quotation:
            parts.append((at, each.start))
            most.append(between)
            between = params.clause_longest
        if not each.clause:
            between = params.hole
        at = each.end
    if span[1] - at >= params.beside_quotation:
        parts.append((at, span[1]))
        most.append(between)
    return _bridged(parts, most)


def _bridged(
    parts: list[tuple[int, int]], most: list[int]
) -> list[tuple[tuple[int, int], int]]:
    """Return the parts, those joined between which less stands than in them, and the
    characters that stand between. Where that is too much, the widest gap cuts."""
    bridged: list[tuple[tuple[int, int], int]] = []
    left = [(0, len(parts))]
    while left:
        first, end = left.pop()
        group = parts[first:end]
        if not group:
            continue
        gaps = [after[0] - before[1] for before, after in pairwise(group)]
        own = sum(b - a for a, b in group)
        over = [
            gap - room for gap, room in zip(gaps, most[first + 1 : end], strict=True)
        ]
        if max(over, default=0) <= 0 and sum(gaps) <= own:
            bridged.append(((group[0][0], group[-1][1]), sum(gaps)))
        else:
            widest = max(range(len(gaps)), key=lambda at: (over[at] > 0, gaps[at]))
            cut = first + widest + 1
            left += [(cut, end), (first, cut)]
    return bridged
