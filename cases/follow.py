"""A step that follows from another, in the same transaction (cases/following.py)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Follow:
    """One step that rows of one machine take now."""

    rows: Sequence[Any]
    step: str
    facts: dict[str, Any] = field(default_factory=dict)
