"""Bytes come in: stored once under their SHA-256, durable before their row exists."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

from django.conf import settings
from django.db import transaction

from evidence.extractors import ExtractionError
from evidence.models import Blob, Text
from evidence.progress import Stage
from evidence.reading import UNREAD, Reading, media_type_of

CHUNK = 1 << 20


class Readable(Protocol):
    """An open file, an uploaded one included."""

    def read(self, size: int = -1, /) -> bytes: ...


class UploadTooLarge(Exception):
    """More bytes than settings.UPLOAD_MAX_BYTES, which is `limit`."""

    code = "upload_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


def receive(content: bytes | Readable, *, name: str, at: datetime) -> Blob:
    """Store bytes and return their row; the same bytes are stored once.

    The file is whole and on the disk under its final name before the row names it,
    so a row without a file cannot arise. Raises UploadTooLarge.
    """
    digest, size, is_new = _store(content)
    found = Blob.objects.filter(sha256=digest).first()
    if is_new or found is None:
        # Also when the file was there: whoever put it may not have come this far.
        for folder in list(_place(digest).parents)[:4]:
            _sync(folder)
    if found is not None:
        return found
    return Blob.objects.get_or_create(
        sha256=digest,
        defaults={
            "size_bytes": size,
            "media_type": _kind(_place(digest).read_bytes(), name),
            "stored_as": _stored_as(digest),
            "received_at": at,
        },
    )[0]


def receive_text(
    content: bytes | Readable,
    *,
    name: str,
    at: datetime,
    reading: Reading = "auto",
) -> Text:
    """Store a file that is to be read and compared, and return its row of text.

    The row waits in the worker's queue: the caller nudges `process_text` once its
    transaction has committed. What no extractor takes is kept too, as refused, and
    `refusal` says why. Raises UploadTooLarge.
    """
    blob = receive(content, name=name, at=at)
    try:
        kind, refusal = media_type_of(read_blob(blob), name, reading), ""
    except ExtractionError as error:
        kind, refusal = UNREAD, error.code
    fields: dict[str, Any] = {}
    if refusal:
        fields = {
            "state": Text.State.REFUSED,
            "refusal": refusal,
            "stage": Stage.DONE,
        }
    with transaction.atomic():
        text, created = Text.objects.get_or_create(
            blob=blob, media_type=kind, defaults=fields
        )
        if refusal and not created and text.refusal != refusal:
            # The name is part of the reason: the newest name's reason stands.
            text.refusal = refusal
            text.save(update_fields=["refusal"])
    return text


def open_blob(blob: Blob) -> BinaryIO:
    """Open the stored bytes for reading."""
    return (Path(settings.MEDIA_ROOT) / blob.stored_as).open("rb")


def read_blob(blob: Blob) -> bytes:
    with open_blob(blob) as stored:
        return stored.read()


def _kind(content: bytes, name: str) -> str:
    try:
        return media_type_of(content, name)
    except ExtractionError:
        return UNREAD


def _stored_as(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest[2:4]}/{digest}"


def _place(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / _stored_as(digest)


def _store(content: bytes | Readable) -> tuple[str, int, bool]:
    """Write to a name of our own while hashing, then give it its final name.

    Returns the hash, the size, and whether the bytes were not there before.
    """
    incoming = Path(settings.MEDIA_ROOT) / "blobs" / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as staged:
        path = Path(staged.name)
        try:
            digest, size = _copy(content, staged)
            place = _place(digest)
            is_new = not place.is_file() or place.stat().st_size != size
            if is_new:
                staged.flush()
                os.fsync(staged.fileno())
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, place)
                place.chmod(0o440)
        finally:
            path.unlink(missing_ok=True)
    return digest, size, is_new


def _copy(content: bytes | Readable, target: IO[bytes]) -> tuple[str, int]:
    digest, size, limit = hashlib.sha256(), 0, settings.UPLOAD_MAX_BYTES
    chunks = iter([content]) if isinstance(content, bytes) else _chunks(content)
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise UploadTooLarge(limit)
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _chunks(content: Readable) -> Iterator[bytes]:
    return iter(lambda: content.read(CHUNK), b"")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
