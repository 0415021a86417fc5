"""The ways in which copies hide, as marketplace moderators see them."""

import random
from collections.abc import Callable
from dataclasses import replace

import opencc

from moderation.demo.texts import Piece

Disguise = Callable[[Piece, Piece, random.Random], Piece]
_FULL_WIDTH = {ord("\uff0c"): ",", ord("\uff1b"): ";", ord("\uff1a"): ":"}


def untouched(work: Piece, other: Piece, rng: random.Random) -> Piece:
    return work


def respaced(work: Piece, other: Piece, rng: random.Random) -> Piece:
    """Spaces and zero-width characters between some characters, commas changed."""
    return _each(work, lambda line: _sprinkled(line, " \u200b", 0.06, rng))


def traditional(work: Piece, other: Piece, rng: random.Random) -> Piece:
    converter = opencc.OpenCC("s2t")
    return _each(work, converter.convert)


def noisy(work: Piece, other: Piece, rng: random.Random) -> Piece:
    """One character in sixteen dropped, doubled or changed."""

    def disturb(line: str) -> str:
        return "".join(
            rng.choice(("", c + c, "某")) if rng.random() < 0.06 else c for c in line
        )

    return _each(work, disturb)


def reordered(work: Piece, other: Piece, rng: random.Random) -> Piece:
    pages = list(work.pages)
    rng.shuffle(pages)
    return replace(work, pages=tuple(pages))


def spliced(work: Piece, other: Piece, rng: random.Random) -> Piece:
    """Two pages of the work in the middle of somebody else's document."""
    start = rng.randrange(len(work.pages) - 1)
    middle = len(other.pages) // 2
    pages = other.pages[:middle] + work.pages[start : start + 2] + other.pages[middle:]
    return replace(other, pages=pages)


def interleaved(work: Piece, other: Piece, rng: random.Random) -> Piece:
    """Filler paragraphs between those of the work."""
    pages = tuple(
        tuple(line for pair in zip(page, filler, strict=False) for line in pair)
        for page, filler in zip(work.pages, other.pages * 3, strict=False)
    )
    return replace(work, pages=pages)


def redated(work: Piece, other: Piece, rng: random.Random) -> Piece:
    """Every figure changed, as when last year's paper is sold again."""
    return _each(
        work,
        lambda line: "".join(
            str(rng.randint(1, 9)) if c.isdigit() and c.isascii() else c for c in line
        ),
    )


DISGUISES: tuple[Disguise, ...] = (
    untouched,
    respaced,
    traditional,
    noisy,
    reordered,
    spliced,
    interleaved,
    redated,
)


def _each(piece: Piece, change: Callable[[str], str]) -> Piece:
    pages = tuple(tuple(change(line) for line in page) for page in piece.pages)
    return replace(piece, pages=pages)


def _sprinkled(line: str, characters: str, share: float, rng: random.Random) -> str:
    return "".join(
        c + rng.choice(characters) if rng.random() < share else c
        for c in line.translate(_FULL_WIDTH)
    )
