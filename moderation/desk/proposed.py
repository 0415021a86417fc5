"""A proposal for a shelf with its evidence: where its passage stands, at whose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.db.models.functions import Substr

from evidence.comparison import place_of
from evidence.models import DocumentVersion, ShelfProposal, Text

HOLDERS = 12


@dataclass(frozen=True, slots=True)
class Holder:
    """One document that has the passage. mask: of its seller; number: "" for a text
    that no listing holds, such as a work's."""

    number: str
    title: str
    mask: str
    place: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """documents and sellers: how many hold the passage; holders: the first of them."""

    row: ShelfProposal
    passage: str
    documents: int
    sellers: int
    holders: tuple[Holder, ...]

    @property
    def more(self) -> int:
        return self.documents - len(self.holders)


def with_passage(rows: QuerySet[ShelfProposal]) -> QuerySet[ShelfProposal]:
    """Add the words of each proposal, without reading the text that they stand in."""
    words = Substr("text__content", F("start") + 1, F("end") - F("start"))
    return rows.annotate(passage=words)


def proposed(rows: Sequence[ShelfProposal]) -> list[Proposed]:
    """Return each proposal with who holds its passage. Two queries in all."""
    spans = {row.pk: [(row.text_id, row.start, row.end), *_found(row)] for row in rows}
    ids = {text for each in spans.values() for text, _start, _end in each}
    texts = _places(ids)
    versions = _versions(ids)
    return [_proposed(row, spans[row.pk], texts, versions) for row in rows]


def _found(row: ShelfProposal) -> Iterable[tuple[int, int, int]]:
    return ((text, start, end) for text, start, end in row.found)


def _places(ids: Iterable[int]) -> dict[int, Text]:
    fields = ("page_starts", "segment_starts", "body_end")
    return {text.pk: text for text in Text.objects.filter(pk__in=ids).only(*fields)}


def _versions(ids: Iterable[int]) -> dict[int, DocumentVersion]:
    rows = DocumentVersion.objects.filter(text__in=ids).order_by("-pk")
    rows = rows.select_related("document__seller")
    # The first document that came with a text: it is the one that was counted.
    return {version.text_id: version for version in rows}


def _proposed(
    row: ShelfProposal,
    spans: Sequence[tuple[int, int, int]],
    texts: dict[int, Text],
    versions: dict[int, DocumentVersion],
) -> Proposed:
    first: dict[int, tuple[int, int]] = {}
    for text, start, end in spans:
        first.setdefault(text, (start, end))
    sellers = {
        versions[text].document.seller_id if text in versions else -text
        for text in first
    }
    holders = [
        _holder(texts[text], first[text], versions.get(text))
        for text in list(first)[:HOLDERS]
        if text in texts
    ]
    passage: str = row.passage  # type: ignore[attr-defined]
    return Proposed(row, passage, len(first), len(sellers), tuple(holders))


def _holder(
    text: Text, span: tuple[int, int], version: DocumentVersion | None
) -> Holder:
    place = place_of(text, *span).label
    if version is None:
        return Holder("", "", "", place)
    document = version.document
    return Holder(document.number, version.title, document.seller.mask, place)
