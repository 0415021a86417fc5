"""Which indexed texts are worth reading: a weighted vote of the shared fingerprints."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from evidence.matching.fingerprints import WHOLE, Fingerprints, Hashes
from evidence.matching.params import Params


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The answer to a lookup: r places where a looked-up hash stands.

    query_index: int32[r] into the hashes asked for; text: int64[r] text ids;
    position: int32[r] in the normalised characters of that text, or WHOLE.
    """

    query_index: npt.NDArray[np.int32]
    text: npt.NDArray[np.int64]
    position: npt.NDArray[np.int32]

    def only(self, kept: npt.NDArray[np.bool_]) -> "Postings":
        return Postings(self.query_index[kept], self.text[kept], self.position[kept])


class Index(Protocol):
    """What the matcher asks of the place where texts and fingerprints are kept."""

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Postings:
        """Return the postings of each hash, at most `limit` of any one."""

    def texts(self) -> int:
        """Return how many texts are indexed."""

    def contents(self, texts: list[int]) -> dict[int, str]:
        """Return the raw texts by id; those gone in the meantime are left out."""

    def shelved(self, texts: list[int]) -> dict[int, str]:
        """Return the shelf of each text whose copying is no infringement."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that shares fingerprints with the query."""

    text: int
    seeds: int
    identical: bool  # shares the hash of the whole text


@dataclass(frozen=True, slots=True, eq=False)
class Vote:
    """Candidates, the best first, and the query positions of common grams."""

    candidates: list[Candidate]
    common: npt.NDArray[np.int32]
    known: npt.NDArray[np.int32]


def vote(
    query: Fingerprints, index: Index, params: Params, *, rights: bool = False
) -> Vote:
    """Return the texts to read, the best first.

    A shared gram weighs log(N/df)/log N, a common one a tenth of that; a text is worth
    reading when those on nearby diagonals weigh enough, or many anywhere do. With
    `rights` every gram weighs 1 and no text is one too many.
    """
    postings = index.lookup(query.hashes, None if rights else params.postings)
    held = np.bincount(postings.query_index, minlength=query.size)
    total = index.texts()
    common = held > max(params.frequent, params.frequent_share * total)
    whole = query.positions == WHOLE
    if rights:
        common[:] = False
        weights = np.ones(query.size)
    else:
        weights = np.log((total + 1) / np.maximum(held, 1)) / np.log(total + 1)
        weights = np.maximum(weights, _LEAST_WEIGHT)
        weights[common] *= params.frequent_weight
    of_whole = whole[postings.query_index] & (postings.position == WHOLE)
    identical = np.unique(postings.text[of_whole]).tolist()
    ranked = _ranked(
        postings.only(~whole[postings.query_index]), query, weights, params
    )
    if not rights:
        ranked = ranked[: params.candidates]
    certain = set(identical)
    candidates = [Candidate(text, 0, identical=True) for text in identical]
    candidates += [
        Candidate(text, seeds, identical=False)
        for text, seeds in ranked
        if text not in certain
    ]
    sampled = query.positions[~whole]
    return Vote(candidates, sampled[common[~whole]], sampled)


_LEAST_WEIGHT = 0.02
_MANY = 12  # seeds that need not agree on a diagonal: the order may be shuffled


def _ranked(
    postings: Postings,
    query: Fingerprints,
    weights: npt.NDArray[np.float64],
    params: Params,
) -> list[tuple[int, int]]:
    """Return (text, seeds) of the texts that pass the gate, the heaviest first."""
    if not postings.text.size:
        return []
    diagonals = postings.position - query.positions[postings.query_index]
    order = np.lexsort((diagonals, postings.text))
    texts, diagonals = postings.text[order], diagonals[order]
    first = np.concatenate(([True], texts[1:] != texts[:-1]))
    starts = np.flatnonzero(first)
    seeds = np.diff(np.append(starts, texts.size))
    # Texts far apart on one axis, so that no band reaches from one into the next.
    axis = diagonals.astype(np.int64) + (np.cumsum(first) << 32)
    reach = np.searchsorted(axis, axis + params.band, side="right")
    summed = np.concatenate(([0.0], np.cumsum(weights[postings.query_index[order]])))
    bands = np.maximum.reduceat(summed[reach] - summed[:-1], starts)
    totals = summed[np.append(starts[1:], texts.size)] - summed[starts]
    gate = (bands >= params.band_weight) | (
        (seeds >= _MANY) & (totals >= params.scattered_weight)
    )
    passed = np.flatnonzero(gate & (seeds >= params.seeds))
    passed = passed[np.lexsort((texts[starts[passed]], -bands[passed]))]
    return list(
        zip(texts[starts[passed]].tolist(), seeds[passed].tolist(), strict=True)
    )
