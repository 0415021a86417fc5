"""Order stretches into chains, each the trace of one copied passage."""

from enum import Enum, auto

from evidence.matching.params import Params
from evidence.matching.seeds import Stretch

Chain = list[Stretch]  # ascending in both texts

_OVERLAP = 8  # neighbours may share so many characters: an edit of repeated ones
_SKEW_COST = 0.05
_GAP_COST = 0.01
_PASSAGE = 16  # equal characters in one run that no chance agreement has
_CROWD = 8  # stretches that may have gone out of reach before they are swept out


def chains(stretches: list[Stretch], params: Params) -> list[Chain]:
    """Return chains that use each part of either text about once, the best first.

    The score of a chain is its equal characters less what its gaps and shifts of
    diagonal cost (chaining as in Abouelhoda and Ohlebusch 2005, with bounded gaps).
    """
    scores, previous = _linked(stretches, params)
    return _selected(stretches, scores, previous, params)


def _linked(stretches: list[Stretch], params: Params) -> tuple[list[float], list[int]]:
    """Return the best score of a chain ending at each stretch, and its parent."""
    scores: list[float] = []
    previous: list[int] = []
    reachable: list[tuple[float, int, int, int, int]] = []  # score, q1, f0, f1, number
    gap, skew_limit, skew_share = params.gap, params.skew, params.skew_share
    crowd = _CROWD
    for this, (q0, q1, f0, matched, _) in enumerate(stretches):
        best, parent = 0.0, -1
        f1 = f0 + q1 - q0
        if len(reachable) > crowd:
            reachable = [before for before in reachable if before[1] + gap >= q0]
            crowd = len(reachable) + _CROWD
        # What most of them fail first: they lie elsewhere in the other text.
        lowest, highest = f0 - gap, f0 + _OVERLAP
        for score, end, f_start, f_end, number in reversed(reachable):
            if f_end < lowest or f_end > highest or score <= best:
                continue
            dq, df = q0 - end, f0 - f_end
            near, far = (dq, df) if dq < df else (df, dq)
            if far > gap or near < -_OVERLAP:
                continue
            if q1 <= end or f1 <= f_end or f0 <= f_start:
                continue
            skew = far - near
            if skew > skew_limit + (skew_share * near if near > 0 else 0):
                continue
            linked = score - _SKEW_COST * skew
            linked += (near if near < 0 else 0) - (_GAP_COST * far if far > 0 else 0)
            if linked > best:
                best, parent = linked, number
        scores.append(matched + best)
        previous.append(parent)
        reachable.append((matched + best, q1, f0, f1, this))
    return scores, previous


def _selected(
    stretches: list[Stretch],
    scores: list[float],
    previous: list[int],
    params: Params,
) -> list[Chain]:
    enough = [at for at, score in enumerate(scores) if score >= params.chain]
    if not enough:
        return []
    chosen: list[Chain] = []
    used = [False] * len(stretches)
    taken: tuple[_Taken, _Taken] | None = None
    for last in sorted(enough, key=scores.__getitem__, reverse=True):
        chain: Chain = []
        at = last
        while at >= 0 and not used[at]:
            used[at] = True
            chain.append(stretches[at])
            at = previous[at]
        if not chain or scores[last] - (scores[at] if at >= 0 else 0) < params.chain:
            continue
        chain.reverse()
        if taken is None:
            taken = _Taken.of(stretches)
        elif not _is_free(chain, *taken):
            continue
        taken[0].add([(each.q0, each.q1) for each in chain])
        taken[1].add([(each.f0, each.f1) for each in chain])
        chosen.append(chain)
    return chosen


def _is_free(chain: Chain, query: "_Taken", found: "_Taken") -> bool:
    """Whether better chains have left a chain its place in both texts."""
    first, final = chain[0], chain[-1]
    beside = query.mostly(first.q0, final.q1)
    if beside is _Cover.WORDS:
        return False
    across = found.mostly(first.f0, final.f1)
    if across is _Cover.WORDS:
        return False
    # In the gaps of a chain on one side alone: passages that changed places, when it is
    # more than a phrase.
    gaps = (beside, across).count(_Cover.GAPS)
    return not gaps or (gaps == 1 and max(each.run for each in chain) >= _PASSAGE)


class _Cover(Enum):
    """What covers most of a range: nothing, chains with their gaps, their words."""

    NOTHING = auto()
    GAPS = auto()
    WORDS = auto()


def _ones(marks: bytearray) -> int:
    """Return how many are set; `count` would be called back for every one of them."""
    return int.from_bytes(marks, "little").bit_count()


class _Taken:
    """The characters of one text that chosen chains cover."""

    _SHARE = 0.4

    def __init__(self, size: int) -> None:
        self._words, self._chains = bytearray(size), bytearray(size)

    @classmethod
    def of(cls, stretches: list[Stretch]) -> tuple["_Taken", "_Taken"]:
        """Return nothing taken yet, of the query and of the other text."""
        query = max(q1 for _, q1, _, _, _ in stretches)
        found = max(f0 + q1 - q0 for q0, q1, f0, _, _ in stretches)
        return cls(query), cls(found)

    def mostly(self, start: int, end: int) -> _Cover:
        """Tell what covers more than 40 % of start…end."""
        much = self._SHARE * (end - start)
        if _ones(self._words[start:end]) > much:
            return _Cover.WORDS
        if _ones(self._chains[start:end]) > much:
            return _Cover.GAPS
        return _Cover.NOTHING

    def add(self, ranges: list[tuple[int, int]]) -> None:
        """Take the ranges of a chain's stretches, and what lies between them."""
        for start, end in ranges:
            self._words[start:end] = b"\x01" * (end - start)
        start, end = ranges[0][0], ranges[-1][1]
        self._chains[start:end] = b"\x01" * (end - start)
