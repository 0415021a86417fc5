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
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import OuterRef, Subquery
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


class End(NamedTuple):
    """Where a stream ends: how many entries it has, and the hash of the last."""

    length: int
    hash: str


@dataclass(frozen=True, slots=True)
class Act:
    """What is about to be written: `payload` holds only ids, codes and digests."""

    stream: str
    kind: str
    payload: dict[str, Any]


def append(act: Act, *, by: Actor, role: str, at: datetime) -> LedgerEntry:
    return append_all([act], by=by, roles=[role], at=at)[0]


def append_all(
    acts: Sequence[Act],
    *,
    by: Actor,
    roles: Sequence[str],
    at: datetime,
    seen: End | None = None,
) -> list[LedgerEntry]:
    """Chain the acts to their streams, in order, and return their entries.

    Runs inside the caller's transaction, which it keeps: the heads of all streams
    are locked in the order of their names until it ends. `seen`: the end of the one
    stream as it was read without its lock (`end_of`). Moving the head away from
    there locks it; from anywhere else it is not moved but read again. ValueError when
    the acts are of several streams.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry stands or falls with what it records")
    streams = {act.stream for act in acts}
    roled = list(zip(acts, roles, strict=True))
    if seen:
        [stream] = streams
        entries = _chained({stream: seen}, roled, by, at)
        if _move(entries):
            insert(entries)
            return entries
    entries = _chained(_locked_ends(streams), roled, by, at)
    _move(entries)
    insert(entries)
    return entries


# Asked at each step: written once.
_HEADS = Rows(
    lambda streams: (
        LedgerHead.objects.select_for_update()
        .filter(stream__in=streams)
        .order_by("stream")
        .values_list("stream", "length", "hash")
    )
)
_MOVE = Change(
    lambda stream, prev, length, digest: (
        LedgerHead.objects.filter(stream=stream, hash=prev),
        {"length": length, "hash": digest},
    )
)


def end_of(stream: str) -> dict[str, Subquery]:
    """Return annotations that `seen_on` reads; `stream`: the field that names it."""
    head = LedgerHead.objects.filter(stream=OuterRef(stream))
    return {
        "ledger_length": Subquery(head.values("length")),
        "ledger_hash": Subquery(head.values("hash")),
    }


def seen_on(row: Any) -> End | None:
    """Return the end of the stream as a row was read with it, if it was."""
    length = getattr(row, "ledger_length", None)
    return None if length is None else End(length, row.ledger_hash)


def _move(entries: Sequence[LedgerEntry]) -> bool:
    """Move each head to its last entry; of one stream only from what the first of
    them seals."""
    last = {entry.stream: entry for entry in entries}
    if len(last) == 1:
        [(stream, entry)] = last.items()
        return _MOVE(stream, entries[0].prev, entry.seq, entry.hash) == 1
    heads = [
        LedgerHead(stream=stream, length=entry.seq, hash=entry.hash)
        for stream, entry in last.items()
    ]
    update_each(heads, ["length", "hash"])
    return True


def _locked_ends(streams: set[str]) -> dict[str, End]:
    ends = _read_locked(streams)
    if missing := sorted(streams - ends.keys()):
        LedgerHead.objects.bulk_create(
            [LedgerHead(stream=stream) for stream in missing], ignore_conflicts=True
        )
        ends |= _read_locked(missing)
    return ends


def _read_locked(streams: Iterable[str]) -> dict[str, End]:
    found = _HEADS(list(streams))
    return {stream: End(length, digest) for stream, length, digest in found}


def _chained(
    ends: dict[str, End], roled: Iterable[tuple[Act, str]], by: Actor, at: datetime
) -> list[LedgerEntry]:
    entries = []
    for act, role in roled:
        end = ends[act.stream]
        entry = LedgerEntry(
            stream=act.stream,
            seq=end.length + 1,
            at=at,
            actor=by.label,
            role=role,
            kind=act.kind,
            payload=act.payload,
            prev=end.hash,
        )
        entry.hash = entry.sealed()
        ends[act.stream] = End(entry.seq, entry.hash)
        entries.append(entry)
    return entries


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
