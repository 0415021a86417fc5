"""Align two texts: the pairs of spans of which one is a copy of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from evidence.matching.bands import Diagonals
from evidence.matching.chains import Chain, chains
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params
from evidence.matching.seeds import QueryGrams, Stretch

_NUMBER = "0"  # what every run of digits is folded to
_PIECE = 512  # characters compared at once: the cost of Indel is quadratic
_LONG_GAP = 0.08  # of the shorter passage: what long ones may have between them
_BACK = 10  # passages joined may step back so far


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
        self._string = query.string()
        self._grams = QueryGrams(query, params)

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
        return [
            self._spans(stretches, text) if stretches else []
            for text, stretches in zip(
                found, self._grams.stretches(found, near), strict=True
            )
        ]

    def _spans(self, stretches: list[Stretch], found: NormalizedText) -> list[Span]:
        string = found.string()
        spans: list[Span] = []
        for trace in chains(stretches, self._params):
            if not any(_holds(span, trace) for span in spans):
                spans.append(self._extended(trace, string))
        return self._merged(sorted(spans, key=lambda span: span.q0), string)

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
        distance = 0
        for (qa, fa), (qb, fb) in _pieces(span):
            distance += Indel.distance(self._string[qa:qb], found[fa:fb])
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
        back = _extension(
            self._string, found, first.q0 - 1, first.f0 - 1, -1, self._params.drop
        )
        on = _extension(self._string, found, last.q1, last.f1, 1, self._params.drop)
        return Span(first.q0 - back, last.q1 + on, first.f0 - back, last.f1 + on, trace)


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


def _extension(query: str, found: str, i: int, j: int, step: int, drop: int) -> int:
    """Return how far both texts run alike from (i, j), without gaps.

    One up for an equal character, one down for another; it ends when the balance has
    fallen more than `drop` below its best (x-drop: Zhang, Berman, Miller 1998).
    """
    balance = best = kept = length = 0
    while 0 <= i < len(query) and 0 <= j < len(found):
        balance += 1 if query[i] == found[j] else -1
        length += 1
        if balance > best:
            best, kept = balance, length
        elif balance < best - drop:
            break
        i += step
        j += step
    return kept


def _holds(span: Span, trace: Chain) -> bool:
    """Whether a span was extended over another chain already."""
    first, last = trace[0], trace[-1]
    return (
        span.q0 <= first.q0
        and last.q1 <= span.q1
        and span.f0 <= first.f0
        and last.f1 <= span.f1
    )


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


def _pieces(span: Span) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return pairs of (query, found) corners that cut a span into bounded pieces."""
    cuts = [(span.q0, span.f0)]
    for stretch in span.trace:
        q = max(stretch.q0, cuts[-1][0] + _PIECE)
        while q < stretch.q1:
            f = stretch.f0 + q - stretch.q0
            if f > cuts[-1][1]:
                cuts.append((q, f))
            q += _PIECE
    return list(zip(cuts, [*cuts[1:], (span.q1, span.f1)], strict=True))
