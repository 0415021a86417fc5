"""Which aligned spans are evidence of copying, and when a text resembles another."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evidence.matching.align import Aligner, Span
from evidence.matching.candidates import Diagonals, Vote
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params
from evidence.matching.passages import Passage, Resemblance

_CLOSE = 3  # common grams that make a place; two may be one set phrase


@dataclass(frozen=True, slots=True)
class Verified:
    """A span that reads alike."""

    span: Span
    similarity: float
    boilerplate: bool

    @property
    def evidence(self) -> float:
        """Length, weighed from nothing at similarity 0.6 to its full at 1.

        Forms of one genre run 0.56–0.70 alike over long stretches without being
        copies; a threshold on length and similarity apart cannot tell them.
        """
        return self.span.length * min(1.0, max(0.0, (self.similarity - 0.6) / 0.4))


class CommonGrams:
    """How much of each part of the query consists of grams common in the index."""

    def __init__(self, size: int, found: Vote, params: Params) -> None:
        self._params = params
        self._size = size
        self._positions: list[int] = found.common.tolist()
        self._common = _covered(size, found.common, params.gram)
        self._sampled = _covered(size, found.sampled, params.gram)

    def make_up(self, span: Span) -> bool:
        """Whether a span is short and mostly made of common grams."""
        if not self._positions or span.length >= self._params.boilerplate:
            return False
        common = self._common[span.q1] - self._common[span.q0]
        return bool(2 * common > self._sampled[span.q1] - self._sampled[span.q0])

    def ranges(self) -> list[tuple[int, int]]:
        """Return the parts of the query where common grams stand close together."""
        groups: list[list[int]] = []
        for position in self._positions:
            if groups and position - groups[-1][-1] <= self._params.band:
                groups[-1].append(position)
            else:
                groups.append([position])
        return [
            (group[0], min(group[-1] + self._params.gram, self._size))
            for group in groups
            if len(group) >= _CLOSE
        ]


def _covered(
    size: int, positions: npt.NDArray[np.int32], width: int
) -> npt.NDArray[np.int64]:
    """Return int64[size + 1]: how many characters before each one are covered."""
    edges = np.zeros(size + 1, np.int32)
    np.add.at(edges, positions, 1)
    np.add.at(edges, np.minimum(positions + width, size), -1)
    return np.concatenate(([0], np.cumsum(np.cumsum(edges[:-1]) > 0)))


def verified(
    aligner: Aligner,
    found: NormalizedText,
    common: CommonGrams,
    near: Diagonals | None,
    params: Params,
) -> list[Verified]:
    """Return the spans that are long enough and read alike enough.

    `near` as in `Aligner.spans`; without it, when much is shared anyway, shorter
    passages count.
    """
    least = params.copied_passage if near is None else params.passage
    long_enough = [span for span in aligner.spans(found, near) if span.length >= least]
    if not long_enough:
        return []
    string = found.string()
    alike = [
        Verified(span, aligner.similarity(span, string), common.make_up(span))
        for span in long_enough
    ]
    return [each for each in alike if each.similarity >= params.similarity]


def suffices(evidence: list[float], shorter: int, params: Params) -> bool:
    """Whether the evidence of all passages makes a resemblance.

    One passage worth 60 characters, or 120 in all; of a text (`shorter`: normalised
    characters of the shorter one) too short for that, most of it.
    """
    if not evidence:
        return False
    total = sum(evidence)
    if max(evidence) >= params.evidence or total >= 2 * params.evidence:
        return True
    return shorter < 1.6 * params.evidence and total >= params.short_coverage * shorter


def resemblance(
    text: int,
    query: NormalizedText,
    found: NormalizedText,
    accepted: list[Verified],
) -> Resemblance:
    """Return what is reported of a text, offsets turned back into the raw ones."""
    spans = [each.span for each in accepted]
    return Resemblance(
        text=text,
        containment_query=_union([(s.q0, s.q1) for s in spans]) / query.size,
        containment_found=_union([(s.f0, s.f1) for s in spans]) / found.size,
        longest_run=max(span.longest_run for span in spans),
        passages=tuple(
            Passage(
                query=query.raw_span(each.span.q0, each.span.q1),
                found=found.raw_span(each.span.f0, each.span.f1),
                similarity=round(each.similarity, 4),
                length=each.span.length,
            )
            for each in accepted
        ),
    )


def identical(text: int, query: NormalizedText, found: NormalizedText) -> Resemblance:
    """Return what is reported of a text with the same normalised characters."""
    whole = Passage(
        query.raw_span(0, query.size),
        found.raw_span(0, found.size),
        similarity=1.0,
        length=query.size,
    )
    return Resemblance(text, 1.0, 1.0, query.size, (whole,))


def _union(ranges: list[tuple[int, int]]) -> int:
    """Return how many characters lie in at least one range."""
    covered = reach = 0
    for start, end in sorted(ranges):
        covered += max(0, end - max(start, reach))
        reach = max(reach, end)
    return covered
