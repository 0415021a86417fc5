"""Put texts on shelves and take them off: the only writers of the shelves' index."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from evidence import ledger, store
from evidence.actors import SYSTEM, Actor, Role
from evidence.canonical import new_salt, salted
from evidence.matching.fingerprints import Fingerprints, fingerprints
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.models import Shelf, ShelfText, Text


class NothingToShelve(Exception):
    """The text could not be read, or holds nothing: `code` as of its refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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


def new_shelf(name: str, kind: Shelf.Kind, *, shelver: Shelver) -> Shelf | None:
    """Set up an empty shelf; None when one of that name is there already."""
    with transaction.atomic():
        shelf, created = Shelf.objects.get_or_create(
            name=name, defaults={"kind": kind, "created_at": shelver.at}
        )
        if not created:
            return None
        record("shelf.created", {"shelf": shelf.pk, "kind": shelf.kind}, shelver)
    return shelf


def shelve(
    text: Text, shelf: Shelf, params: Params, *, shelver: Shelver, title: str = ""
) -> ShelfText | None:
    """Let anyone copy a text, on the record; None when it stands there already."""
    with transaction.atomic():
        row = put_on_shelf(text, shelf, params, at=shelver.at, title=title)
        if row is not None:
            facts = {"shelf": shelf.pk, "shelf_text": row.pk, "text": text.pk}
            record("shelf.added", {**facts}, shelver)
    return row


def put_on_shelf(
    text: Text, shelf: Shelf, params: Params, *, at: datetime, title: str = ""
) -> ShelfText | None:
    """Let anyone copy a text from now on; None when it stands there already.

    Screenings find it as soon as the caller's transaction commits; a text that is
    still to be read, as soon as it has been (`settle`). Raises NothingToShelve.
    """
    with transaction.atomic():
        text = Text.objects.select_for_update().get(pk=text.pk)
        if text.state in (Text.State.REFUSED, Text.State.NO_TEXT):
            raise NothingToShelve(text.refusal or text.state)
        standing = ShelfText.objects.standing().filter(text=text)
        if standing.filter(shelf=shelf).exists():
            return None
        is_read = text.state == Text.State.OK
        if is_read and not standing.exists():
            store.shelve(text.pk, _sample(text, params))
        return ShelfText.objects.create(
            shelf=shelf,
            text=text,
            title=title[:255],
            rule=params.fingerprint_rule() if is_read else ShelfText.UNREAD,
            added_at=at,
        )


def settle(text: Text, params: Params, *, at: datetime) -> None:
    """Index a text that was put on shelves before it was read, once it has been.

    What turned out to hold no text, or could not be read, comes off again.
    """
    with transaction.atomic():
        Text.objects.select_for_update().get(pk=text.pk)
        waiting = ShelfText.objects.waiting().filter(text=text)
        if not waiting.exists():
            return
        if text.state == Text.State.OK:
            store.shelve(text.pk, _sample(text, params))
            waiting.update(rule=params.fingerprint_rule())
            return
        code = text.refusal or str(text.state)
        for row in waiting:
            facts = {"shelf_text": row.pk, "text": text.pk, "refusal": code}
            record("shelf.unreadable", {**facts}, Shelver(SYSTEM, Role.SYSTEM, at))
        waiting.update(removed_at=at, removal=code)


def take_off_shelf(
    row: ShelfText, params: Params, *, shelver: Shelver, reason: str = ""
) -> bool:
    """Let a text count again; the row stays and says until when it did not, and why.

    False when it has been taken off already.
    """
    with transaction.atomic():
        text = Text.objects.select_for_update().get(pk=row.text_id)
        rows = ShelfText.objects.standing().filter(pk=row.pk)
        salt = new_salt() if reason else ""
        taken = rows.update(removed_at=shelver.at, removal=reason, removal_salt=salt)
        if not taken:
            return False
        indexed = row.rule != ShelfText.UNREAD
        if indexed and not ShelfText.objects.standing().filter(text=text).exists():
            store.unshelve(text.pk, _sample(text, params))
        facts: dict[str, object] = {"shelf_text": row.pk, "text": text.pk}
        if reason:
            facts["reason"] = salted(reason, salt)
        record("shelf.removed", facts, shelver)
    return True


def put_back(row: ShelfText, params: Params, *, shelver: Shelver) -> ShelfText | None:
    """Undo a removal: the text stands on its shelf again, by a row of its own."""
    return shelve(row.text, row.shelf, params, shelver=shelver, title=row.title)


def record(kind: str, payload: dict[str, object], shelver: Shelver) -> None:
    """Write one act on the shelves into the ledger of the site."""
    act = ledger.Act(ledger.SITE, kind, payload)
    ledger.append(act, by=shelver.by, role=shelver.role, at=shelver.at)


def _sample(text: Text, params: Params) -> Fingerprints:
    return fingerprints(normalize(text.content), params)
