"""An index in memory, the slow and obvious way, and texts to fill it with."""

import random

import numpy as np

from evidence.matching.fingerprints import Hashes, fingerprints
from evidence.matching.index import Postings
from evidence.matching.normalize import normalize
from evidence.matching.params import Params


class MemoryIndex:
    def __init__(
        self, texts: dict[int, str], params: Params, shelves: dict[int, str]
    ) -> None:
        self._texts = texts
        self._shelves = shelves
        self._postings: dict[int, list[tuple[int, int]]] = {}
        for text, content in sorted(texts.items()):
            sample = fingerprints(normalize(content), params)
            for hash_, position in zip(
                sample.hashes.tolist(), sample.positions.tolist(), strict=True
            ):
                self._postings.setdefault(hash_, []).append((text, position))

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Postings:
        rows = [
            (place, *posting)
            for place, hash_ in enumerate(hashes.tolist())
            for posting in self._postings.get(hash_, [])[:limit]
        ]
        table = np.array(rows, np.int64).reshape(-1, 3)
        return Postings(
            table[:, 0].astype(np.int32), table[:, 1], table[:, 2].astype(np.int32)
        )

    def texts(self) -> int:
        return len(self._texts)

    def contents(self, texts: list[int]) -> dict[int, str]:
        return {text: self._texts[text] for text in texts if text in self._texts}

    def shelved(self, texts: list[int]) -> dict[int, str]:
        return {text: self._shelves[text] for text in texts if text in self._shelves}


def make_index(
    texts: dict[int, str],
    params: Params | None = None,
    shelves: dict[int, str] | None = None,
) -> MemoryIndex:
    return MemoryIndex(texts, params or Params(), shelves or {})


def make_text(characters: int, seed: int) -> str:
    """Return random Chinese characters in sentences, unlike that of any other seed."""
    chosen = random.Random(seed)
    text = "".join(chr(chosen.randrange(0x4E00, 0x9000)) for _ in range(characters))
    return "。".join(text[at : at + 24] for at in range(0, characters, 24))


def edited(text: str, share: float, seed: int) -> str:
    """Return a text with a share of its characters lost, replaced or doubled."""
    chosen = random.Random(seed)

    def edit(char: str) -> str:
        other = chr(chosen.randrange(0x4E00, 0x9000))
        return chosen.choice(["", other, char * 2])

    return "".join(edit(char) if chosen.random() < share else char for char in text)
