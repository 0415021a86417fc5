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
        self._starts = first.nonzero()[0]
        self._unique = ordered.take(self._starts)
        self._counts = np.diff(np.append(self._starts, ordered.size))
        self._repetitive = self._unique.size < ordered.size
        # Times a gram may stand in the other text before it says nothing.
        limit = params.occurrences
        self._tolerated = np.minimum(limit, limit * limit // self._counts)
        wanted = (4 * self._unique.size).bit_length()
        bits = min(max(wanted, _SMALLEST_TABLE), _LARGEST_TABLE)
        self._shift = np.uint32(32 - bits)
        # As wide as an index: narrower ones are widened at every use.
        self._table = np.full(1 << bits, -1, np.intp)
        slots = (self._unique >> self._shift).astype(np.intp)
        self._table[slots] = np.arange(self._unique.size)
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
        start, codes = self._reachable(found.codes, near)
        query_at, found_at = self._pairs(_dense(codes, self._params.dense_gram))
        if not query_at.size:
            return _Runs(query_at, query_at, query_at)
        if start:
            found_at = found_at + start
        runs = _Runs.of(query_at, found_at)
        if near is None:
            return runs
        return runs.only(_within(runs.diagonal, near, self._params.band))

    def _reachable(self, codes: Codes, near: Diagonals | None) -> tuple[int, Codes]:
        """Return the part of a text that lies on the diagonals, and its start."""
        if near is None:
            return 0, codes
        start = max(0, int(near[0]) - self._params.band)
        end = max(0, int(near[-1]) + self._params.band + self._size)
        return start, codes[start:end]

    def _pairs(self, hashes: Dense) -> tuple[Offsets, Offsets]:
        """Return the positions of every shared gram, except of those seen too often."""
        found_at, which = self._known(hashes)
        if not which.size:
            return found_at, found_at
        often = np.bincount(which, minlength=self._unique.size)
        too_often = often > self._tolerated
        if too_often.any():
            kept = (~too_often).take(which).nonzero()[0]
            found_at, which = found_at.take(kept), which.take(kept)
        if not self._repetitive:
            return self._positions.take(self._starts.take(which)), found_at
        counts = self._counts.take(which)
        if counts.size and counts.max() == 1:
            return self._positions.take(self._starts.take(which)), found_at
        ends = np.cumsum(counts)
        total = int(ends[-1]) if ends.size else 0
        within = np.arange(total) - np.repeat(ends - counts, counts)
        places = np.repeat(self._starts.take(which), counts) + within
        return self._positions.take(places), np.repeat(found_at, counts)

    def _known(self, hashes: Dense) -> tuple[Offsets, Offsets]:
        """Return where the other text has grams of the query, and which ones."""
        guess = self._table.take((hashes >> self._shift).astype(np.intp))
        found_at = (guess >= 0).nonzero()[0]
        which = guess.take(found_at)
        wanted = hashes.take(found_at)
        right = self._unique.take(which) == wanted
        wrong = (~right & self._contested.take(which)).nonzero()[0]
        if wrong.size:
            missed = wanted.take(wrong)
            nearest = self._unique.searchsorted(missed)
            np.minimum(nearest, self._unique.size - 1, out=nearest)
            which[wrong] = nearest
            right[wrong] = self._unique.take(nearest) == missed
        known = right.nonzero()[0]
        return found_at.take(known), which.take(known)


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
        starts, ends = _pieces(broken)
        return cls(query_at.take(starts), ends - starts + 1, diagonal.take(starts))

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
        at = kept.nonzero()[0]
        return _Runs(self.q0.take(at), self.grams.take(at), self.diagonal.take(at))


def _pieces(broken: npt.NDArray[np.bool_]) -> tuple[Offsets, Offsets]:
    """Return the first and the last item of each piece of a row of items.

    broken: bool[n − 1], whether a piece ends between an item and the next.
    """
    cuts = broken.nonzero()[0]
    starts, ends = np.empty((2, cuts.size + 1), np.int64)
    starts[0], ends[-1] = 0, broken.size
    ends[:-1] = cuts
    np.add(cuts, 1, out=starts[1:])
    return starts, ends


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
    order = axis.argsort()
    q0, count, axis = runs.q0.take(order), runs.grams.take(order), axis.take(order)
    steps = axis[1:] - axis[:-1] - count[:-1] + 1
    starts, ends = _pieces(steps > params.bridge)
    # A gram that starts `step` behind another has min(step, k) characters of its own.
    own = count - 1
    own[1:] += np.minimum(steps, k)
    equal = own.cumsum()
    first, source = q0.take(starts), order.take(starts)
    text = of.take(source)
    table = np.empty((6, starts.size), np.int64)
    table[0] = first
    table[1] = q0.take(ends) + count.take(ends) + (k - 1)
    table[2] = first + runs.diagonal.take(source) - text * apart
    table[3] = equal.take(ends) - equal.take(starts) + count.take(starts) + (k - 1)
    table[4] = _longest(count, steps, starts) + (k - 1)
    table[5] = text
    if starts.size >= _CROWD:
        table = table.compress(_standing(table, apart), axis=1)
        table = table.compress(_in_company(table, apart, params), axis=1)
    order = ((table[5] << 32) + table[0]).argsort(kind="stable")
    ordered: Offsets = table.take(order, axis=1)
    return ordered


def _longest(count: Offsets, steps: Offsets, starts: Offsets) -> Offsets:
    """Return the most grams in one piece of each stretch; runs that touch are one."""
    firsts, _ = _pieces(steps != 1)
    whole = np.add.reduceat(count, firsts)
    longest: Offsets = np.maximum.reduceat(whole, firsts.searchsorted(starts))
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
    cell = params.gap + _PHRASE
    ends = q1 - cell // 4
    across = np.concatenate((q0, ends)) // cell
    found = f0 + 2 * apart * text
    columns = np.concatenate((found, found + ends - q0)) // cell
    at = (across << 32) + columns
    order = at.argsort()
    cells = at.take(order)
    held = np.concatenate((matched, np.where(likely, matched, 0))).take(order)
    total = np.zeros(held.size + 1, np.int64)
    held.cumsum(out=total[1:])
    # The cell and its two neighbours in three rows each.
    rows = at[: q0.size] + (np.arange(-1, 2)[:, np.newaxis] << 32)
    low, high = cells.searchsorted(rows - 1), cells.searchsorted(rows + 1, "right")
    around = (total.take(high) - total.take(low)).sum(axis=0)
    supported: npt.NDArray[np.bool_] = around >= params.chain
    supported |= likely
    return supported
