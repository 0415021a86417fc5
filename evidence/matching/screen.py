"""Screen one text against an index: the whole of the matcher in its order."""

from collections.abc import Iterable, Iterator, Sequence

from evidence.matching.align import Aligner, Span
from evidence.matching.bands import Diagonals
from evidence.matching.candidates import Candidate, Vote, vote
from evidence.matching.fingerprints import fingerprints
from evidence.matching.glance import Glance
from evidence.matching.index import Index, Shelf
from evidence.matching.judge import (
    Alike,
    identical,
    resemblance,
    suffices,
    verified,
    without,
)
from evidence.matching.normalize import NormalizedText, normalize
from evidence.matching.params import Params
from evidence.matching.passages import Ignored, Range, Screening
from evidence.matching.shelves import Quotation

_CHUNK = 32  # texts held in memory at once; the rights mode may read thousands


def screen(
    query: str, index: Index, params: Params, *, rights: bool = False
) -> Screening:
    """Return what a text resembles among the indexed ones, the weightiest first.

    `rights` looks for every copy of one work: no limit on candidates or postings and
    nothing held to be common. A text below `params.short` normalised characters is
    only compared as a whole; the empty text resembles nothing. What stands on a shelf
    is taken out of the passages, to the character.
    """
    text = normalize(query)
    sample = fingerprints(text, params)
    if not sample.size:
        return Screening([], [])
    found = vote(sample, index, params, rights=rights)
    matcher = _Matcher(text, found, params)
    alike = list(matcher.alike(found.candidates, index))
    stood_for = index.members([each.text for each in alike]) if alike else {}
    alike += matcher.alike(_members(stood_for), index)
    passages = [each for one in alike for each in one.ranges()]
    quotations = found.shelved.quotations(passages, text.size, matcher.aligner, index)
    ignored: list[Ignored] = []
    if quotations:
        ignored = _ignored(text, quotations, index)
        alike = list(matcher.unquoted(alike, quotations))
    reported = [(_weight(each), resemblance(text, each)) for each in alike]
    reported.sort(key=lambda each: (-each[0], each[1].text))
    return Screening([each for _, each in reported], ignored)


def _members(stood_for: dict[int, list[int]]) -> list[Candidate]:
    """Return the texts that another one stood for in the vote, to be read as well."""
    return [Candidate.unseen(text) for texts in stood_for.values() for text in texts]


class _Matcher:
    """Compares one query with its candidates."""

    def __init__(self, query: NormalizedText, found: Vote, params: Params) -> None:
        self._query, self._found, self._params = query, found, params
        self._seen: set[int] = set()
        self._glance = Glance(query, params)
        self.aligner = Aligner(query, params)

    def alike(self, candidates: Sequence[Candidate], index: Index) -> Iterator[Alike]:
        """Yield the candidates that are alike, each text once."""
        fresh = [each for each in candidates if each.text not in self._seen]
        self._seen.update(each.text for each in fresh)
        for start in range(0, len(fresh), _CHUNK):
            chunk = fresh[start : start + _CHUNK]
            contents = index.contents([each.text for each in chunk])
            yield from self._compared(
                [
                    (each, normalize(contents[each.text]))
                    for each in chunk
                    if each.text in contents
                ]
            )

    def _compared(
        self, read: list[tuple[Candidate, NormalizedText]]
    ) -> Iterator[Alike]:
        to_align: list[tuple[Candidate, NormalizedText, Diagonals | None]] = []
        for candidate, found in read:
            if self._equals(found):
                yield identical(candidate.text, found)
            elif min(self._query.size, found.size) >= self._params.short:
                near = self._near(candidate)
                if near is None or self._glance.promises(candidate, found):
                    to_align.append((candidate, found, near))
        if not to_align:
            return
        every = self.aligner.all_spans(
            [found for _, found, _ in to_align], [near for _, _, near in to_align]
        )
        for (candidate, found, near), spans in zip(to_align, every, strict=True):
            # When much is shared anyway, shorter passages count.
            least = (
                self._params.copied_passage if near is None else self._params.passage
            )
            alike = self._alike(candidate, found, spans, least)
            if self._suffices(alike):
                yield alike
            elif near is None:
                lines = self._alike(candidate, found, spans, self._params.line)
                if self._suffices(lines) and self._covered(lines):
                    yield lines

    def _equals(self, found: NormalizedText) -> bool:
        return found.size == self._query.size and bool(
            (found.codes == self._query.codes).all()
        )

    def _alike(
        self,
        candidate: Candidate,
        found: NormalizedText,
        spans: Sequence[Span],
        least: int,
    ) -> Alike:
        own = verified(self.aligner, spans, found, least, self._params)
        return Alike(candidate.text, found, own)

    def _suffices(self, alike: Alike) -> bool:
        return suffices(alike.spans, self._shorter(alike), self._params)

    def _covered(self, alike: Alike) -> bool:
        """Whether what is alike is much of the shorter text, however it is cut up."""
        covered = sum(each.evidence for each in alike.spans)
        return covered >= self._params.line_coverage * self._shorter(alike)

    def _shorter(self, alike: Alike) -> int:
        return min(self._query.size, alike.found.size)

    def _near(self, candidate: Candidate) -> Diagonals | None:
        """Return the diagonals agreement counts on, None when it counts everywhere.

        It does when so much is shared that pieces too short for a fingerprint of their
        own may be copies too; otherwise it is mostly common phrases.
        """
        if not candidate.diagonals.size or self._found.much_shared(candidate):
            return None
        return candidate.diagonals

    def unquoted(
        self, alike: Iterable[Alike], quotations: Sequence[Quotation]
    ) -> Iterator[Alike]:
        """Yield what is still alike when the quotations are taken out."""
        for each in alike:
            own = without(each, quotations, self.aligner, self._params)
            if own.spans == each.spans or (own.spans and self._suffices(own)):
                yield own


def _ignored(
    text: NormalizedText, quotations: Sequence[Quotation], index: Index
) -> list[Ignored]:
    """Return the quotations in raw offsets, those of one shelf joined, by start."""
    shelves = index.shelves(sorted({each.text for each in quotations}))
    by_shelf: dict[Shelf, list[Range]] = {}
    for each in quotations:
        if each.text in shelves:
            span = text.raw_span(each.start, each.end)
            by_shelf.setdefault(shelves[each.text], []).append(span)
    ignored = [
        Ignored(span, shelf.why, shelf.name)
        for shelf, spans in by_shelf.items()
        for span in _united(spans)
    ]
    return sorted(ignored, key=lambda each: each.query)


def _weight(each: Alike) -> float:
    return sum(one.span.length * one.similarity for one in each.spans)


def _united(spans: list[Range]) -> list[Range]:
    """Return the ranges in order, those that touch made one."""
    united: list[Range] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
