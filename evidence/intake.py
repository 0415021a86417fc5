"""Bytes come in: stored once under their SHA-256, durable before their row exists."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote_from_bytes

from django.conf import settings
from django.db import transaction

from evidence.actors import SYSTEM, Actor
from evidence.allowances import spend
from evidence.canonical import sha256
from evidence.extractors import Extract, ExtractionError
from evidence.models import Blob, SentName, Text
from evidence.progress import Stage
from evidence.reading import UNREAD, Reading, media_type_of, read_file
from evidence.staging import Kept, StagedUpload, staged_copy, stored_as

CHUNK = 1 << 20


class Readable(Protocol):
    """An open file, an uploaded one included."""

    def read(self, size: int = -1, /) -> bytes: ...


def receive(
    content: bytes | Readable, *, name: str, at: datetime, by: Actor = SYSTEM
) -> Blob:
    """Store bytes and return their row; the same bytes are stored once.

    The file is whole and on the disk under its final name before the row names it,
    so a row without a file cannot arise. `by`: whose day it counts against.
    Raises UploadTooLarge and AllowanceSpent.
    """
    kept = _store(content, by, at)
    try:
        blob = _row(kept, media_type_of(kept.place, name), at)
    except ExtractionError as refusal:
        blob = _row(kept, UNREAD, at, infected=refusal.code == "malware")
    _keep_name(blob, content, by, at)
    return blob


def receive_own(content: bytes, *, media_type: str, at: datetime) -> Blob:
    """Store bytes that this program has made: it knows what they are."""
    return _row(_store(content, SYSTEM, at), media_type, at)


def receive_text(
    content: bytes | Readable,
    *,
    name: str,
    at: datetime,
    by: Actor = SYSTEM,
    reading: Reading = "auto",
) -> Text:
    """Store a file that is to be read and compared, and return its row of text.

    The row waits in the worker's queue: the caller nudges `process_text` once its
    transaction has committed. What no extractor takes is kept too, as refused, and
    `refusal` says why. Raises UploadTooLarge and AllowanceSpent.
    """
    kept = _store(content, by, at)
    try:
        text = _waiting(kept, media_type_of(kept.place, name, reading), at)
    except ExtractionError as refusal:
        text = _refused(kept, refusal.code, at)
    _keep_name(text.blob, content, by, at)
    return text


def receive_read(
    content: bytes | Readable,
    *,
    name: str,
    at: datetime,
    by: Actor = SYSTEM,
    reading: Reading = "auto",
    own: bool = False,
) -> tuple[Text, Extract | None]:
    """As `receive_text`, for a caller who processes the text at once: with what was
    read, or None when the file is refused. `own`: see `read_file`."""
    kept = _store(content, by, at)
    try:
        kind, extract = read_file(kept.place, name, reading, own=own)
    except ExtractionError as refusal:
        if refusal.code == "timeout" and (text := _unfinished(kept, name, reading, at)):
            return text, None
        return _refused(kept, refusal.code, at), None
    return _waiting(kept, kind, at), extract


def path_of(blob: Blob) -> Path:
    """Return where the stored bytes are."""
    return Path(settings.MEDIA_ROOT) / blob.stored_as


def open_blob(blob: Blob) -> BinaryIO:
    """Open the stored bytes for reading."""
    return path_of(blob).open("rb")


def read_blob(blob: Blob) -> bytes:
    return path_of(blob).read_bytes()


def _unfinished(kept: Kept, name: str, reading: Reading, at: datetime) -> Text | None:
    """Return the row of a file that took too long: refused under its kind, so that
    `reread` can give it more time, or as it was read when it was given more."""
    try:
        kind = media_type_of(kept.place, name, reading)
    except ExtractionError:
        return None
    fields = {"state": Text.State.REFUSED, "refusal": "timeout", "stage": Stage.DONE}
    blob = _row(kept, kind, at)
    return Text.objects.get_or_create(blob=blob, media_type=kind, defaults=fields)[0]


def _waiting(kept: Kept, kind: str, at: datetime) -> Text:
    blob = _row(kept, kind, at)
    return Text.objects.get_or_create(blob=blob, media_type=kind)[0]


def _refused(kept: Kept, code: str, at: datetime) -> Text:
    """The name is part of the reason: the newest name's reason stands."""
    blob = _row(kept, UNREAD, at, infected=code == "malware")
    fields = {"state": Text.State.REFUSED, "refusal": code, "stage": Stage.DONE}
    return Text.objects.update_or_create(blob=blob, media_type=UNREAD, defaults=fields)[
        0
    ]


def _row(kept: Kept, kind: str, at: datetime, *, infected: bool = False) -> Blob:
    found = Blob.objects.filter(sha256=kept.sha256).first()
    if kept.is_new or found is None:
        # Also when the file was there: whoever put it may not have come this far.
        for folder in list(kept.place.parents)[:4]:
            _sync(folder)
    if found is None:
        fields = {
            "size_bytes": kept.size_bytes,
            "media_type": kind,
            "stored_as": stored_as(kept.sha256),
            "received_at": at,
        }
        found, _created = Blob.objects.get_or_create(
            sha256=kept.sha256, defaults=fields
        )
    if found.media_type == UNREAD != kind:
        # It came under a name that contradicted it; now it is known.
        found.media_type = kind
        found.save(update_fields=["media_type"])
    if infected:
        found.scan, found.scanned_at = Blob.Scan.INFECTED, at
        found.save(update_fields=["scan", "scanned_at"])
    transaction.on_commit(lambda: kept.mark.unlink(missing_ok=True))
    return found


def _store(content: bytes | Readable, by: Actor, at: datetime) -> Kept:
    """Bring bytes to their place. An upload lies in the store's folder already."""
    if isinstance(content, StagedUpload):
        spend(by, content.staged.size, at=at)
        return content.staged.put()
    staged = staged_copy(_chunks(content), limit=settings.UPLOAD_MAX_BYTES)
    try:
        spend(by, staged.size, at=at)
        return staged.put()
    finally:
        staged.discard()


def _keep_name(blob: Blob, content: bytes | Readable, by: Actor, at: datetime) -> None:
    """Write down what an upload was called by who sent it, once."""
    if not isinstance(content, StagedUpload):
        return
    sent = content.sent_name
    row = SentName(
        blob=blob,
        sender=by.label,
        name=quote_from_bytes(sent),
        digest=sha256(sent),
        first_at=at,
    )
    SentName.objects.bulk_create([row], ignore_conflicts=True)


def _chunks(content: bytes | Readable) -> Iterator[bytes]:
    if isinstance(content, bytes):
        return iter([content])
    return iter(lambda: content.read(CHUNK), b"")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
