"""Which indexed texts are worth reading: a weighted vote of the shared fingerprints."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evidence.matching.fingerprints import WHOLE, Fingerprints
from evidence.matching.index import Index, Postings
from evidence.matching.params import Params

Diagonals = npt.NDArray[np.int32]  # position in the other text less that in the query

_LEAST_WEIGHT = 0.02
_MANY = 12  # seeds that need not agree on a diagonal: the order may be shuffled


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A text that shares fingerprints with the query.

    diagonals: int32[seeds], ascending; none for one that shares the whole-text hash.
    """

    text: int
    diagonals: Diagonals


@dataclass(frozen=True, slots=True, eq=False)
class Vote:
    """Candidates, the best first; where in the query its sampled grams stand.

    sampled: int32[m] all of them; common: those that too many texts hold to tell one
    from another.
    """

    candidates: list[Candidate]
    sampled: npt.NDArray[np.int32]
    common: npt.NDArray[np.int32]

    def much_shared(self, candidate: Candidate) -> bool:
        """Whether a good part of the query's sample is in this text."""
        return bool(candidate.diagonals.size >= max(_MANY, 0.15 * self.sampled.size))


def vote(
    query: Fingerprints, index: Index, params: Params, *, rights: bool = False
) -> Vote:
    """Return the texts to read, the best first.

    A shared gram weighs log(N/df)/log N, a common one a tenth of that; a text is worth
    reading when those on nearby diagonals weigh enough, or many anywhere do. With
    `rights` every gram weighs 1 and no text is one too many.
    """
    hashes, first_of = np.unique(query.hashes, return_inverse=True)
    postings = index.lookup(hashes, None if rights else params.postings)
    held = np.bincount(postings.query_index, minlength=hashes.size)[first_of]
    postings = _for_each_occurrence(postings, first_of, hashes.size)
    total = index.texts()
    if rights:
        common = np.zeros(query.size, np.bool_)
        weights = np.ones(query.size)
    else:
        common = held > max(params.frequent, params.frequent_share * total)
        rarity = np.log((total + 1) / np.maximum(held, 1)) / np.log(total + 2)
        weights = np.maximum(rarity, _LEAST_WEIGHT)
        weights[common] *= params.frequent_weight
    whole = query.positions == WHOLE
    of_whole = whole[postings.query_index]
    identical = np.unique(postings.text[of_whole & (postings.position == WHOLE)])
    ranked = _ranked(postings.only(~of_whole), query, weights, params)
    if not rights:
        ranked = ranked[: params.candidates]
    certain: list[int] = identical.tolist()
    candidates = [Candidate(text, np.empty(0, np.int32)) for text in certain]
    candidates += [each for each in ranked if each.text not in set(certain)]
    return Vote(candidates, query.positions[~whole], query.positions[common & ~whole])


def _for_each_occurrence(
    postings: Postings, first_of: npt.NDArray[np.intp], size: int
) -> Postings:
    """Turn postings of distinct hashes into those of all the query's fingerprints.

    first_of: intp[m], for each fingerprint the number of its hash among `size` ones.
    """
    occurrences = np.argsort(first_of, kind="stable").astype(np.int32)
    counts = np.bincount(first_of, minlength=size)
    starts = np.cumsum(counts) - counts
    times = counts[postings.query_index]
    if not times.size or times.max() == 1:
        every = occurrences[starts[postings.query_index]]
        return Postings(every, postings.text, postings.position)
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    every = occurrences[np.repeat(starts[postings.query_index], times) + within]
    return Postings(
        every, np.repeat(postings.text, times), np.repeat(postings.position, times)
    )


def _ranked(
    postings: Postings,
    query: Fingerprints,
    weights: npt.NDArray[np.float64],
    params: Params,
) -> list[Candidate]:
    """Return the texts that pass the gate, those with the heaviest band first."""
    if not postings.text.size:
        return []
    diagonals = postings.position - query.positions[postings.query_index]
    order = np.lexsort((diagonals, postings.text))
    texts, diagonals = postings.text[order], diagonals[order]
    first = np.concatenate(([True], texts[1:] != texts[:-1]))
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], texts.size)
    # Texts far apart on one axis, so that no band reaches from one into the next.
    axis = diagonals.astype(np.int64) + (np.cumsum(first) << 32)
    reach = np.searchsorted(axis, axis + params.band, side="right")
    summed = np.concatenate(([0.0], np.cumsum(weights[postings.query_index[order]])))
    bands = np.maximum.reduceat(summed[reach] - summed[:-1], starts)
    scattered = (ends - starts >= _MANY) & (
        summed[ends] - summed[starts] >= params.scattered_weight
    )
    gate = (ends - starts >= params.seeds) & ((bands >= params.band_weight) | scattered)
    passed = np.flatnonzero(gate)
    passed = passed[np.lexsort((texts[starts[passed]], -bands[passed]))]
    return [
        Candidate(int(texts[start]), diagonals[start:end])
        for start, end in zip(
            starts[passed].tolist(), ends[passed].tolist(), strict=True
        )
    ]
