"""The chains of the ledger, and what is wrong with them. Pure: rows in, breaks out.

The chain shows an entry that was changed, removed, moved or put in between; the head
of its stream a tail that was cut off or added; the witness (evidence/witness.py) what
was rewritten with all its hashes, cut off together with its head, or lost whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from evidence.canonical import canonical, instant, sha256
from evidence.witness import GENESIS, WIDTH, Sealed

# The columns that an entry's hash is taken over.
SEALED = (
    *("stream", "seq", "at", "actor", "role", "kind"),
    *("payload", "payload_version", "prev"),
)


def seal_of(
    stream: str,
    seq: int,
    at: datetime,
    actor: str,
    role: str,
    kind: str,
    payload: Any,
    payload_version: int,
    prev: str,
) -> str:
    """Return the hash of an entry with these fields. ValueError: no canonical form."""
    return sha256(
        canonical(
            {
                "stream": stream,
                "seq": seq,
                "at": instant(at),
                "actor": actor,
                "role": role,
                "kind": kind,
                "payload": payload,
                "payload_version": payload_version,
                "prev": prev,
            }
        )
    )


# What a row holds: the columns sealed, the hash, and its number in the table.
Row = tuple[Any, ...]
STREAM, SEQ, PAYLOAD, PREV, HASH, NUMBER = 0, 1, 6, 8, 9, 10


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a stream that does not hold, and why. An entry that is
    missing is named by the number that it had."""

    stream: str
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    streams: int
    breaks: tuple[Break, ...]


def check(
    rows: Iterable[Row],
    heads: Mapping[str, tuple[int, str]],
    sealed: Mapping[str, Sealed],
) -> Verification:
    """Recompute every chain and hold it against its head and what was sealed.

    rows come by stream and number. heads: stream → length and last hash. One `Break`
    a stream, the first that does not hold; streams in order of name.
    """
    count, broken, seen = 0, list[Break](), set[str]()
    for name, chain in groupby(rows, key=itemgetter(STREAM)):
        walked, found = _walk(name, chain, heads.get(name), sealed.get(name))
        count, broken = count + walked, broken + found
        seen.add(name)
    for name in (heads.keys() | sealed.keys()) - seen:
        _none, found = _walk(name, [], heads.get(name), sealed.get(name))
        broken += found
    return Verification(count, len(heads), tuple(sorted(broken, key=_place)))


def _place(found: Break) -> tuple[str, int]:
    return found.stream, found.seq


def _walk(
    stream: str,
    chain: Iterable[Row],
    head: tuple[int, str] | None,
    sealed: Sealed | None,
) -> tuple[int, list[Break]]:
    """Return how many entries a stream has, and its first break if there is one."""
    count, reached, last, number = 0, 0, GENESIS, 0
    found: tuple[int, str] | None = None
    for row in chain:
        count += 1
        if found is None:
            found = _fault(row, reached, last, sealed)
            if found is None and row[NUMBER] < number:
                found = row[SEQ], "its row stands before that of an earlier entry"
            reached, last, number = row[SEQ], row[HASH], row[NUMBER]
    found = found or _end(reached, last, head, sealed)
    return count, [Break(stream, *found)] if found else []


def _fault(
    row: Row, reached: int, last: str, sealed: Sealed | None
) -> tuple[int, str] | None:
    seq, digest = row[SEQ], row[HASH]
    if seq <= reached:
        return seq, "it stands where no entry can stand"
    if seq != reached + 1:
        return reached + 1, "it is missing"
    if sealed and (kept := sealed.at(seq)) and kept != digest[:WIDTH]:
        return seq, "it is not the entry that was sealed"
    if row[PREV] != last:
        return seq, "it does not follow the entry before it"
    try:
        holds = seal_of(*row[:HASH]) == digest
    except ValueError:
        return seq, "its payload has no canonical form"
    return None if holds else (seq, "its hash does not match its content")


def _end(
    reached: int, last: str, head: tuple[int, str] | None, sealed: Sealed | None
) -> tuple[int, str] | None:
    """What is wrong beyond the last entry, or with the head."""
    if sealed and reached < sealed.length:
        if not reached:
            return 1, "the whole stream is missing"
        return reached + 1, "it was sealed and is missing"
    if head is None:
        return 1, "the stream has no head"
    length, digest = head
    if reached < length:
        return reached + 1, "it is missing: the stream does not end at its head"
    if reached > length:
        return length + 1, "it stands beyond the head of its stream"
    return None if last == digest else (reached, "the head names another entry")
