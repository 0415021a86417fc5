"""What the matcher reports: passages, resemblances, and what it left out and why."""

from dataclasses import dataclass
from typing import Literal

Range = tuple[int, int]  # half-open, in characters of a raw text


@dataclass(frozen=True, slots=True)
class Passage:
    """Two ranges of raw text of which one is a copy of the other."""

    query: Range
    found: Range
    similarity: float  # 0–1, Indel on normalised characters
    length: int  # normalised characters of the shorter side


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A text that holds passages of the query.

    containment_query is the share of the query's normalised characters that lie in
    passages of this text, containment_found the share of the text's in the query.
    """

    text: int
    containment_query: float
    containment_found: float
    longest_run: int  # equal normalised characters in one piece
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A range of the query that is alike elsewhere and counts for nothing."""

    query: Range
    why: Literal["shelf", "boilerplate", "template"]
    source: str | None  # the shelf; None when no one source is known


@dataclass(frozen=True, slots=True)
class Screening:
    """Everything one query resembles, the weightiest first."""

    resemblances: list[Resemblance]
    ignored: list[Ignored]
