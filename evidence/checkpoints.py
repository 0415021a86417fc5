"""Sealing the ledger: every hour a checkpoint of all streams is signed and kept
outside the database (evidence/witness.py)."""

import fcntl
import logging
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from evidence.canonical import canonical, instant, sha256
from evidence.ledger import LedgerEntry, LedgerHead
from evidence.timestamps import TimestampAuthority
from evidence.witness import GENESIS, NAME, WIDTH, Checkpoint, Sealed, Witness, read

logger = logging.getLogger(__name__)
TOGETHER = 500  # streams in one query


class LedgerBroken(Exception):
    """The ledger is not what was sealed before: nothing new is sealed over it."""


def signing_key() -> Ed25519PrivateKey:
    seed = bytes.fromhex(settings.LEDGER_KEY)
    return Ed25519PrivateKey.from_private_bytes(seed)


def verifying_key() -> Ed25519PublicKey:
    return signing_key().public_key()


def fingerprint(key: Ed25519PublicKey | None = None) -> str:
    """Name a public key: the SHA-256 of its 32 bytes."""
    chosen = key or verifying_key()
    raw = serialization.PublicFormat.Raw
    return sha256(chosen.public_bytes(serialization.Encoding.Raw, raw))


def witnessed() -> Witness:
    """Return all that was sealed so far. Raises BrokenWitness."""
    return read(settings.LEDGER_WITNESS, verifying_key())


def seal_when_due(*, at: datetime) -> Checkpoint | None:
    """Seal when the last time is as long ago as LEDGER_SEAL_EVERY says; None when it
    is not, or nothing is new."""
    last = _last()
    if last:
        _stamp(last)
    if last and datetime.fromisoformat(last.at) > at - settings.LEDGER_SEAL_EVERY:
        return None
    return seal(at=at)


def _last() -> Checkpoint | None:
    """The last checkpoint of a file that holds. It is read whole again whenever it
    has changed, not each time that somebody comes round."""
    path: Path = settings.LEDGER_WITNESS / NAME
    if not path.exists():
        return None
    told = path.stat()
    return _last_of(path, told.st_ino, told.st_size, told.st_mtime_ns)


@lru_cache(maxsize=1)
def _last_of(path: Path, *state: int) -> Checkpoint | None:
    return read(path.parent, verifying_key()).last


def seal(*, at: datetime) -> Checkpoint | None:
    """Write the next checkpoint; None when no stream has grown since the last.

    Raises LedgerBroken when a stream is not what it was, BrokenWitness when the file
    is not. Two callers at once write one after the other.
    """
    folder: Path = settings.LEDGER_WITNESS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(folder / NAME) as file:
        before = witnessed()
        grown = list(_grown(before))
        if not grown:
            return None
        for each in grown:
            sealed = before.streams.setdefault(each["stream"], Sealed())
            sealed.length, sealed.head = each["length"], each["head"]
        line = _signed(before, grown, at)
        os.write(file, line + b"\n")
        os.fsync(file)
    last = witnessed().last
    if last:
        _stamp(last)
    return last


def put_aside(*, at: datetime) -> None:
    """Keep the checkpoints of a database that is thrown away under another name."""
    path: Path = settings.LEDGER_WITNESS / NAME
    if path.exists():
        path.rename(path.with_suffix(f".{at:%Y%m%d%H%M%S}.jsonl"))


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open to append, alone; what a writer that died has left of a line is cut off."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = path.read_bytes()
        os.ftruncate(file, content.rfind(b"\n") + 1)
        yield file
    finally:
        os.close(file)


def _grown(before: Witness) -> Iterator[dict[str, Any]]:
    heads = LedgerHead.objects.order_by("stream")
    left = dict(before.streams)
    fresh: list[tuple[str, int, str]] = []
    rows = heads.values_list("stream", "length", "hash")
    for stream, length, digest in rows.iterator(chunk_size=2_000):
        sealed = left.pop(stream, None)
        if sealed is None:
            fresh.append((stream, length, digest))
        elif (length, digest) != (sealed.length, sealed.head):
            yield _of(stream, length, digest, _later(stream, sealed, length))
    if left:
        raise LedgerBroken(f"{min(left)} is gone")
    for place in range(0, len(fresh), TOGETHER):
        yield from _of_new(fresh[place : place + TOGETHER])


def _later(stream: str, sealed: Sealed, length: int) -> list[str]:
    """Return the hashes after the last one sealed, from which they must follow."""
    if length <= sealed.length:
        raise LedgerBroken(f"{stream} does not end where it ended")
    rows = LedgerEntry.objects.filter(stream=stream, seq__lte=length)
    found = list(_hashes(rows.filter(seq__gte=sealed.length)))
    if found.pop(0) != sealed.head:
        raise LedgerBroken(f"{stream} was rewritten")
    return found


def _of_new(heads: list[tuple[str, int, str]]) -> Iterator[dict[str, Any]]:
    """Streams of which nothing was sealed yet, many in one query."""
    rows = LedgerEntry.objects.filter(stream__in=[stream for stream, *_ in heads])
    hashes: dict[str, list[str]] = defaultdict(list)
    for stream, digest in rows.order_by("stream", "seq").values_list("stream", "hash"):
        hashes[stream].append(digest)
    for stream, length, digest in heads:
        if length:
            yield _of(stream, length, digest, hashes[stream][:length])


def _hashes(rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry, str]:
    return rows.order_by("seq").values_list("hash", flat=True)


def _of(stream: str, length: int, head: str, hashes: list[str]) -> dict[str, Any]:
    if hashes[-1:] != [head]:
        raise LedgerBroken(f"{stream} does not end at its head")
    kept = "".join(digest[:WIDTH] for digest in hashes)
    return {"stream": stream, "length": length, "head": head, "hashes": kept}


def _signed(after: Witness, grown: list[dict[str, Any]], at: datetime) -> bytes:
    number = after.last.number + 1 if after.last else 1
    fields: dict[str, Any] = {
        "version": 1,
        "number": number,
        "at": instant(at),
        "entries": sum(sealed.length for sealed in after.streams.values()),
        "streams": len(after.streams),
        "root": after.root(),
        "grown": grown,
        "prev": after.last.digest if after.last else GENESIS,
        "key": fingerprint(),
    }
    signature = signing_key().sign(canonical(fields)).hex()
    return canonical(fields | {"signature": signature})


def _stamp(checkpoint: Checkpoint) -> None:
    """Have a checkpoint stamped where an authority is configured (RFC 3161). It stands
    without the stamp, which is asked for again while it is the last one."""
    token = settings.LEDGER_WITNESS / f"checkpoint-{checkpoint.number:06d}.tsr"
    if not settings.TIMESTAMP_AUTHORITY or token.exists():
        return
    authority: TimestampAuthority = import_string(settings.TIMESTAMP_AUTHORITY)()
    try:
        token.write_bytes(authority.stamp(bytes.fromhex(checkpoint.digest)))
    except OSError as error:
        logger.warning("checkpoint %s has no stamp yet: %s", checkpoint.number, error)
