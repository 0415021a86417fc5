"""Passages that stand in many otherwise unlike texts: candidates for a shelf.

What five sellers have in documents that share nothing else is more likely a standard
clause than a work; of whole paragraphs, equal to the character, three are enough.
Frequency decides nothing by itself: a person looks at each.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from evidence.matching.align import Aligner
from evidence.matching.bands import Bands, Diagonals
from evidence.matching.fingerprints import (
    WHOLE,
    Fingerprints,
    Hashes,
    fingerprints,
)
from evidence.matching.index import Found, Index, Postings
from evidence.matching.normalize import NormalizedText, normalize
from evidence.matching.params import Params
from evidence.matching.passages import Range

_WINDOW = 400  # normalised characters looked at around the shared fingerprints
_OTHERS = 8  # holders compared, beyond those that are needed
_HELD = 256  # texts kept in memory …
_SAMPLES = 16_384  # … and samples, of 2 KB each
_LOOKED_AT = 64  # texts that hold one hash

SellerOf = Callable[[int], Hashable]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A passage and where it stands: raw ranges by text, the first one its model."""

    text: int
    passage: Range
    found: tuple[tuple[int, Range], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """paragraphs: where each one stands that is as long as a clause may be."""

    text: NormalizedText
    sample: Fingerprints
    paragraphs: dict[bytes, tuple[int, int]]


def proposals(
    texts: Iterable[int], index: Index, seller_of: SellerOf, params: Params
) -> Iterator[Proposal]:
    """Yield the passages of these texts to propose, each once.

    A passage shows when the last of its holders is looked at, so it is enough to go
    through the texts that are new. seller_of: of a text, so that a seller's own
    documents count once.
    """
    finder = _Finder(index, seller_of, params)
    for text in texts:
        yield from finder.proposed(text)


class _Finder:
    def __init__(self, index: Index, seller_of: SellerOf, params: Params) -> None:
        self._index, self._seller_of, self._params = index, seller_of, params
        self._explained: set[int] = set()
        self._held = lru_cache(_HELD)(self._read)
        self._hashes = lru_cache(_SAMPLES)(self._sampled)

    def proposed(self, text: int) -> Iterator[Proposal]:
        """Yield what of one text many unlike texts hold."""
        model = self._held(text)
        if model is None:
            return
        grams = model.sample.positions != WHOLE
        hashes, positions = model.sample.hashes[grams], model.sample.positions[grams]
        found = self._index.lookup(hashes, _LOOKED_AT)
        shared = self._shared(found, hashes)
        for run in _runs(positions, shared, self._params.band):
            if all(hash_ in self._explained for hash_ in hashes[run].tolist()):
                continue
            holders = self._holders(text, found.uploads, run, positions)
            chosen = self._unlike(text, holders)
            if len(chosen) < self._params.paragraph_texts - 1:
                continue
            places = positions[run]
            read = [(other, self._held(other), near) for other, near in chosen]
            held = [(other, it, near) for other, it, near in read if it is not None]
            for (a, b), others in self._clauses(model, places, held):
                inside = (places >= a) & (places < b)
                if inside.any():
                    self._explained.update(hashes[run][inside].tolist())
                    yield Proposal(text, model.text.raw_span(a, b), others)

    def _shared(self, found: Found, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Mark the hashes that enough texts hold and none on a shelf."""
        uploads = found.uploads
        pairs = np.unique(np.stack((uploads.query_index, uploads.text)), axis=1)
        held = np.bincount(pairs[0], minlength=hashes.size)
        shared: npt.NDArray[np.bool_] = held >= self._params.paragraph_texts
        shared[found.shelves.query_index] = False
        return shared

    def _clauses(
        self,
        model: _Held,
        positions: npt.NDArray[np.int32],
        chosen: Sequence[tuple[int, _Held, Diagonals]],
    ) -> Iterator[tuple[tuple[int, int], tuple[tuple[int, Range], ...]]]:
        """Yield ranges of the model and where others have them.

        First what enough of them hold in some form, then the whole paragraphs beside
        it that a few hold to the character.
        """
        deep: list[tuple[int, int]] = []
        if len(chosen) >= self._params.clause_texts - 1:
            start = max(0, int(positions[0]) - _WINDOW)
            end = min(model.text.size, int(positions[-1]) + _WINDOW)
            found = self._aligned(_part(model.text, start, end), start, chosen)
            deep = self._deep(start, end, found)
            for a, b in deep:
                yield (
                    (a, b),
                    tuple(
                        (other, raw)
                        for other, q0, q1, raw in found
                        if q0 < b and a < q1
                    ),
                )
        for paragraph, (a, b) in model.paragraphs.items():
            holders = [
                (other, held.text.raw_span(*held.paragraphs[paragraph]))
                for other, held, _ in chosen
                if paragraph in held.paragraphs
            ]
            if len(holders) >= self._params.paragraph_texts - 1 and not any(
                q0 < b and a < q1 for q0, q1 in deep
            ):
                yield (a, b), tuple(holders)

    def _holders(
        self,
        text: int,
        uploads: Postings,
        run: npt.NDArray[np.intp],
        positions: npt.NDArray[np.int32],
    ) -> list[tuple[int, Diagonals]]:
        """Return the other texts that hold two hashes of a run alike, most first."""
        kept = np.isin(uploads.query_index, run) & (uploads.text != text)
        bands = Bands.of(uploads.only(kept), positions, 16)
        if not bands.size:
            return []
        starts = bands.firsts()
        ends = np.append(starts[1:], bands.size)
        depth = np.maximum.reduceat(bands.reach - np.arange(bands.size), starts)
        kept = np.flatnonzero(depth >= self._params.seeds)
        kept = kept[np.argsort(-depth[kept], kind="stable")]
        return [
            (int(bands.text[starts[at]]), bands.diagonal[starts[at] : ends[at]])
            for at in kept.tolist()
        ]

    def _unlike(
        self, text: int, holders: Sequence[tuple[int, Diagonals]]
    ) -> list[tuple[int, Diagonals]]:
        """Return holders of different sellers that are unlike the model and another.

        Most are put aside by their samples alone, which are kept for many texts.
        """
        chosen: list[tuple[int, Diagonals]] = []
        sellers = {self._seller_of(text)}
        kept = [self._hashes(text)]
        for other, near in holders:
            if len(chosen) == self._params.clause_texts - 1 + _OTHERS:
                break
            seller = self._seller_of(other)
            if seller in sellers:
                continue
            hashes = self._hashes(other)
            if not hashes.size or any(self._alike(hashes, each) for each in kept):
                continue
            sellers.add(seller)
            kept.append(hashes)
            chosen.append((other, near))
        return chosen

    def _alike(self, one: Hashes, other: Hashes) -> bool:
        """Whether two texts share much more than a clause."""
        least = min(one.size, other.size)
        shared = np.intersect1d(one, other, assume_unique=True).size
        clause = self._params.clause_longest / self._params.sampling / 4
        return shared > max(clause, self._params.clause_unlike * least)

    def _aligned(
        self,
        window: NormalizedText,
        start: int,
        chosen: Sequence[tuple[int, _Held, Diagonals]],
    ) -> list[tuple[int, int, int, Range]]:
        """Return text, range of the model and raw range of each shared span.

        The window is the part of the model that begins at `start`.
        """
        aligner = Aligner(window, self._params)
        every = aligner.all_spans(
            [held.text for _, held, _ in chosen],
            [np.unique(near + start) for _, _, near in chosen],
        )
        return [
            (
                other,
                start + span.q0,
                start + span.q1,
                held.text.raw_span(span.f0, span.f1),
            )
            for (other, held, _), spans in zip(chosen, every, strict=True)
            for span in spans
            if span.length >= self._params.passage
            and aligner.similarity(span, held.text.string())
            >= self._params.clause_similarity
        ]

    def _deep(
        self, start: int, end: int, found: Sequence[tuple[int, int, int, Range]]
    ) -> list[tuple[int, int]]:
        """Return the ranges of start…end that enough of the others hold, neither
        short nor long."""
        depth = np.zeros(end - start + 1, np.int32)
        for _, q0, q1, _ in found:
            depth[q0 - start] += 1
            depth[q1 - start] -= 1
        deep = np.cumsum(depth[:-1]) >= self._params.clause_texts - 1
        edges = np.flatnonzero(np.diff(np.concatenate(([0], deep, [0]))))
        return [
            (start + a, start + b)
            for a, b in edges.reshape(-1, 2).tolist()
            if self._params.clause_shortest <= b - a <= self._params.clause_longest
        ]

    def _sampled(self, text: int) -> Hashes:
        """Return the hashes of a text, each once; none of one that is gone."""
        held = self._held(text)
        return np.empty(0, np.uint64) if held is None else np.unique(held.sample.hashes)

    def _read(self, text: int) -> _Held | None:
        content = self._index.contents([text]).get(text)
        if content is None:
            return None
        normalized = normalize(content)
        sample = fingerprints(normalized, self._params)
        return _Held(
            normalized,
            sample,
            _paragraphs(content, normalized, self._params),
        )


def _runs(
    positions: npt.NDArray[np.int32], shared: npt.NDArray[np.bool_], band: int
) -> list[npt.NDArray[np.intp]]:
    """Return the marked fingerprints in groups that stand close together."""
    marked = np.flatnonzero(shared)
    marked = marked[np.argsort(positions[marked])]
    apart = np.flatnonzero(np.diff(positions[marked]) > band) + 1
    return [group for group in np.split(marked, apart) if group.size > 1]


def _part(text: NormalizedText, start: int, end: int) -> NormalizedText:
    return NormalizedText(text.codes[start:end], text.raw[start:end])


def _paragraphs(
    content: str, text: NormalizedText, params: Params
) -> dict[bytes, tuple[int, int]]:
    """Return the lines of a text by what they say, with their normalised ranges."""
    breaks = [found.start() for found in re.finditer("\n", content)]
    edges = [0, *np.searchsorted(text.raw, breaks).tolist(), text.size]
    return {
        text.codes[a:b].tobytes(): (a, b)
        for a, b in pairwise(edges)
        if params.clause_shortest <= b - a <= params.clause_longest
    }
