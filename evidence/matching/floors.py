"""Below what nothing may act by itself: a person looks first, whatever the shares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.passages import Resemblance

_MOST_DIGITS = 0.5
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_WORD = 2  # characters that a Latin word counts as


@dataclass(frozen=True, slots=True)
class Bond:
    """What ties the uploader to the older text.

    owns: they are its party; licensed: they are on its licence list.
    """

    owns: bool = False
    licensed: bool = False


def may_act_alone(query: str, found: Resemblance, bond: Bond, params: Params) -> bool:
    """Whether a measure may follow a resemblance without a person's decision.

    Not on less than `params.floor` normalised characters outside shelves, not when
    the passages are more than half digits, and not against the text's own party or a
    licensee. query: the raw text that the passages' query ranges point into.
    """
    if bond.owns or bond.licensed:
        return False
    return evidence_in(query, found) >= params.floor


def evidence_in(query: str, found: Resemblance) -> int:
    """Return the normalised characters in passages that are words, each once.

    Passages come without what stands on shelves (evidence.matching.screen). A word in
    Latin letters says as much as a Chinese word of two characters, and counts so.
    """
    spans = _united([passage.query for passage in found.passages])
    texts = [query[start:end] for start, end in spans]
    return sum(_said(text) for text in texts if not mostly_digits(text))


def _said(text: str) -> int:
    lengths = [len(word) for word in _LATIN_WORD.findall(text)]
    return normalize(text).size - sum(max(0, each - _WORD) for each in lengths)


def mostly_digits(text: str) -> bool:
    """Whether more than half of the letters and digits of a raw text are digits."""
    digits = sum(char.isdecimal() for char in text)
    counted = sum(char.isalnum() for char in text)
    return digits > _MOST_DIGITS * counted


def _united(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
