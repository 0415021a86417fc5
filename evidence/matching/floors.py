"""Below what nothing may act by itself: a person looks first, whatever the shares."""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.passages import Resemblance

_MOST_DIGITS = 0.5


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

    Passages come without what stands on shelves (evidence.matching.screen).
    """
    spans = _united([passage.query for passage in found.passages])
    texts = [query[start:end] for start, end in spans]
    return sum(normalize(text).size for text in texts if not mostly_digits(text))


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
