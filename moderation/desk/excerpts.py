"""The few lines of a comparison that the panel beside the queue shows."""

from dataclasses import dataclass, replace

from django.db.models import F
from django.db.models.functions import Greatest

from cases.models import Case, CaseItem
from evidence.comparison import Pair, Side, longest_pairs, percent

PAIRS = 2
CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The most similar document of a case, and the beginnings of its longest
    passages. pairs is empty without a comparison; percentages are whole."""

    item: CaseItem
    similarity: int | None
    pairs: tuple[Pair, ...]
    passages: int


def excerpt_of(case: Case) -> Excerpt | None:
    """Return the excerpt, or None for a case without documents. One query."""
    share = Greatest("match__containment_query", "match__containment_found")
    items = case.items.select_related(
        "match__query", "match__found", "document", "work", "snapshot"
    )
    item = (
        items.annotate(share=share)
        .order_by(F("share").desc(nulls_last=True), "position")
        .first()
    )
    if item is None:
        return None
    match = item.match
    if match is None:
        return Excerpt(item, None, (), 0)
    pairs = tuple(_shortened(pair) for pair in longest_pairs(match, PAIRS))
    highest = percent(max(match.containment_query, match.containment_found))
    return Excerpt(item, highest, pairs, len(match.passages))


def _shortened(pair: Pair) -> Pair:
    return replace(pair, query=_cut(pair.query), found=_cut(pair.found))


def _cut(side: Side) -> Side:
    shown = side.shortened(CHARACTERS)
    return replace(shown, before="", after="" if shown is side else shown.after)
