"""Which aligned spans are evidence of copying, and when a text resembles another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence.matching.align import Aligner, Span
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params
from evidence.matching.passages import Passage, Resemblance
from evidence.matching.seeds import Stretch
from evidence.matching.shelves import Quotation, outside


@dataclass(frozen=True, slots=True)
class Verified:
    """A span that reads alike.

    numbers, quoted: how many of its characters are numbers, and stand on a shelf.
    """

    span: Span
    similarity: float
    numbers: int
    quoted: int = 0

    @property
    def evidence(self) -> float:
        """Length, weighed from nothing at similarity 0.6 to its full at 1.

        Forms of one genre run 0.56–0.70 alike over long stretches without being
        copies; a threshold on length and similarity apart cannot tell them. Numbers
        are all alike here and so count for nothing: tables would be copies otherwise.
        """
        words = max(0, self.span.length - self.numbers - self.quoted)
        return words * min(1.0, max(0.0, (self.similarity - 0.6) / 0.4))


@dataclass(frozen=True, slots=True)
class Alike:
    """A text and the verified spans it shares with the query."""

    text: int
    found: NormalizedText
    spans: list[Verified]

    def ranges(self) -> list[tuple[int, int]]:
        """Return the ranges of the query, normalised, that are alike."""
        return [(each.span.q0, each.span.q1) for each in self.spans]


def verified(
    aligner: Aligner,
    spans: Sequence[Span],
    found: NormalizedText,
    least: int,
    params: Params,
) -> list[Verified]:
    """Return the spans, or parts of them, that are long enough and read alike."""
    alike: list[Verified] = []
    string: str | None = None
    left = list(reversed(spans))
    while left:
        span = left.pop()
        if span.length < least:
            continue
        string = found.string() if string is None else string
        similarity = aligner.similarity(span, string)
        if similarity >= params.similarity:
            alike.append(Verified(span, similarity, aligner.digits(span)))
        else:
            left += reversed(aligner.apart(span))
    return alike


def suffices(spans: Sequence[Verified], shorter: int, params: Params) -> bool:
    """Whether the evidence of all passages makes a resemblance.

    One passage worth 60 characters, or 120 in all; of a text (`shorter`: normalised
    characters of the shorter one) too short for that, most of it.
    """
    evidence = [each.evidence for each in spans]
    if not evidence:
        return False
    total = sum(evidence)
    if max(evidence) >= params.evidence or total >= 2 * params.evidence:
        return True
    return shorter < 1.6 * params.evidence and total >= params.short_coverage * shorter


def without(
    alike: Alike,
    quotations: Sequence[Quotation],
    aligner: Aligner,
    params: Params,
) -> Alike:
    """Return the resemblance less what is quoted."""
    kept: list[Verified] = []
    for each in alike.spans:
        whole = (each.span.q0, each.span.q1)
        for part, holes in outside(whole, quotations, params):
            if part == whole:
                kept.append(replace(each, quoted=holes))
                continue
            span = aligner.part(each.span, *part)
            spans = [] if span is None else [span]
            kept += [
                replace(own, quoted=holes)
                for own in verified(
                    aligner, spans, alike.found, params.beside_quotation, params
                )
            ]
    return Alike(alike.text, alike.found, kept)


def resemblance(query: NormalizedText, alike: Alike) -> Resemblance:
    """Return what is reported of a text, offsets turned back into the raw ones."""
    spans, found = [each.span for each in alike.spans], alike.found
    quoted = sum(each.quoted for each in alike.spans)
    in_query = max(0, _union([(s.q0, s.q1) for s in spans]) - quoted)
    in_found = max(0, _union([(s.f0, s.f1) for s in spans]) - quoted)
    return Resemblance(
        text=alike.text,
        containment_query=in_query / query.size,
        containment_found=in_found / found.size,
        longest_run=max(span.longest_run for span in spans),
        passages=tuple(
            Passage(
                query=query.raw_span(each.span.q0, each.span.q1),
                found=found.raw_span(each.span.f0, each.span.f1),
                similarity=round(each.similarity, 4),
                length=each.span.length,
            )
            for each in alike.spans
        ),
    )


def identical(text: int, found: NormalizedText) -> Alike:
    """Return the resemblance of a text with the same normalised characters."""
    size = found.size
    whole = Span(0, size, 0, size, [Stretch(0, size, 0, size, size)])
    return Alike(text, found, [Verified(whole, 1.0, 0)])


def _union(ranges: list[tuple[int, int]]) -> int:
    """Return how many characters lie in at least one range."""
    covered = reach = 0
    for start, end in sorted(ranges):
        covered += max(0, end - max(start, reach))
        reach = max(reach, end)
    return covered
