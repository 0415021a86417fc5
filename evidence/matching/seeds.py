"""Where two texts agree: every shared short gram, gathered into diagonal stretches."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evidence.matching.candidates import Diagonals
from evidence.matching.fingerprints import Hashes, grams
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params

Offsets = npt.NDArray[np.int64]

_SMALLEST_TABLE, _LARGEST_TABLE = 16, 24  # bits
_LOW = 0xFFFFFFFF
_PHRASE = 16  # a phrase is shorter; twice as long is no chance agreement


class Stretch(NamedTuple):
    """A piece of one diagonal: query[q0:q1] lies on found[f0 : f0 + q1 - q0]."""

    q0: int
    q1: int
    f0: int
    matched: int  # characters of it that are equal, 1 ≤ matched ≤ q1 − q0
    run: int  # the longest of its runs of equal characters

    @property
    def f1(self) -> int:
        return self.f0 + self.q1 - self.q0


class QueryGrams:
    """The dense grams of one query, ready to be joined with many texts.

    A direct-address table on the high bits of the hash answers nearly every question in
    one read; the few grams that lost their slot to another are searched for.
    """

    def __init__(self, query: NormalizedText, params: Params) -> None:
        self._params = params
        hashes = grams(query.codes, params.dense_gram)
        self._positions = np.argsort(hashes, kind="stable")
        ordered = hashes[self._positions]
        first = np.ones(ordered.size, np.bool_)
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
        self._starts = np.flatnonzero(first)
        self._unique = ordered[first]
        self._counts = np.diff(np.append(self._starts, ordered.size))
        wanted = (16 * self._unique.size).bit_length()
        bits = min(max(wanted, _SMALLEST_TABLE), _LARGEST_TABLE)
        self._shift = np.uint64(64 - bits)
        self._table = np.full(1 << bits, -1, np.int32)
        self._slots = (self._unique >> self._shift).astype(np.int64)
        self._table[self._slots] = np.arange(self._unique.size, dtype=np.int32)
        self._crowded = bool(
            (self._table[self._slots] != np.arange(self._unique.size)).any()
        )

    def stretches(
        self, found: NormalizedText, near: Diagonals | None = None
    ) -> list[Stretch]:
        """Return where the query and another text agree, by start in the query.

        near: as in `Aligner.spans`.
        """
        query_at, found_at = self._pairs(grams(found.codes, self._params.dense_gram))
        if near is not None and query_at.size:
            kept = _within(found_at - query_at, near, self._params.band)
            query_at, found_at = query_at[kept], found_at[kept]
        if not query_at.size:
            return []
        return _gathered(query_at, found_at, found.size, self._params)

    def _pairs(self, hashes: Hashes) -> tuple[Offsets, Offsets]:
        """Return the positions of every shared gram, except of those seen too often."""
        found_at, which = self._known(hashes)
        if not which.size:
            return found_at, found_at
        often = np.bincount(which, minlength=self._unique.size)
        limit = self._params.occurrences
        seeds = (often <= limit) & (often * self._counts <= limit * limit)
        kept = seeds[which]
        found_at, which = found_at[kept], which[kept]
        counts = self._counts[which]
        if counts.size and counts.max() == 1:
            return self._positions[self._starts[which]], found_at
        ends = np.cumsum(counts)
        total = int(ends[-1]) if ends.size else 0
        within = np.arange(total) - np.repeat(ends - counts, counts)
        places = np.repeat(self._starts[which], counts) + within
        return self._positions[places], np.repeat(found_at, counts)

    def _known(self, hashes: Hashes) -> tuple[Offsets, Offsets]:
        """Return where the other text has grams of the query, and which ones."""
        guess = self._table.take((hashes >> self._shift).astype(np.int64))
        found_at = np.flatnonzero(guess >= 0)
        which = guess[found_at].astype(np.int64)
        wanted = hashes[found_at]
        right = self._unique[which] == wanted
        if self._crowded and not right.all():
            wrong = np.flatnonzero(~right)
            nearest = np.searchsorted(self._unique, wanted[wrong])
            nearest = np.minimum(nearest, self._unique.size - 1)
            which[wrong] = nearest
            right[wrong] = self._unique[nearest] == wanted[wrong]
        return found_at[right], which[right]


def _within(diagonals: Offsets, near: Diagonals, band: int) -> npt.NDArray[np.bool_]:
    """Mark the diagonals that lie within `band` of one of `near`, which ascends."""
    nearest = np.searchsorted(near, diagonals - band)
    inside = nearest < near.size
    inside &= near[np.minimum(nearest, near.size - 1)] <= diagonals + band
    return inside


def _gathered(
    query_at: Offsets, found_at: Offsets, found_size: int, params: Params
) -> list[Stretch]:
    """Join the seeds of each diagonal that lie within `bridge` of one another."""
    k = params.dense_gram
    # One sortable number: the diagonal above, the place in the query below.
    ordered = np.sort(((query_at - found_at + found_size) << 32) | query_at)
    steps = np.diff(ordered)
    starts = np.concatenate(([0], np.flatnonzero(steps > params.bridge) + 1))
    ends = np.append(starts[1:], ordered.size) - 1
    equal = np.concatenate(([0], np.cumsum(np.minimum(steps, k))))
    run_starts = np.concatenate(([0], np.flatnonzero(steps != 1) + 1))
    runs = np.diff(np.append(run_starts, ordered.size)) + k - 1
    q0 = ordered[starts] & _LOW
    table = np.stack(
        (
            q0,
            (ordered[ends] & _LOW) + k,
            q0 - (ordered[starts] >> 32) + found_size,
            equal[ends] - equal[starts] + k,
            np.maximum.reduceat(runs, np.searchsorted(run_starts, starts)),
        )
    )
    table = table[:, _standing(table)]
    return [Stretch(*row) for row in table[:, np.argsort(table[0])].T.tolist()]


def _standing(table: Offsets) -> npt.NDArray[np.bool_]:
    """Mark the stretches that do not lie inside a much longer one on either side.

    Common phrases agree at many places at once; where a real copy runs through, the
    alignment is settled and they only cost time.
    """
    q0, q1, f0, matched = table[:4]
    standing: npt.NDArray[np.bool_] = matched >= _PHRASE
    shorts, longs = np.flatnonzero(~standing), np.flatnonzero(matched >= 2 * _PHRASE)
    if not longs.size:
        return np.ones_like(standing)
    hidden = np.zeros(shorts.size, np.bool_)
    for start, end in ((q0, q1), (f0, f0 + q1 - q0)):
        order = longs[np.argsort(start[longs])]
        reach = np.maximum.accumulate(end[order])
        before = np.searchsorted(start[order], start[shorts], side="right") - 1
        hidden |= (before >= 0) & (reach[before] >= end[shorts])
    standing[shorts] = ~hidden
    return standing
