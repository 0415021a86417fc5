"""Put texts on shelves and take them off: the only writers of the shelves' index."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from evidence import ledger, store
from evidence.actors import Actor
from evidence.matching.fingerprints import Fingerprints, fingerprints
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.models import Shelf, ShelfText, Text


@dataclass(frozen=True, slots=True)
class Shelver:
    """Who changes a shelf, under which duty and when."""

    by: Actor
    role: str
    at: datetime


def shelf_named(
    name: str, kind: Shelf.Kind = Shelf.Kind.OFFICIAL, *, at: datetime
) -> Shelf:
    """Return the shelf of a name, a new one when there is none yet."""
    shelf, _ = Shelf.objects.get_or_create(
        name=name, defaults={"kind": kind, "created_at": at}
    )
    return shelf


def put_on_shelf(
    text: Text, shelf: Shelf, params: Params, *, at: datetime, title: str = ""
) -> ShelfText | None:
    """Let anyone copy a text from now on; None when it stands there already.

    Screenings find it as soon as the caller's transaction commits.
    """
    with transaction.atomic():
        standing = ShelfText.objects.select_for_update().standing().filter(text=text)
        if standing.filter(shelf=shelf).exists():
            return None
        if not standing.exists():
            store.shelve(text.pk, _sample(text, params))
        return ShelfText.objects.create(
            shelf=shelf,
            text=text,
            title=title[:255],
            rule=params.fingerprint_rule(),
            added_at=at,
        )


def take_off_shelf(row: ShelfText, params: Params, *, shelver: Shelver) -> None:
    """Let a text count again; the row stays and says until when it did not."""
    with transaction.atomic():
        rows = ShelfText.objects.standing().filter(pk=row.pk)
        if not rows.update(removed_at=shelver.at):
            return
        if not ShelfText.objects.standing().filter(text=row.text_id).exists():
            store.unshelve(row.text_id, _sample(row.text, params))
        record("shelf.removed", {"shelf_text": row.pk, "text": row.text_id}, shelver)


def record(kind: str, payload: dict[str, object], shelver: Shelver) -> None:
    """Write one act on the shelves into the ledger of the site."""
    act = ledger.Act(ledger.SITE, kind, payload)
    ledger.append(act, by=shelver.by, role=shelver.role, at=shelver.at)


def _sample(text: Text, params: Params) -> Fingerprints:
    return fingerprints(normalize(text.content), params)
