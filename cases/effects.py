"""Telling the marketplace: outbox rows, written with the act that causes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cases.models import Effect, ReportedDocument
from evidence.models import LedgerEntry
from evidence.writing import insert

if TYPE_CHECKING:
    from cases.services import Taken


def tell_of_reported(
    rows: Sequence[ReportedDocument],
    kind: Effect.Kind,
    *,
    entry: LedgerEntry,
    at: datetime,
    levels: dict[str, str] | None = None,
) -> None:
    """Queue one effect for documents of a report case; levels: by document number."""
    insert(
        [
            Effect(
                kind=kind,
                key=f"{entry.hash[:32]}:{kind}:{row.document_id}",
                document_id=row.document_id,
                reported=row,
                entry=entry,
                level=(levels or {}).get(row.document.number, ""),
                at=at,
                try_at=at,
            )
            for row in rows
        ],
        numbered=False,
    )


def tell(acts: Sequence["Taken"], *kinds: Effect.Kind, at: datetime) -> None:
    """Queue these effects for the documents of the acts, in the order given."""
    insert(
        [
            Effect(
                kind=kind,
                key=f"{act.entry.hash[:32]}:{kind}",
                document=act.subject.document,
                item=act.subject,
                entry=act.entry,
                level=act.subject.measure if kind == Effect.Kind.RESTRICT else "",
                at=at,
                try_at=at,
            )
            for act in acts
            for kind in kinds
        ],
        numbered=False,
    )
