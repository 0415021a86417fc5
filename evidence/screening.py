"""One text against everything held: what the command and the worker both ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from evidence.index import FingerprintIndex
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.passages import Resemblance, Screening
from evidence.matching.screen import screen
from evidence.models import Document, DocumentVersion, Text
from evidence.thresholds import in_force

_NUMBER = ord("0")  # what every run of digits is folded into


@dataclass(frozen=True, slots=True)
class Found:
    """A document that holds passages of the query, by way of one of its texts."""

    document: Document
    text: Text
    resemblance: Resemblance


def is_comparable(content: str) -> bool:
    """Whether a text holds a letter. Numbers are all alike to the matcher, so that two
    tables of nothing but numbers would be copies of one another."""
    return bool((normalize(content).codes != _NUMBER).any())


def screen_text(
    content: str, *, rights: bool = False, params: Params | None = None
) -> Screening:
    """Return what a text resembles, works and uploads alike; stores nothing.

    `rights` looks for every copy of one work (evidence.matching.screen). params: the
    ones in force unless said.
    """
    if not is_comparable(content):
        return Screening([], [])
    params = params or in_force()
    return screen(content, FingerprintIndex(), params, rights=rights)


def documents_in(screening: Screening) -> list[Found]:
    """Return the documents behind a screening, in its order, each of them once.

    A text that two documents share yields both. A document found by several of its
    versions is shown by the current one, else by the weightiest.
    """
    resemblances = {each.text: each for each in screening.resemblances}
    versions = _versions(resemblances)
    order = {text: rank for rank, text in enumerate(resemblances)}
    versions.sort(key=lambda version: (order[version.text_id], version.document.number))
    chosen: dict[int, DocumentVersion] = {}
    for version in versions:
        held = chosen.setdefault(version.document_id, version)
        if version.document.current_id == version.pk != held.pk:
            chosen[version.document_id] = version
    return [
        Found(version.document, version.text, resemblances[version.text_id])
        for version in sorted(chosen.values(), key=versions.index)
    ]


def _versions(texts: Iterable[int]) -> list[DocumentVersion]:
    rows = DocumentVersion.objects.filter(text__in=list(texts))
    rows = rows.select_related("document__current", "text").defer("text__content")
    return list(rows.order_by("pk"))
