"""What the matcher asks of the place where texts and fingerprints are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from evidence.matching.fingerprints import Hashes


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The answer to a lookup: r places where a looked-up hash stands.

    query_index: int32[r] into the hashes asked for; text: int64[r] text ids;
    position: int32[r] in the normalised characters of that text, or WHOLE.
    """

    query_index: npt.NDArray[np.int32]
    text: npt.NDArray[np.int64]
    position: npt.NDArray[np.int32]

    def asked_in(self, order: npt.NDArray[np.int32]) -> "Postings":
        """Return the answer numbered as before the hashes were put in this order."""
        return Postings(order[self.query_index], self.text, self.position)

    def only(self, kept: npt.NDArray[np.bool_]) -> "Postings":
        return Postings(self.query_index[kept], self.text[kept], self.position[kept])


def joined(answers: Iterable[Postings]) -> Postings:
    """Return several answers as one."""
    columns = [(each.query_index, each.text, each.position) for each in answers]
    if not columns:
        nothing = np.empty(0, np.int32)
        return Postings(nothing, nothing.astype(np.int64), nothing)
    return Postings(*(np.concatenate(column) for column in zip(*columns, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where hashes stand: in what was uploaded, and apart from it on shelves."""

    uploads: Postings
    shelves: Postings


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection of texts whose copying is no infringement, and what to call them.

    why: official texts and classics are quoted from a `shelf`; what every site and
    every form has is `boilerplate` and `template`.
    """

    name: str
    why: Literal["shelf", "boilerplate", "template"] = "shelf"


class Index(Protocol):
    """Texts by id, and their fingerprints by hash.

    Of near-identical texts one stands for all; texts on a shelf are kept apart.
    """

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Found:
        """Return the postings of each hash, of uploads at most `limit` of any one."""

    def texts(self) -> int:
        """Return about how many texts are indexed: weights need no better."""

    def members(self, texts: list[int]) -> dict[int, list[int]]:
        """Return the texts that these stand for, by the text that does."""

    def contents(self, texts: list[int]) -> dict[int, str]:
        """Return the raw texts by id; those gone in the meantime are left out."""

    def shelves(self, texts: list[int]) -> dict[int, Shelf]:
        """Return the shelf of each text that stands on one."""
