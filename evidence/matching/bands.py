"""Shared fingerprints by text and diagonal: those close together speak of one place."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evidence.matching.index import Postings

Diagonals = npt.NDArray[np.int32]  # place in another text less place in the query

_TEXT_BITS = 33  # a diagonal is less than 2^32 either way


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Postings in the order of text and diagonal, r of each.

    place: index of the query's fingerprint; text; diagonal: int32, place in that text
    less place in the query; reach: the first posting that is of another text or more
    than `band` diagonals further, so that i…reach[i] agree about one place.
    """

    place: npt.NDArray[np.int32]
    text: npt.NDArray[np.int64]
    diagonal: npt.NDArray[np.int32]
    reach: npt.NDArray[np.intp]

    @classmethod
    def of(
        cls, postings: Postings, positions: npt.NDArray[np.int32], band: int
    ) -> "Bands":
        """positions: int32[m], of the query's fingerprints."""
        if not postings.text.size:
            nowhere = np.empty(0, np.intp)
            return cls(postings.query_index, postings.text, postings.position, nowhere)
        diagonal = postings.position - positions[postings.query_index]
        axis = (postings.text << _TEXT_BITS) + diagonal
        order = axis.argsort()
        axis = axis.take(order)
        return cls(
            postings.query_index.take(order),
            postings.text.take(order),
            diagonal.take(order),
            axis.searchsorted(axis + band, side="right"),
        )

    @property
    def size(self) -> int:
        return int(self.text.size)

    def only(self, kept: npt.NDArray[np.bool_]) -> "Bands":
        """Return some of the postings; their reach is not to be asked any more."""
        at = kept.nonzero()[0]
        return Bands(
            self.place.take(at),
            self.text.take(at),
            self.diagonal.take(at),
            self.reach[:0],
        )

    def of_text(self, text: int) -> slice:
        """Return which postings are of one text."""
        start, end = self.text.searchsorted((text, text + 1))
        return slice(int(start), int(end))

    def diagonals(self, text: int) -> Diagonals:
        """Return the diagonals of one text, ascending."""
        return self.diagonal[self.of_text(text)]

    def firsts(self) -> npt.NDArray[np.intp]:
        """Return the index of the first posting of each text."""
        first = np.ones(self.size, np.bool_)
        np.not_equal(self.text[1:], self.text[:-1], out=first[1:])
        return first.nonzero()[0]

    def deep(self, least: int) -> npt.NDArray[np.bool_]:
        """Mark every posting inside a band of at least so many."""
        if self.size < least:
            return np.zeros(self.size, np.bool_)
        at = np.arange(self.size)
        starts = np.flatnonzero(self.reach - at >= least)
        edges = np.zeros(self.size + 1, np.int64)
        edges[starts] += 1
        edges -= np.bincount(self.reach[starts], minlength=self.size + 1)
        deep: npt.NDArray[np.bool_] = np.cumsum(edges[:-1]) > 0
        return deep
