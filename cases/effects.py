"""Telling the marketplace: outbox rows, written with the act that causes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cases.models import Effect

if TYPE_CHECKING:
    from cases.services import Taken


def tell(acts: Sequence["Taken"], *kinds: Effect.Kind, at: datetime) -> None:
    """Queue these effects for the documents of the acts, in the order given."""
    Effect.objects.bulk_create(
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
        batch_size=200,
    )
