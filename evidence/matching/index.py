"""What the matcher asks of the place where texts and fingerprints are kept."""

from dataclasses import dataclass
from typing import Protocol

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

    def only(self, kept: npt.NDArray[np.bool_]) -> "Postings":
        return Postings(self.query_index[kept], self.text[kept], self.position[kept])


class Index(Protocol):
    """Texts by id, and their fingerprints by hash."""

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Postings:
        """Return the postings of each hash, at most `limit` of any one."""

    def texts(self) -> int:
        """Return how many texts are indexed."""

    def contents(self, texts: list[int]) -> dict[int, str]:
        """Return the raw texts by id; those gone in the meantime are left out."""

    def shelved(self, texts: list[int]) -> dict[int, str]:
        """Return the shelf of each text whose copying is no infringement."""
