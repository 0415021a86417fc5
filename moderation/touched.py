"""Leads and decisions that a change of thresholds would touch, by their names."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import CaseItem, Decision
from evidence.models import DocumentVersion, Work
from evidence.replay import Pair, Replay


@dataclass(frozen=True, slots=True)
class Touched:
    """lost, gained: leads, each two holders of text; decided: items of cases."""

    texts: int
    lost: list[tuple[str, str]]
    gained: list[tuple[str, str]]
    decided: list[str]


def touched_by(replayed: Replay) -> Touched:
    """Name what a replay found by documents, works and case references."""
    names = _names({text for pair in replayed.lost | replayed.gained for text in pair})
    return Touched(
        texts=replayed.texts,
        lost=_named(replayed.lost, names),
        gained=_named(replayed.gained, names),
        decided=_decided(replayed.matches()),
    )


def _decided(matches: list[int]) -> list[str]:
    items = CaseItem.objects.filter(match__in=matches).select_related("case")
    decided = items.filter(pk__in=Decision.objects.values("item")).order_by("pk")
    return [f"{item.case.reference}/{item.position}" for item in decided]


def _names(texts: set[int]) -> dict[int, str]:
    works = Work.objects.filter(sample__in=texts).values_list("sample", "public_id")
    names = {text: f"work:{public_id}" for text, public_id in works}
    versions = DocumentVersion.objects.filter(text__in=texts).order_by("pk")
    names |= dict(versions.values_list("text", "document__number"))
    return names


def _named(pairs: Iterable[Pair], names: dict[int, str]) -> list[tuple[str, str]]:
    return [
        (names.get(one, f"text:{one}"), names.get(other, f"text:{other}"))
        for one, other in sorted(pairs)
    ]
