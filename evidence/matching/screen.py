"""Screen one text against an index: the whole of the matcher in its order."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from evidence.matching.align import Aligner
from evidence.matching.candidates import Candidate, Vote, vote
from evidence.matching.fingerprints import fingerprints
from evidence.matching.index import Index
from evidence.matching.judge import (
    CommonGrams,
    identical,
    resemblance,
    suffices,
    verified,
)
from evidence.matching.normalize import NormalizedText, normalize
from evidence.matching.params import Params
from evidence.matching.passages import Ignored, Passage, Range, Resemblance, Screening

_CHUNK = 32  # texts held in memory at once; the rights mode may read thousands


def screen(
    query: str, index: Index, params: Params, *, rights: bool = False
) -> Screening:
    """Return what a text resembles among the indexed ones, the weightiest first.

    `rights` looks for every copy of one work: no limit on candidates or postings and
    nothing held to be common. A text below `params.short` normalised characters is
    only compared as a whole; the empty text resembles nothing.
    """
    text = normalize(query)
    sample = fingerprints(text, params)
    if not sample.size:
        return Screening([], [])
    found = vote(sample, index, params, rights=rights)
    matcher = _Matcher(text, found, params)
    resemblances: list[Resemblance] = []
    for candidate, content in _read(found.candidates, index):
        match = matcher.compared(candidate, content)
        if match is not None:
            resemblances.append(match)
    shelves = index.shelved([each.text for each in resemblances])
    resemblances, quoted = _without_quotations(resemblances, shelves, params)
    resemblances.sort(key=lambda each: (-_weight(each), each.text))
    told = [p.query for each in resemblances for p in each.passages]
    told += [ignored.query for ignored in quoted]
    return Screening(resemblances, quoted + matcher.boilerplate(_united(told)))


def _read(
    candidates: list[Candidate], index: Index
) -> Iterator[tuple[Candidate, NormalizedText]]:
    for start in range(0, len(candidates), _CHUNK):
        chunk = candidates[start : start + _CHUNK]
        contents = index.contents([candidate.text for candidate in chunk])
        for candidate in chunk:
            if candidate.text in contents:
                yield candidate, normalize(contents[candidate.text])


class _Matcher:
    """Compares one query with its candidates and remembers what was boilerplate."""

    def __init__(self, query: NormalizedText, found: Vote, params: Params) -> None:
        self._query = query
        self._params = params
        self._found = found
        self._common = CommonGrams(query.size, found, params)
        self._aligner = Aligner(query, params)
        self._boilerplate: list[Range] = []

    def compared(
        self, candidate: Candidate, found: NormalizedText
    ) -> Resemblance | None:
        """Return how the query resembles one text, or None."""
        if np.array_equal(self._query.codes, found.codes):
            return identical(candidate.text, self._query, found)
        shorter = min(self._query.size, found.size)
        if shorter < self._params.short:
            return None
        alike = verified(
            self._aligner,
            found,
            self._common,
            None if self._everywhere(candidate) else candidate.diagonals,
            self._params,
        )
        self._boilerplate += [
            self._query.raw_span(each.span.q0, each.span.q1)
            for each in alike
            if each.boilerplate
        ]
        accepted = [each for each in alike if not each.boilerplate]
        if not suffices([each.evidence for each in accepted], shorter, self._params):
            return None
        return resemblance(candidate.text, self._query, found, accepted)

    def _everywhere(self, candidate: Candidate) -> bool:
        """Whether agreement counts off the diagonals of the shared fingerprints.

        It does when so much is shared that pieces too short for a fingerprint of their
        own may be copies too; otherwise it is mostly common phrases.
        """
        return not candidate.diagonals.size or self._found.much_shared(candidate)

    def boilerplate(self, reported: list[Range]) -> list[Ignored]:
        """Return what too many texts hold, outside the passages that are reported."""
        common = [self._query.raw_span(*span) for span in self._common.ranges()]
        return [
            Ignored(span, "boilerplate", None)
            for span in _united(self._boilerplate + common)
            if 2 * _overlap(span, reported) < span[1] - span[0]
        ]


def _without_quotations(
    resemblances: list[Resemblance], shelves: dict[int, str], params: Params
) -> tuple[list[Resemblance], list[Ignored]]:
    """Take away the passages that also stand on a shelf, and say which they were."""
    quoted: dict[str, list[Range]] = {}
    for each in resemblances:
        if each.text in shelves:
            spans = quoted.setdefault(shelves[each.text], [])
            spans += [passage.query for passage in each.passages]
    if not quoted:
        return resemblances, []
    shelved = _united([span for spans in quoted.values() for span in spans])
    kept: list[Resemblance] = []
    for each in resemblances:
        own = tuple(
            passage
            for passage in each.passages
            if _overlap(passage.query, shelved) < params.quotation * _length(passage)
        )
        if each.text not in shelves and own:
            kept.append(replace(each, passages=own))
    ignored = [
        Ignored(span, "shelf", shelf)
        for shelf, spans in quoted.items()
        for span in _united(spans)
    ]
    return kept, ignored


def _weight(each: Resemblance) -> float:
    return sum(passage.length * passage.similarity for passage in each.passages)


def _length(passage: Passage) -> int:
    return passage.query[1] - passage.query[0]


def _overlap(span: Range, united: list[Range]) -> int:
    return sum(max(0, min(span[1], b) - max(span[0], a)) for a, b in united)


def _united(spans: list[Range]) -> list[Range]:
    """Return the ranges in order, those that touch made one."""
    united: list[Range] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
