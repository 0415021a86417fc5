"""Leads and decisions that a change of thresholds would touch, by their names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cases.models import CaseItem, Decision
from evidence.models import DocumentVersion, Work
from evidence.replay import Pair, Replay

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a text: a document by its number, a work, or nobody.

    name: as the command line prints it; title: as pages do.
    """

    name: str
    title: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """Two holders of like texts, and what becomes of the lead: lost or gained."""

    change: str
    one: Holder
    other: Holder


@dataclass(frozen=True, slots=True)
class Touched:
    """lost, gained: leads, each two holders of text; decided: items of cases."""

    texts: int
    lost: list[tuple[str, str]]
    gained: list[tuple[str, str]]
    decided: list[str]


def touched_by(replayed: Replay) -> Touched:
    """Name what a replay found by documents, works and case references."""
    lost = leads_in([("lost", pair) for pair in sorted(replayed.lost)])
    gained = leads_in([("gained", pair) for pair in sorted(replayed.gained)])
    return Touched(
        texts=replayed.texts,
        lost=[(lead.one.name, lead.other.name) for lead in lost],
        gained=[(lead.one.name, lead.other.name) for lead in gained],
        decided=[
            f"{item.case.reference}/{item.position}" for item in decided_under(replayed)
        ],
    )


def decided_under(replayed: Replay) -> list[CaseItem]:
    """Return the decided items whose comparison would be no lead any more."""
    decided = CaseItem.objects.filter(pk__in=Decision.objects.values("item"))
    rows = decided.select_related("case", "document__current").order_by("pk")
    return [
        item
        for ids in _batches(replayed.matches())
        for item in rows.filter(match__in=ids)
    ]


def leads_in(changes: Sequence[tuple[str, Pair]]) -> list[Lead]:
    """Name the holders of each pair of texts."""
    holders = _holders({text for _change, pair in changes for text in pair})
    return [
        Lead(change, *(holders.get(text, Holder(f"text:{text}")) for text in pair))
        for change, pair in changes
    ]


def _holders(texts: set[int]) -> dict[int, Holder]:
    """A text that a document and a work share is named by the document."""
    holders: dict[int, Holder] = {}
    for ids in _batches(sorted(texts)):
        for work in Work.objects.filter(sample__in=ids):
            holders[work.sample_id] = Holder(f"work:{work.public_id}", work.title)
        rows = DocumentVersion.objects.filter(text__in=ids).order_by("pk")
        for version in rows.select_related("document"):
            number = version.document.number
            holders[version.text_id] = Holder(number, version.title, number)
    return holders


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
