"""Two held texts against each other and nothing else, as things stand now.

A stored match is what was found under the parameters and the shelves of its day. What
asks for the present (a floor, an examiner who doubts) compares the pair again.
"""

import numpy as np

from evidence.index import FingerprintIndex
from evidence.matching.fingerprints import Fingerprints, Hashes, fingerprints
from evidence.matching.index import Found, Postings, Shelf
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.passages import Screening
from evidence.matching.screen import screen
from evidence.models import Text


def compare(query: Text, found: Text, params: Params) -> Screening:
    """Return what one text resembles in the other, less what stands on shelves."""
    index = _OneText(found, params)
    return screen(query.content, index, params, rights=True)


class _OneText:
    """An index of a single text, beside all the shelves (evidence.matching.index)."""

    def __init__(self, text: Text, params: Params) -> None:
        self._text, self._shelved = text, FingerprintIndex()
        sample = fingerprints(normalize(text.content), params)
        order = np.argsort(sample.hashes, kind="stable")
        self._sample = Fingerprints(
            sample.hashes[order], sample.positions[order], sample.rule
        )

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Found:
        """Without the limit: one text never holds many of a hash."""
        shelves = self._shelved.lookup(hashes, limit=0).shelves
        return Found(self._own(hashes), shelves)

    def _own(self, hashes: Hashes) -> Postings:
        starts = np.searchsorted(self._sample.hashes, hashes, "left")
        counts = np.searchsorted(self._sample.hashes, hashes, "right") - starts
        asked = np.repeat(np.arange(hashes.size, dtype=np.int32), counts)
        within = np.arange(asked.size) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.repeat(starts, counts) + within
        texts = np.full(asked.size, self._text.pk, np.int64)
        return Postings(asked, texts, self._sample.positions[rows])

    def texts(self) -> int:
        return 1

    def members(self, texts: list[int]) -> dict[int, list[int]]:
        return {}

    def contents(self, texts: list[int]) -> dict[int, str]:
        return self._shelved.contents(texts)

    def shelves(self, texts: list[int]) -> dict[int, Shelf]:
        return self._shelved.shelves(texts)
