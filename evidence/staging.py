"""Bytes on their way in: written once, into the store's own folder, and hashed.

`blobs/incoming` holds them under a name of our own, and from the moment that they
go to their place a mark `HASH.xxxx` until the row is committed. What a killed process
left there was never acknowledged: `clear_incoming` puts it away.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from evidence.extractors.formats import LARGEST, NAMES
from evidence.models import Blob
from evidence.reading import shown_name

ABANDONED = timedelta(hours=1)
"""No upload is on its way for so long: whoever brought it is gone."""
_NAMELESS = {"", ".", ".."}


class UploadTooLarge(Exception):
    """More bytes than a file may have, which is `limit`."""

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


class Staged:
    """A file that comes in. limit: the most bytes that it may have."""

    def __init__(self, *, limit: int) -> None:
        _incoming().mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=_incoming())
        self.path, self.size = Path(name), 0
        # Without a buffer: a full disk is told at once, and never again at closing.
        self.file: IO[bytes] = os.fdopen(descriptor, "w+b", buffering=0)
        self._limit, self._digest = limit, hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of what has been written."""
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Raises UploadTooLarge before it writes a byte beyond the limit."""
        if self.size + len(chunk) > self._limit:
            raise UploadTooLarge(self._limit)
        self._digest.update(chunk)
        left = memoryview(chunk)
        while left:
            left = left[self.file.write(left) :]
        self.size += len(chunk)

    def put(self) -> Kept:
        """Bring the bytes to their place, on the disk for good; again changes nothing.

        The caller removes the mark once a row names them.
        """
        digest = self.sha256
        mark = _incoming() / f"{digest}.{self.path.name}"
        with _alone(operation=fcntl.LOCK_SH):
            mark.touch()
        try:
            is_new = self._move(_place(digest))
        except OSError:
            mark.unlink(missing_ok=True)
            raise
        return Kept(digest, self.size, is_new, mark)

    def discard(self) -> None:
        """Put away what did not go to its place."""
        self.file.close()
        self.path.unlink(missing_ok=True)

    def _move(self, place: Path) -> bool:
        """Return False when the bytes are there already, whole: else these replace
        them, which is how what was damaged on the disk is mended."""
        if place.is_file() and place.stat().st_size == self.size:
            with place.open("rb") as kept:
                if hashlib.file_digest(kept, "sha256").hexdigest() == place.name:
                    return False
        os.fsync(self.file.fileno())
        place.parent.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o440)
        os.replace(self.path, place)
        return True


class StagedUpload(UploadedFile[bytes]):
    """A file as forms see it: its bytes lie in the store's folder already.

    name: as it may be shown; sent_name: as it was sent, byte for byte.
    """

    def __init__(
        self, staged: Staged, *, name: str, sent_name: bytes, content_type: str = ""
    ) -> None:
        staged.file.seek(0)
        shown = shown_name(name)
        shown = "file" if shown in _NAMELESS else shown
        super().__init__(staged.file, shown, content_type, staged.size)
        self.staged, self.sent_name = staged, sent_name

    def close(self) -> None:
        """At the end of the request: what nobody has received goes."""
        self.staged.discard()


def largest(name: str) -> int:
    """Return how many bytes a file of this name may have, before anything is read."""
    kinds = NAMES.get(Path(name.strip()).suffix.lower(), set())
    of_its_kind = max((LARGEST[kind] for kind in kinds), default=0)
    limit: int = settings.UPLOAD_MAX_BYTES
    return min(limit, of_its_kind or limit)


def staged_copy(chunks: Iterable[bytes], *, limit: int) -> Staged:
    """Take bytes in as they come; what breaks off is put away. Raises UploadTooLarge
    beyond the limit."""
    staged = Staged(limit=limit)
    try:
        for chunk in chunks:
            staged.write(chunk)
    except BaseException:
        staged.discard()
        raise
    return staged


def stored_as(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest[2:4]}/{digest}"


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


def _place(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / stored_as(digest)


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
