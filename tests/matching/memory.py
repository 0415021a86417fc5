"""An index in memory, the slow and obvious way, and texts to fill it with."""

import random
from collections.abc import Iterable

import numpy as np

from evidence.matching.fingerprints import Fingerprints, Hashes, fingerprints
from evidence.matching.index import Found, Postings, Shelf
from evidence.matching.normalize import normalize
from evidence.matching.params import Params


class MemoryIndex:
    """shelves: the shelf of each text that stands on one; stands_for: the others of
    its cluster by the text that stands for them, not indexed themselves."""

    def __init__(
        self,
        texts: dict[int, str],
        params: Params,
        shelves: dict[int, Shelf],
        stands_for: dict[int, list[int]],
    ) -> None:
        self._texts = texts
        self._shelves = shelves
        self._stands_for = stands_for
        hidden = {text for texts in stands_for.values() for text in texts}
        self._indexed = [each for each in sorted(texts) if each not in hidden]
        self._open, self._shelved = _Table(), _Table()
        for text in self._indexed:
            table = self._shelved if text in shelves else self._open
            table.add(text, fingerprints(normalize(texts[text]), params))

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Found:
        return Found(
            self._open.lookup(hashes, limit), self._shelved.lookup(hashes, None)
        )

    def texts(self) -> int:
        return len(self._indexed)

    def members(self, texts: list[int]) -> dict[int, list[int]]:
        return {
            text: self._stands_for[text] for text in texts if text in self._stands_for
        }

    def contents(self, texts: list[int]) -> dict[int, str]:
        return {text: self._texts[text] for text in texts if text in self._texts}

    def shelves(self, texts: list[int]) -> dict[int, Shelf]:
        return {text: self._shelves[text] for text in texts if text in self._shelves}


class _Table:
    def __init__(self) -> None:
        self._postings: dict[int, list[tuple[int, int]]] = {}

    def add(self, text: int, sample: Fingerprints) -> None:
        for hash_, position in zip(
            sample.hashes.tolist(), sample.positions.tolist(), strict=True
        ):
            self._postings.setdefault(hash_, []).append((text, position))

    def lookup(self, hashes: Hashes, limit: int | None) -> Postings:
        return _postings(
            (place, *posting)
            for place, hash_ in enumerate(hashes.tolist())
            for posting in self._postings.get(hash_, [])[:limit]
        )


def _postings(rows: Iterable[tuple[int, int, int]]) -> Postings:
    table = np.array(list(rows), np.int64).reshape(-1, 3)
    return Postings(
        table[:, 0].astype(np.int32), table[:, 1], table[:, 2].astype(np.int32)
    )


def make_index(
    texts: dict[int, str],
    params: Params | None = None,
    shelves: dict[int, str | Shelf] | None = None,
    stands_for: dict[int, list[int]] | None = None,
) -> MemoryIndex:
    return MemoryIndex(
        texts,
        params or Params(),
        {
            text: Shelf(each) if isinstance(each, str) else each
            for text, each in (shelves or {}).items()
        },
        stands_for or {},
    )


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
