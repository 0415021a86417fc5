"""A look at the surroundings of a few seeds, before a text is aligned in full.

Most candidates that share two or three grams share a phrase and nothing else. Where a
passage was copied, one side of one of its seeds reads alike even under heavy noise.
"""

from rapidfuzz.distance import Indel

from evidence.matching.candidates import Candidate
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params


class Glance:
    """One query, ready to be held against many candidates."""

    def __init__(self, query: NormalizedText, params: Params) -> None:
        self._query, self._params = query.string(), params

    def promises(self, candidate: Candidate, found: NormalizedText) -> bool:
        """Whether, before or behind one of the seeds, both texts read alike."""
        string = found.string()
        places = (candidate.positions, candidate.positions + candidate.diagonals)
        for q, f in zip(*(at.tolist() for at in places), strict=True):
            if self._reads_alike(string, q, f):
                return True
        return False

    def _reads_alike(self, found: str, q: int, f: int) -> bool:
        width, least = self._params.glance, self._params.glance_similarity
        behind = (self._query[q : q + width], found[f : f + width])
        q, f = q + self._params.gram, f + self._params.gram
        back = min(width, q, f)
        before = (self._query[q - back : q], found[f - back : f])
        return any(
            Indel.normalized_similarity(one, other, score_cutoff=least)
            for one, other in (behind, before)
        )
