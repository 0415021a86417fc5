"""Where two texts agree: every shared short gram, gathered into diagonal stretches."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evidence.matching.bands import Diagonals
from evidence.matching.characters import Codes
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params

Offsets = npt.NDArray[np.int64]
Dense = npt.NDArray[np.uint32]

_SMALLEST_TABLE, _LARGEST_TABLE = 10, 24  # bits
_LOW = 0xFFFFFFFF
_ORIGIN = np.zeros(1, np.int64)
_CROWD = 30  # fewer stretches are chained sooner than sifted
_ODD = np.uint32(0x9E3779B1)
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
        self._params, self._size = params, query.size
        ordered, self._positions = _in_order(_dense(query.codes, params.dense_gram))
        first = np.ones(ordered.size, np.bool_)
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
        self._starts = np.flatnonzero(first)
        self._unique = ordered[first]
        self._counts = np.diff(np.append(self._starts, ordered.size))
        self._repetitive = self._unique.size < ordered.size
        # Times a gram may stand in the other text before it says nothing.
        limit = params.occurrences
        self._tolerated = np.minimum(limit, limit * limit // self._counts)
        wanted = (4 * self._unique.size).bit_length()
        bits = min(max(wanted, _SMALLEST_TABLE), _LARGEST_TABLE)
        self._shift = np.uint32(32 - bits)
        self._table = np.full(1 << bits, -1, np.int32)
        slots = self._unique >> self._shift
        self._table[slots] = np.arange(self._unique.size, dtype=np.int32)
        # Equal slots stand together, so the last of them has it.
        self._contested = np.zeros(self._unique.size, np.bool_)
        np.equal(slots[1:], slots[:-1], out=self._contested[1:])

    def stretches(
        self, found: Sequence[NormalizedText], near: Sequence[Diagonals | None]
    ) -> list[list[Stretch]]:
        """Return where the query and other texts agree, by start in the query.

        near: for each text as in `Aligner.spans`. All texts are gone through at once,
        far apart on one axis: most of the cost of small arrays is in their number.
        """
        every = [
            self._runs(text, beside) for text, beside in zip(found, near, strict=True)
        ]
        sizes = np.array([runs.q0.size for runs in every])
        if not sizes.any():
            return [[] for _ in every]
        of = np.repeat(np.arange(len(every)), sizes)
        apart = max(text.size for text in found) + self._size + 2 * self._params.band
        table = _gathered(_Runs.joined(every, apart), of, apart, self._params)
        text = table[-1]
        ends = np.searchsorted(text, np.arange(len(every) + 1))
        rows = [Stretch(*row) for row in table[:-1].T.tolist()]
        return [rows[a:b] for a, b in pairwise(ends.tolist())]

    def _runs(self, found: NormalizedText, near: Diagonals | None) -> "_Runs":
        query_at, found_at = self._pairs(_dense(found.codes, self._params.dense_gram))
        if not query_at.size:
            return _Runs(query_at, query_at, query_at)
        runs = _Runs.of(query_at, found_at)
        if near is None:
            return runs
        return runs.only(_within(runs.diagonal, near, self._params.band))

    def _pairs(self, hashes: Dense) -> tuple[Offsets, Offsets]:
        """Return the positions of every shared gram, except of those seen too often."""
        found_at, which = self._known(hashes)
        if not which.size:
            return found_at, found_at
        often = np.bincount(which, minlength=self._unique.size)
        if (often > self._tolerated).any():
            kept = (often <= self._tolerated)[which]
            found_at, which = found_at[kept], which[kept]
        counts = self._counts.take(which)
        if not self._repetitive or (counts.size and counts.max() == 1):
            return self._positions.take(self._starts.take(which)), found_at
        ends = np.cumsum(counts)
        total = int(ends[-1]) if ends.size else 0
        within = np.arange(total) - np.repeat(ends - counts, counts)
        places = np.repeat(self._starts[which], counts) + within
        return self._positions[places], np.repeat(found_at, counts)

    def _known(self, hashes: Dense) -> tuple[Offsets, Offsets]:
        """Return where the other text has grams of the query, and which ones."""
        guess = self._table.take(hashes >> self._shift)
        found_at = np.flatnonzero(guess >= 0)
        which = guess.take(found_at).astype(np.int64)
        wanted = hashes.take(found_at)
        right = self._unique.take(which) == wanted
        wrong = np.flatnonzero(~right & self._contested.take(which))
        if wrong.size:
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


def _dense(codes: Codes, k: int) -> Dense:
    """Return a hash of every k-gram: uint32[max(0, n − k + 1)], high bits well mixed.

    Two unlike grams meet once in four thousand million: the spans are compared
    character by character in the end, and half the width is twice the speed.
    """
    size = codes.size - k + 1
    if size <= 0:
        return np.empty(0, np.uint32)
    hashes = codes[:size] * _ODD
    for at in range(1, k):
        hashes += codes[at : at + size]
        hashes *= _ODD
    return hashes


def _in_order(hashes: Dense) -> tuple[Dense, Offsets]:
    """Return the hashes in order and where each one stood; equal ones as they stood.

    A number that carries its place below sorts faster than by a stable argsort.
    """
    packed = (hashes.astype(np.uint64) << np.uint64(32)) | np.arange(
        hashes.size, dtype=np.uint64
    )
    packed.sort()
    return (packed >> np.uint64(32)).astype(np.uint32), (
        packed & np.uint64(_LOW)
    ).astype(np.int64)


class _Runs(NamedTuple):
    """Grams that follow one another on a diagonal, in one piece: int64[r] each."""

    q0: Offsets
    grams: Offsets  # how many, so that the piece has grams + k − 1 characters
    diagonal: Offsets  # place in the other text less that in the query

    @classmethod
    def of(cls, query_at: Offsets, found_at: Offsets) -> "_Runs":
        """Join neighbours in the order given, that of the other text."""
        diagonal = found_at - query_at
        broken = (query_at[1:] - query_at[:-1]) != 1
        broken |= diagonal[1:] != diagonal[:-1]
        ends = np.append(np.flatnonzero(broken), query_at.size - 1)
        starts = np.concatenate((_ORIGIN, ends[:-1] + 1))
        return cls(query_at[starts], ends - starts + 1, diagonal[starts])

    @classmethod
    def joined(cls, every: list["_Runs"], apart: int) -> "_Runs":
        """Return the runs of all texts, each text's diagonals `apart` further on."""
        return cls(
            np.concatenate([runs.q0 for runs in every]),
            np.concatenate([runs.grams for runs in every]),
            np.concatenate(
                [runs.diagonal + at * apart for at, runs in enumerate(every)]
            ),
        )

    def only(self, kept: npt.NDArray[np.bool_]) -> "_Runs":
        return _Runs(self.q0[kept], self.grams[kept], self.diagonal[kept])


def _gathered(
    runs: _Runs, of: npt.NDArray[np.intp], apart: int, params: Params
) -> Offsets:
    """Join the runs of each diagonal that lie within `bridge` of one another.

    Returns int64[6, s], a column a stretch: its fields and the number of its text,
    ordered by text and start in the query.
    """
    k = params.dense_gram
    # One sortable number: the diagonal above, the place in the query below.
    axis = (runs.diagonal << 32) + runs.q0
    order = np.argsort(axis)
    q0, count, axis = runs.q0[order], runs.grams[order], axis[order]
    steps = axis[1:] - axis[:-1] - count[:-1] + 1
    ends = np.append(np.flatnonzero(steps > params.bridge), q0.size - 1)
    starts = np.concatenate((_ORIGIN, ends[:-1] + 1))
    # A gram that starts `step` behind another has min(step, k) characters of its own.
    own = count - 1
    own[1:] += np.minimum(steps, k)
    equal = np.cumsum(own)
    first, text = q0[starts], of[order[starts]]
    table = np.stack(
        (
            first,
            q0[ends] + count[ends] + k - 1,
            first + runs.diagonal[order[starts]] - text * apart,
            equal[ends] - equal[starts] + count[starts] - 1 + k,
            _longest(count, steps, starts) + k - 1,
            text,
        )
    )
    table = table[:, _standing(table, apart)]
    table = table[:, _in_company(table, apart, params)]
    return table[:, np.lexsort((table[0], table[-1]))]


def _longest(count: Offsets, steps: Offsets, starts: Offsets) -> Offsets:
    """Return the most grams in one piece of each stretch; runs that touch are one."""
    firsts = np.concatenate((_ORIGIN, np.flatnonzero(steps != 1) + 1))
    whole = np.add.reduceat(count, firsts)
    longest: Offsets = np.maximum.reduceat(whole, np.searchsorted(firsts, starts))
    return longest


def _standing(table: Offsets, apart: int) -> npt.NDArray[np.bool_]:
    """Mark the stretches that do not lie inside a much longer one on either side.

    Common phrases agree at many places at once; where a real copy runs through, the
    alignment is settled and they only cost time.
    """
    q0, q1, f0, matched, _, text = table
    standing: npt.NDArray[np.bool_] = matched >= _PHRASE
    shorts, longs = np.flatnonzero(~standing), np.flatnonzero(matched >= 2 * _PHRASE)
    if not longs.size:
        return np.ones_like(standing)
    hidden = np.zeros(shorts.size, np.bool_)
    for start in (q0 + text * apart, f0 + text * apart):
        end = start + (q1 - q0)
        order = longs[np.argsort(start[longs])]
        reach = np.maximum.accumulate(end[order])
        before = np.searchsorted(start[order], start[shorts], side="right") - 1
        hidden |= (before >= 0) & (reach[before] >= end[shorts])
    standing[shorts] = ~hidden
    return standing


def _in_company(table: Offsets, apart: int, params: Params) -> npt.NDArray[np.bool_]:
    """Mark the stretches that may be part of a chain that counts.

    Most chance agreements are one phrase with nothing near. The plane is laid out in
    cells as wide as two linked phrases can be apart: where a cell and the eight around
    it hold too little, no chain is.
    """
    q0, q1, f0, matched, _, text = table
    likely = matched >= params.chain
    if q0.size < _CROWD:
        return np.ones_like(likely)
    cell = params.gap + _PHRASE
    ends = q1 - cell // 4
    rows = np.concatenate((q0, ends)) // cell
    found = f0 + 2 * apart * text
    columns = np.concatenate((found, found + ends - q0)) // cell
    at = (rows << 32) + columns
    cells, which = np.unique(at, return_inverse=True)
    held = np.bincount(which, np.concatenate((matched, np.where(likely, matched, 0))))
    around = np.zeros(q0.size)
    for row in (-1, 0, 1):
        low = np.searchsorted(cells, at[: q0.size] + (row << 32) - 1)
        high = np.searchsorted(cells, at[: q0.size] + (row << 32) + 1, side="right")
        total = np.concatenate((np.zeros(1), np.cumsum(held)))
        around += total[high] - total[low]
    supported: npt.NDArray[np.bool_] = around >= params.chain
    supported |= likely
    return supported
