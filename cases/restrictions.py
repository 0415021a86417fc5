"""What the public may see of a document: a function of its active restrictions.

Never written as a status: two cases can hold one document, and lifting the row of
one must not lift the other's.
"""

from dataclasses import dataclass

from cases.models.acts import Restriction
from evidence.models import Document
from evidence.models.documents import DocumentQuerySet

Level = Restriction.Level
STRENGTH = {level: rank for rank, level in enumerate(Level)}
DOWN = (Level.INTERIM_DOWN, Level.REMOVE)


@dataclass(frozen=True, slots=True)
class Visibility:
    """is_down: the page answers 410 in neutral words and search does not know it."""

    level: str | None
    is_down: bool
    may_preview: bool
    may_download: bool


def visibility(document: Document) -> Visibility:
    levels = document.restrictions.active().values_list("level", flat=True)
    return visibility_of(document, list(levels))


def visibility_of(document: Document, levels: list[str]) -> Visibility:
    """As `visibility`, for who has the levels of the active restrictions at hand.

    What the marketplace took off its shelves is down, whatever the cases say.
    """
    if document.withdrawn_at is not None:
        return Visibility(None, is_down=True, may_preview=False, may_download=False)
    return visibility_under(levels)


def visibility_under(levels: list[str]) -> Visibility:
    """The strongest level wins, in whatever order the rows were placed."""
    strongest = max(levels, key=lambda level: STRENGTH[Level(level)], default=None)
    rank = STRENGTH[Level(strongest)] if strongest else 0
    return Visibility(
        level=strongest,
        is_down=rank >= STRENGTH[Level.INTERIM_DOWN],
        may_preview=rank < STRENGTH[Level.LIMIT_PREVIEW],
        may_download=rank < STRENGTH[Level.STOP_DOWNLOAD],
    )


def listed(documents: DocumentQuerySet) -> DocumentQuerySet:
    """Documents that search and lists may show."""
    down = Restriction.objects.active().filter(level__in=DOWN)
    return documents.on_sale().exclude(pk__in=down.values("document"))
