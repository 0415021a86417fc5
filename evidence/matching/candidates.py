"""Which indexed texts are worth reading: a weighted vote of the shared fingerprints."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evidence.matching.bands import Bands, Diagonals
from evidence.matching.fingerprints import WHOLE, Fingerprints
from evidence.matching.index import Index, Postings
from evidence.matching.params import Params
from evidence.matching.shelves import Shelved

_LEAST_WEIGHT = 0.02
_COMMON_WEIGHT = 0.5
_MANY = 12  # seeds that need not agree on a diagonal: the order may be shuffled
_NOWHERE: Diagonals = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A text that shares fingerprints with the query.

    diagonals: int32[seeds], ascending; none for one that shares the whole-text hash.
    positions: int32[seeds], where in the query each of them stands.
    """

    text: int
    diagonals: Diagonals
    positions: npt.NDArray[np.int32]

    @classmethod
    def unseen(cls, text: int) -> "Candidate":
        """Return a text that is to be read for another reason than its seeds."""
        return cls(text, _NOWHERE, _NOWHERE)


@dataclass(frozen=True, slots=True, eq=False)
class Vote:
    """Candidates, the best first, and what of the query stands on shelves.

    sampled: how many fingerprints the query has.
    """

    candidates: list[Candidate]
    shelved: Shelved
    sampled: int

    def much_shared(self, candidate: Candidate) -> bool:
        """Whether a good part of the query's sample is in this text."""
        return candidate.diagonals.size >= max(_MANY, 0.15 * self.sampled)


def vote(
    query: Fingerprints, index: Index, params: Params, *, rights: bool = False
) -> Vote:
    """Return the texts to read, the best first.

    A shared gram weighs log(N/df)/log N, next to nothing when it stands on a shelf; a
    text is worth reading when those on nearby diagonals weigh enough, or many anywhere
    do. How many texts are read is a matter of cost, and of those that share nothing but
    common grams only a few are. With `rights` every gram weighs 1 and no text is one
    too many.
    """
    order = np.argsort(query.hashes).astype(np.int32)  # neighbours share pages
    found = index.lookup(query.hashes[order], None if rights else params.postings)
    shelved = Shelved(query, found.shelves.asked_in(order), params)
    postings = found.uploads.asked_in(order)
    weights = np.ones(query.size)
    common = np.zeros(query.size, np.bool_)
    if not rights:
        held = np.bincount(postings.query_index, minlength=query.size)
        total = index.texts()
        rarity = np.log((total + 1) / np.maximum(held, 1)) / np.log(total + 2)
        weights = np.maximum(rarity, _LEAST_WEIGHT)
        common = held > max(params.frequent, params.frequent_share * total)
    weights[shelved.seeds] = _LEAST_WEIGHT
    whole = query.size - 1  # of the text, and last
    of_whole = postings.query_index == whole
    certain: set[int] = set()
    if of_whole.any():
        equal = postings.only(of_whole & (postings.position == WHOLE))
        certain = set(equal.text.tolist())
        postings = postings.only(~of_whole)
    most = None if rights else params.candidates
    ranked = _ranked(postings, query, weights, common, shelved.seeds, params, most)
    candidates = [Candidate.unseen(text) for text in sorted(certain)]
    candidates += [each for each in ranked if each.text not in certain]
    return Vote(candidates, shelved, sampled=whole)


def _ranked(
    postings: Postings,
    query: Fingerprints,
    weights: npt.NDArray[np.float64],
    common: npt.NDArray[np.bool_],
    shelved: npt.NDArray[np.bool_],
    params: Params,
    most: int | None,
) -> list[Candidate]:
    """Return the texts that pass the gate, those with the heaviest band first.

    No more than `most`, and of those that pass by common grams alone only a few.
    """
    if not postings.text.size:
        return []
    bands = Bands.of(postings, query.positions, params.band)
    starts = bands.firsts()
    ends = np.append(starts[1:], bands.size)
    # However common: three on nearby diagonals may be a passage.
    alone = np.maximum(weights, np.where(shelved, 0.0, _COMMON_WEIGHT))
    dampened = np.where(common, params.frequent_weight * weights, weights)
    heaviest = _heaviest(bands, starts, ends, np.array((alone, dampened)), params)
    passed = ((heaviest[0] > 0) & (ends - starts >= params.seeds)).nonzero()[0]
    passing, telling = (-heaviest.take(passed, axis=1)).tolist()
    first, last = starts.take(passed), ends.take(passed)
    texts = bands.text.take(first)
    ranked = sorted(
        zip(
            telling,
            passing,
            texts.tolist(),
            first.tolist(),
            last.tolist(),
            strict=True,
        )
    )
    if most is not None:
        told = sum(weight < 0 for weight in telling)
        few = told + params.frequent_candidates
        ranked = (ranked[: min(told, most)] + ranked[told:few])[:most]
    return [
        Candidate(
            text, bands.diagonal[start:end], query.positions[bands.place[start:end]]
        )
        for _, _, text, start, end in ranked
    ]


def _heaviest(
    bands: Bands,
    starts: npt.NDArray[np.intp],
    ends: npt.NDArray[np.intp],
    weights: npt.NDArray[np.float64],
    params: Params,
) -> npt.NDArray[np.float64]:
    """Return the weight of each text's heaviest band, 0 where that is too little.

    weights: float64[w, m], w ways to weigh the query's fingerprints; a row for each.
    """
    summed = np.zeros((len(weights), bands.size + 1))
    weights.take(bands.place, axis=1).cumsum(axis=1, out=summed[:, 1:])
    within = summed.take(bands.reach, axis=1) - summed[:, :-1]
    heaviest = np.maximum.reduceat(within, starts, axis=1)
    enough = heaviest >= params.band_weight
    if bands.size >= _MANY:
        whole = summed.take(ends, axis=1) - summed.take(starts, axis=1)
        enough |= (ends - starts >= _MANY) & (whole >= params.scattered_weight)
    heaviest[~enough] = 0.0
    return heaviest
