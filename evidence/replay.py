"""What another threshold would have made of the past, before anybody sets it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from evidence.index import FingerprintIndex
from evidence.matching.params import Params
from evidence.matching.screen import screen
from evidence.models import Match, Text

_TEXTS_A_STATEMENT = 500
_STEP = 100  # texts between two signs of life
Pair = tuple[int, int]  # text ids, the lower one first


@dataclass(frozen=True, slots=True)
class Replay:
    """The pairs of texts that would be leads no more, and those that would be new."""

    texts: int
    lost: frozenset[Pair]
    gained: frozenset[Pair]

    def matches(self) -> list[int]:
        """Return the ids of the stored matches behind the lost pairs."""
        texts = sorted({text for pair in self.lost for text in pair})
        return [
            pk
            for start in range(0, len(texts), _TEXTS_A_STATEMENT)
            for pk, query, found in Match.objects.filter(
                query__in=texts[start : start + _TEXTS_A_STATEMENT]
            ).values_list("pk", "query", "found")
            if _pair(query, found) in self.lost
        ]


def screened() -> QuerySet[Text]:
    """The texts that a replay goes through."""
    return Text.objects.filter(indexed_at__isnull=False).order_by("pk")


def replay(params: Params) -> Iterator[int | Replay]:
    """Screen every text again with other parameters; stores nothing.

    Yields how many texts are done now and then, and what came of it last.
    """
    index = FingerprintIndex()
    found: set[Pair] = set()
    done = 0
    for text in screened().iterator(chunk_size=_STEP):
        for rights in _modes(text):
            screening = screen(text.content, index, params, rights=rights)
            found |= {_pair(text.pk, each.text) for each in screening.resemblances}
        done += 1
        if done % _STEP == 0:
            yield done
    stored = {
        _pair(query, other)
        for query, other in Match.objects.values_list("query", "found").distinct()
    }
    # A text that two hold is a lead on itself, which no threshold touches.
    fresh = {(a, b) for a, b in found if a != b}
    lost = {(a, b) for a, b in stored - found if a != b}
    yield Replay(done, frozenset(lost), frozenset(fresh - stored))


def _modes(text: Text) -> list[bool]:
    modes = [True] if text.works.exists() else []
    if text.versions.exists() or not modes:
        modes.append(False)
    return modes


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
