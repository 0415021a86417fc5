"""Bytes come in: stored once under their SHA-256, durable before their row exists.

While they come, `blobs/incoming` holds the bytes under a name of our own, and from
the moment their hash is known a mark `HASH.xxxx` until the row is committed. What a
killed process left there was never acknowledged: `clear_incoming` puts it away.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from django.conf import settings
from django.db import transaction

from evidence.actors import SYSTEM, Actor
from evidence.allowances import spend
from evidence.extractors import Extract, ExtractionError
from evidence.models import Blob, Text
from evidence.progress import Stage
from evidence.reading import UNREAD, Reading, media_type_of, read_file

CHUNK = 1 << 20
ABANDONED = timedelta(hours=1)
"""No upload is on its way for so long: whoever brought it is gone."""


class Readable(Protocol):
    """An open file, an uploaded one included."""

    def read(self, size: int = -1, /) -> bytes: ...


class UploadTooLarge(Exception):
    """More bytes than settings.UPLOAD_MAX_BYTES, which is `limit`."""

    code = "upload_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes in their place; is_new: they were not there before."""

    sha256: str
    size_bytes: int
    is_new: bool
    mark: Path

    @property
    def place(self) -> Path:
        return _place(self.sha256)


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
        return _row(kept, media_type_of(kept.place, name), at)
    except ExtractionError as refusal:
        return _row(kept, UNREAD, at, infected=refusal.code == "malware")


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
        return _waiting(kept, media_type_of(kept.place, name, reading), at)
    except ExtractionError as refusal:
        return _refused(kept, refusal.code, at)


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
            "stored_as": _stored_as(kept.sha256),
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


def _stored_as(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest[2:4]}/{digest}"


def _place(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / _stored_as(digest)


def blobs_folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "blobs"


def is_arriving(digest: str) -> bool:
    """Whether somebody is bringing these bytes and has not committed the row."""
    return any(_incoming().glob(f"{digest}.*"))


def clear_incoming(*, at: datetime) -> int:
    """Put away what nobody will bring to its end; return how many files there were.

    A file that stands in its place without a row goes only when a mark shows that it
    came with an upload that broke off: any other one is for `sweep_evidence` to tell.
    """
    cleared, oldest = 0, (at - ABANDONED).timestamp()
    for path in list(_incoming().iterdir()) if _incoming().is_dir() else []:
        with _alone(), suppress(FileNotFoundError):
            if path.stat().st_mtime > oldest:
                continue
            digest, _, is_mark = path.name.partition(".")
            path.unlink()
            cleared += 1
            if is_mark and not _is_wanted(digest):
                _place(digest).unlink(missing_ok=True)
    return cleared


def _is_wanted(digest: str) -> bool:
    return is_arriving(digest) or Blob.objects.filter(sha256=digest).exists()


def _incoming() -> Path:
    return blobs_folder() / "incoming"


@contextmanager
def _alone(*, operation: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Keep marks from being set while one looks whether there are any."""
    folder = os.open(_incoming(), os.O_RDONLY)
    try:
        fcntl.flock(folder, operation)
        yield
    finally:
        os.close(folder)


def _store(content: bytes | Readable, by: Actor, at: datetime) -> Kept:
    """Write to a name of our own while hashing, then give it its final name."""
    incoming = _incoming()
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as staged:
        path = Path(staged.name)
        try:
            digest, size = _copy(content, staged)
            spend(by, size, at=at)
            mark = incoming / f"{digest}.{path.name}"
            with _alone(operation=fcntl.LOCK_SH):
                mark.touch()
            try:
                is_new = _put(path, staged, _place(digest), size)
            except OSError:
                mark.unlink(missing_ok=True)
                raise
        finally:
            path.unlink(missing_ok=True)
    return Kept(digest, size, is_new, mark)


def _put(path: Path, staged: IO[bytes], place: Path, size: int) -> bool:
    """Move the staged file to its place; False when the bytes are there already."""
    if place.is_file() and place.stat().st_size == size:
        return False
    staged.flush()
    os.fsync(staged.fileno())
    place.parent.mkdir(parents=True, exist_ok=True)
    path.chmod(0o440)
    os.replace(path, place)
    return True


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
