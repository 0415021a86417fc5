"""Whether the stored bytes are still those that the rows name, and no others.

Rows and files are both walked in the order of their SHA-256 and laid side by side, so
that a pass needs no memory and can go on where another one stopped. The snapshots of
a blob are looked at with it.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from evidence.intake import CHUNK
from evidence.models import Blob, Snapshot
from evidence.snapshots import faults_of
from evidence.staging import blobs_folder, is_arriving

DIGEST = re.compile(r"[0-9a-f]{64}")
_ALL_MAY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_A_QUERY = 500
_DAMAGE = {"missing", "size", "altered", "unreadable"}
Row = tuple[str, int]
File = tuple[str, Path]


@dataclass(frozen=True, slots=True)
class Fault:
    """name: the SHA-256 of a blob, with the id of a snapshot of it behind a colon where
    that is what is not right, or the quoted path of a file that is no blob.

    reason: `missing` (the row has no file), `size`, `altered` (other bytes),
    `unreadable`, `writable` (its mode lets it be changed), `orphan` (no row); of a
    snapshot `seal`, `text` and `bytes`, as `faults_of` says.
    """

    name: str
    reason: str


@dataclass(slots=True)
class Swept:
    """What a pass saw. reached: the last SHA-256 looked at, "" when none is left."""

    blobs: int = 0
    size_bytes: int = 0
    faults: list[Fault] = field(default_factory=list)
    reached: str = ""


def sweep(*, after: str = "", at_most: int | None = None) -> Swept:
    """Check every blob behind `after` and its snapshots; stop once `at_most` bytes
    were read."""
    swept = _stored(after, at_most)
    damaged = {fault.name for fault in swept.faults if fault.reason in _DAMAGE}
    swept.faults += _snapshots(after, swept.reached, damaged)
    return swept


def digest_in(name: str) -> str:
    """The blob's SHA-256 in the name of a fault, "" where there is none."""
    digest = name.partition(":")[0]
    return digest if DIGEST.fullmatch(digest) else ""


def _snapshots(after: str, reached: str, damaged: set[str]) -> Iterator[Fault]:
    rows = Snapshot.objects.select_related("blob", "version__text")
    swept = rows.filter(blob__sha256__gt=after)
    if reached:
        swept = swept.filter(blob__sha256__lte=reached)
    # One at a time: a text can be as long as ten novels.
    for key in list(swept.order_by("pk").values_list("pk", flat=True)):
        snapshot = rows.get(pk=key)
        for reason in faults_of(snapshot, damaged=damaged):
            yield Fault(f"{snapshot.blob.sha256}:{key}", reason)


def _stored(after: str, at_most: int | None) -> Swept:
    swept, rows, files = Swept(), _rows(after), _files(after)
    row, file = next(rows, None), next(files, None)
    while row is not None or file is not None:
        digest = min(each[0] for each in (row, file) if each is not None)
        if at_most is not None and swept.size_bytes >= at_most:
            return swept
        size = row[1] if row is not None and row[0] == digest else None
        path = file[1] if file is not None and file[0] == digest else None
        swept.faults += (Fault(*found) for found in _faults(digest, size, path))
        if size is not None:
            swept.blobs += 1
            swept.size_bytes += size
            row = next(rows, None)
        if path is not None:
            file = next(files, None)
        swept.reached = digest
    swept.faults += (Fault(quote(str(path)), "orphan") for path in _strays())
    swept.reached = ""
    return swept


def _faults(digest: str, size: int | None, path: Path | None) -> list[tuple[str, str]]:
    if size is None:
        # It may have come while we looked, or be about to.
        known = is_arriving(digest) or Blob.objects.filter(sha256=digest).exists()
        return [] if known else [(digest, "orphan")]
    if path is None:
        return [(digest, "missing")]
    try:
        found = path.stat()
        if found.st_size != size:
            return [(digest, "size")]
        if _hashed(path) != digest:
            return [(digest, "altered")]
    except OSError:
        return [(digest, "unreadable")]
    return [(digest, "writable")] if found.st_mode & _ALL_MAY_WRITE else []


def _hashed(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as content:
        while part := content.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


def _rows(after: str) -> Iterator[Row]:
    """SHA-256 and size of each blob, a page of rows at a time: no transaction, no
    cursor stays open while files are read."""
    while True:
        rows = Blob.objects.filter(sha256__gt=after).order_by("sha256")
        page = list(rows.values_list("sha256", "size_bytes")[:_A_QUERY])
        yield from page
        if len(page) < _A_QUERY:
            return
        after = page[-1][0]


def _files(after: str) -> Iterator[File]:
    """The files that stand where their name says, in the order of their names."""
    for first in _entries(blobs_folder()):
        if first.name < after[:2] or not first.is_dir(follow_symlinks=False):
            continue
        for second in _entries(first):
            if first.name + second.name < after[:4] or not second.is_dir(
                follow_symlinks=False
            ):
                continue
            for file in _entries(second):
                if file.name > after and _stands_right(file, first, second):
                    yield file.name, Path(file.path)


def _strays() -> Iterator[Path]:
    """Whatever else lies among the blobs. Uploads that come in are at home there."""
    root = blobs_folder()
    for first in _entries(root):
        if first.name == "incoming":
            continue
        if not first.is_dir(follow_symlinks=False):
            yield Path(first.path).relative_to(root)
            continue
        for second in _entries(first):
            if not second.is_dir(follow_symlinks=False):
                yield Path(second.path).relative_to(root)
                continue
            for file in _entries(second):
                if not _stands_right(file, first, second):
                    yield Path(file.path).relative_to(root)


def _stands_right(
    file: "os.DirEntry[str]", first: "os.DirEntry[str]", second: "os.DirEntry[str]"
) -> bool:
    return (
        DIGEST.fullmatch(file.name) is not None
        and file.name.startswith(first.name + second.name)
        and len(first.name) == len(second.name) == 2
        and file.is_file(follow_symlinks=False)
    )


def _entries(folder: "Path | os.DirEntry[str]") -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
