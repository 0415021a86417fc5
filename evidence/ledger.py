"""The append-only, hash-chained journal of everything that was done.

A stream is a case reference, `document:<number>` or `site`. Each entry seals the one
before it, so a changed, missing, swapped or inserted entry is found and named. The
payload holds ids, codes and salted digests: never a name, a text or a file name, so
that personal data can be erased without breaking the chain.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models.functions import Cast

from evidence.actors import Actor
from evidence.canonical import VERSION
from evidence.chain import PAYLOAD, SEALED, Verification, check, seal_of
from evidence.compiled import Change, Rows
from evidence.witness import GENESIS, Witness
from evidence.writing import insert, update_each

SITE = "site"


class LedgerEntry(models.Model):
    """One act. Triggers refuse UPDATE and DELETE on both databases."""

    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    role = models.CharField(max_length=16)
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    payload_version = models.PositiveSmallIntegerField(default=VERSION)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "seq"], name="ledger_entry_stream_seq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"

    def sealed(self) -> str:
        """Return the hash that this entry's fields and its predecessor's give."""
        return seal_of(*(getattr(self, name) for name in SEALED))


class LedgerHead(models.Model):
    """The last entry of a stream: the lock that keeps its chain from forking, and
    the count that gives a cut-off tail away."""

    stream = models.CharField(max_length=80, primary_key=True)
    length = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"{self.stream}: {self.length}"


@dataclass(frozen=True, slots=True)
class Act:
    """What is about to be written: `payload` holds only ids, codes and digests."""

    stream: str
    kind: str
    payload: dict[str, Any]


def append(act: Act, *, by: Actor, role: str, at: datetime) -> LedgerEntry:
    return append_all([act], by=by, roles=[role], at=at)[0]


def append_all(
    acts: Sequence[Act], *, by: Actor, roles: Sequence[str], at: datetime
) -> list[LedgerEntry]:
    """Chain the acts to their streams, in order, and return their entries.

    Runs inside the caller's transaction, which it keeps: the heads of all streams
    are locked in the order of their names until it ends.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry stands or falls with what it records")
    heads = _locked_heads({act.stream for act in acts})
    entries = [
        _chained(heads[act.stream], act, by, role, at)
        for act, role in zip(acts, roles, strict=True)
    ]
    insert(entries)
    _move(list(heads.values()))
    return entries


def _move(heads: list[LedgerHead]) -> None:
    if len(heads) == 1:
        _MOVE(heads[0].stream, heads[0].length, heads[0].hash)
    else:
        update_each(heads, ["length", "hash"])


# Asked at each step: written once.
_HEADS = Rows(
    lambda streams: (
        LedgerHead.objects.select_for_update()
        .filter(stream__in=streams)
        .order_by("stream")
    )
)
_MOVE = Change(
    lambda stream, length, digest: (
        LedgerHead.objects.filter(stream=stream),
        {"length": length, "hash": digest},
    )
)


def _locked_heads(streams: set[str]) -> dict[str, LedgerHead]:
    heads = {row.stream: row for row in _HEADS(list(streams))}
    if missing := sorted(streams - heads.keys()):
        LedgerHead.objects.bulk_create(
            [LedgerHead(stream=stream) for stream in missing], ignore_conflicts=True
        )
        heads |= {row.stream: row for row in _HEADS(missing)}
    return heads


def _chained(
    head: LedgerHead, act: Act, by: Actor, role: str, at: datetime
) -> LedgerEntry:
    entry = LedgerEntry(
        stream=act.stream,
        seq=head.length + 1,
        at=at,
        actor=by.label,
        role=role,
        kind=act.kind,
        payload=act.payload,
        prev=head.hash,
    )
    entry.hash = entry.sealed()
    head.length, head.hash = entry.seq, entry.hash
    return entry


def verify(
    stream: str | None = None, *, witness: Witness | None = None
) -> Verification:
    """Recompute every chain, or one, and compare it with its head and the witness."""
    rows = LedgerEntry.objects.order_by("stream", "seq")
    heads = LedgerHead.objects.all()
    sealed = witness.streams if witness else {}
    if stream is not None:
        rows, heads = rows.filter(stream=stream), heads.filter(stream=stream)
        sealed = {name: was for name, was in sealed.items() if name == stream}
    ends = {name: (length, digest) for name, length, digest in heads.values_list()}
    return check(_rows(rows), ends, sealed)


def _rows(entries: models.QuerySet[LedgerEntry]) -> Iterator[tuple[Any, ...]]:
    """What `check` takes. SQLite keeps a payload as it was spelt."""
    is_spelt = connection.vendor == "sqlite"
    spelt = entries.annotate(spelt=Cast("payload", models.TextField()))
    names = ["spelt" if is_spelt and name == "payload" else name for name in SEALED]
    rows = spelt.values_list(*names, "hash", "pk").iterator(chunk_size=5_000)
    if not is_spelt:
        yield from rows
        return
    for row in rows:
        yield (*row[:PAYLOAD], _read(row[PAYLOAD]), *row[PAYLOAD + 1 :])


def _read(spelt: str) -> Any:
    """Return what a payload says, or bytes, which have no canonical form, where it
    does not stand as we write it: of two equal keys SQL would read the first and
    Python the last."""
    try:
        payload = json.loads(spelt)
    except ValueError:
        return spelt.encode()
    return payload if json.dumps(payload) == spelt else spelt.encode()


def entries_of(streams: Iterable[str]) -> models.QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(stream__in=list(streams)).order_by("id")
