"""Align two texts: the pairs of spans of which one is a copy of the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from evidence.matching.bands import Diagonals
from evidence.matching.chains import Chain, chains
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params
from evidence.matching.seeds import QueryGrams, Stretch

_NUMBER = "0"  # what every run of digits is folded to
_PIECE = 48  # characters compared at once: up to 64 Indel takes in one stride
_LONG_GAP = 0.08  # of the shorter passage: what long ones may have between them
_BACK = 10  # passages joined may step back so far
_WINDOW = 48  # characters beyond the end of a chain that are looked at together
_GLIMPSE, _LEAST = 12, 0.3  # so many of them, no less alike, or it is foreign text
_EDIT = 0.5  # what a character costs there that only one of the texts has


@dataclass(slots=True)
class Span:
    """A pair of half-open ranges in normalised characters, and the trace in them."""

    q0: int
    q1: int
    f0: int
    f1: int
    trace: list[Stretch]

    @property
    def length(self) -> int:
        return min(self.q1 - self.q0, self.f1 - self.f0)

    @property
    def longest_run(self) -> int:
        return max(stretch.run for stretch in self.trace)


class Aligner:
    """One query, prepared once and aligned with any number of texts."""

    def __init__(self, query: NormalizedText, params: Params) -> None:
        self._params = params
        self._query, self._string = query, query.string()
        self._grams: QueryGrams | None = None  # of no use when nothing is aligned

    def spans(self, found: NormalizedText, near: Diagonals | None = None) -> list[Span]:
        """Return the spans that run alike, by start in the query, unverified.

        near: ascending diagonals; only agreement within `band` of one of them is
        looked at. None looks everywhere.
        """
        return self.all_spans([found], [near])[0]

    def all_spans(
        self, found: Sequence[NormalizedText], near: Sequence[Diagonals | None]
    ) -> list[list[Span]]:
        """Return what `spans` does for several texts at once, which is faster."""
        if self._grams is None:
            self._grams = QueryGrams(self._query, self._params)
        every = self._grams.stretches(found, near)
        return [
            self._spans(stretches, text) if stretches else []
            for text, stretches in zip(found, every, strict=True)
        ]

    def _spans(self, stretches: list[Stretch], found: NormalizedText) -> list[Span]:
        string = found.string()
        spans: list[Span] = []
        for trace in chains(stretches, self._params):
            if not _held(spans, trace):
                spans.append(self._extended(trace, string))
        spans = self._merged(sorted(spans, key=lambda span: span.q0), string)
        return [self._over_gaps(span, string) for span in spans]

    def part(self, span: Span, start: int, end: int) -> Span | None:
        """Return a span cut down to a range of the query, or None outside its trace."""
        trace = [each for each in span.trace if each.q1 > start and each.q0 < end]
        if not trace:
            return None
        trace = [_trimmed(each, start, end) for each in trace]
        first, last = trace[0], trace[-1]
        back = min(first.q0 - start, first.f0 - span.f0) if span.q0 <= start else 0
        on = min(end - last.q1, span.f1 - last.f1) if end <= span.q1 else 0
        return Span(
            first.q0 - max(back, 0),
            last.q1 + max(on, 0),
            first.f0 - max(back, 0),
            last.f1 + max(on, 0),
            trace,
        )

    def apart(self, span: Span) -> list[Span]:
        """Return a span parted at the widest gap of its trace; [] without a wide one.

        Passages that follow one another in both texts were joined over what lies
        between; where that turns out to be too much, each may be alike by itself.
        """
        gaps = [
            max(after.q0 - before.q1, after.f0 - before.f1)
            for before, after in pairwise(span.trace)
        ]
        if not gaps or max(gaps) <= self._params.bridge:
            return []
        at = gaps.index(max(gaps)) + 1
        before, after = span.trace[:at], span.trace[at:]
        return [
            Span(span.q0, before[-1].q1, span.f0, before[-1].f1, before),
            Span(after[0].q0, span.q1, after[0].f0, span.f1, after),
        ]

    def digits(self, span: Span) -> int:
        """Return how many of the query's characters in a span are numbers."""
        return self._string.count(_NUMBER, span.q0, span.q1)

    def similarity(self, span: Span, found: str) -> float:
        """Return the Indel similarity of a span, 0–1, or a shade less for a long one.

        Long spans are cut where the trace says both texts are at the same place, and
        the distances of the pieces added: never less than the distance of the whole.
        """
        query, distance = self._string, 0
        for qa, fa, qb, fb in _pieces(span):
            one, other = query[qa:qb], found[fa:fb]
            if one != other:
                distance += Indel.distance(one, other)
        return 1 - distance / (span.q1 - span.q0 + span.f1 - span.f0)

    def _merged(self, spans: list[Span], found: str) -> list[Span]:
        """Join spans that follow one another in both texts with little between, or
        with what reads alike as well."""
        merged: list[Span] = []
        for span in spans:
            for earlier in reversed(merged[-3:]):
                if _continues(earlier, span, self._params) or self._runs_on(
                    earlier, span, found
                ):
                    earlier.q1 = max(earlier.q1, span.q1)
                    earlier.f1 = max(earlier.f1, span.f1)
                    earlier.trace = earlier.trace + span.trace
                    break
            else:
                merged.append(span)
        return merged

    def _runs_on(self, earlier: Span, span: Span, found: str) -> bool:
        """Whether the text between two spans is the same text, under heavy noise."""
        gaps = span.q0 - earlier.q1, span.f0 - earlier.f1
        if not 0 < 0.6 * max(gaps) <= min(gaps) <= self._params.noisy_gap:
            return False
        alike = Indel.normalized_similarity(
            self._string[earlier.q1 : span.q0],
            found[earlier.f1 : span.f0],
            score_cutoff=self._params.similarity,
        )
        return alike > 0

    def _extended(self, trace: Chain, found: str) -> Span:
        first, last = trace[0], trace[-1]
        q0, f0, drop = first.q0, first.f0, self._params.drop
        back = _run_on(
            self._string[max(0, q0 - _WINDOW) : q0][::-1],
            found[max(0, f0 - _WINDOW) : f0][::-1],
            drop,
        )
        on = _run_on(
            self._string[last.q1 : last.q1 + _WINDOW],
            found[last.f1 : last.f1 + _WINDOW],
            drop,
        )
        return Span(q0 - back, last.q1 + on, f0 - back, last.f1 + on, trace)

    def _over_gaps(self, span: Span, found: str) -> Span:
        """Return a span with its ends moved on over what was put in or left out.

        Done once passages are joined: what lies between two is theirs already.
        """
        query, drop = self._string, self._params.drop
        while True:
            q, f = _edited_on(
                query[max(0, span.q0 - _WINDOW) : span.q0][::-1],
                found[max(0, span.f0 - _WINDOW) : span.f0][::-1],
                drop,
            )
            span.q0, span.f0 = span.q0 - q, span.f0 - f
            if q < _WINDOW // 2:
                break
        while True:
            q, f = _edited_on(
                query[span.q1 : span.q1 + _WINDOW],
                found[span.f1 : span.f1 + _WINDOW],
                drop,
            )
            span.q1, span.f1 = span.q1 + q, span.f1 + f
            if q < _WINDOW // 2:
                return span


def _trimmed(stretch: Stretch, start: int, end: int) -> Stretch:
    """Return the part of a stretch inside a range of the query."""
    q0, q1 = max(stretch.q0, start), min(stretch.q1, end)
    length = q1 - q0
    return Stretch(
        q0,
        q1,
        stretch.f0 + q0 - stretch.q0,
        min(stretch.matched, length),
        min(stretch.run, length),
    )


def _run_on(query: str, found: str, drop: int) -> int:
    """Return how far both texts run alike from their starts, without gaps.

    One up for an equal character, one down for another; it ends when the balance has
    fallen more than `drop` below its best (x-drop: Zhang, Berman, Miller 1998).
    """
    balance = best = kept = 0
    for length, (one, other) in enumerate(zip(query, found, strict=False), 1):
        if one == other:
            balance += 1
            if balance > best:
                best, kept = balance, length
        else:
            balance -= 1
            if balance < best - drop:
                break
    return kept


def _edited_on(query: str, found: str, drop: int) -> tuple[int, int]:
    """Return how far each text is an edited form of the other, from their starts.

    Along the shortest edit of the two, one up for an equal character and `_EDIT` down
    for one that only one of them has, until the balance has fallen more than `drop`.
    """
    near = query[:_GLIMPSE], found[:_GLIMPSE]
    if not Indel.normalized_similarity(*near, score_cutoff=_LEAST) or not all(near):
        return 0, 0
    balance = best = 0.0
    at = kept = 0, 0
    for block in Indel.opcodes(query, found).as_matching_blocks():
        balance -= _EDIT * (block.a - at[0] + block.b - at[1])
        if balance < best - drop:
            break
        at = block.a + block.size, block.b + block.size
        balance += block.size
        if balance > best:
            best, kept = balance, at
    return kept


def _held(spans: list[Span], trace: Chain) -> bool:
    """Whether one of the spans was extended over another chain already."""
    first, last = trace[0], trace[-1]
    q0, q1, f0, f1 = first.q0, last.q1, first.f0, last.f1
    for span in spans:
        if span.q0 <= q0 and q1 <= span.q1 and span.f0 <= f0 and f1 <= span.f1:
            return True
    return False


def _continues(earlier: Span, span: Span, params: Params) -> bool:
    query_gap, found_gap = span.q0 - earlier.q1, span.f0 - earlier.f1
    shorter = min(earlier.q1 - earlier.q0, span.q1 - span.q0)
    reach = max(params.merge, _LONG_GAP * shorter)
    if query_gap > reach or found_gap > reach:
        return False
    if abs(query_gap - found_gap) > 20 + params.skew_share * max(0, shorter):
        return False
    return min(query_gap, found_gap) >= -_BACK or (
        max(query_gap, found_gap) < 0 and abs(query_gap - found_gap) <= 2 * _BACK
    )


def _pieces(span: Span) -> Iterator[tuple[int, int, int, int]]:
    """Yield start in query and found, and end in both, of pieces of a bounded size."""
    q_cut, f_cut = span.q0, span.f0
    for q0, q1, f0, _, _ in span.trace:
        q = max(q0, q_cut + _PIECE)
        while q < q1:
            f = f0 + q - q0
            if f > f_cut:
                yield q_cut, f_cut, q, f
                q_cut, f_cut = q, f
            q += _PIECE
    yield q_cut, f_cut, span.q1, span.f1
