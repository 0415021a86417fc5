"""What was once sealed of the ledger, outside the database: the file of checkpoints.

A line is one checkpoint: the Merkle root over the heads of all streams, their number
and that of their entries, the streams that had grown with the hashes of their new
entries, the digest of the line before, and a signature. Lines are only ever added.
Whoever can write the database but not this file can change nothing unseen.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evidence import merkle
from evidence.canonical import canonical, sha256

NAME = "ledger.jsonl"
GENESIS = "0" * 64
# So many characters of each entry's hash are kept: 128 bits.
WIDTH = 32


class BrokenWitness(Exception):
    """The file itself does not hold. number: the first checkpoint that is wrong."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"checkpoint {number}: {reason}")
        self.number, self.reason = number, reason


@dataclass(slots=True)
class Sealed:
    """What a stream was: its last entry and the hashes of all, WIDTH each."""

    length: int = 0
    head: str = GENESIS
    hashes: str = ""

    def at(self, seq: int) -> str:
        """Return what was kept of an entry's hash, "" when it was not there yet."""
        return self.hashes[(seq - 1) * WIDTH : seq * WIDTH]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One sealing. at: ISO 8601 in UTC; root: 64 hexadecimal digits."""

    number: int
    at: str
    entries: int
    streams: int
    root: str
    digest: str


@dataclass(slots=True)
class Witness:
    """All checkpoints, replayed. last is None before the first."""

    streams: dict[str, Sealed] = field(default_factory=dict)
    last: Checkpoint | None = None

    def leaves(self) -> tuple[list[str], list[bytes]]:
        """Return the names of the streams and the leaves of the tree, in one order."""
        names = sorted(self.streams)
        return names, [leaf(name, self.streams[name]) for name in names]

    def root(self) -> str:
        return merkle.root(self.leaves()[1]).hex()


def leaf(stream: str, sealed: Sealed) -> bytes:
    return canonical([stream, sealed.length, sealed.head])


def read(folder: Path, key: Ed25519PublicKey) -> Witness:
    """Replay the file; an empty witness when there is none.

    Raises BrokenWitness naming the first line that was changed, lost or forged.
    """
    witness, previous = Witness(), GENESIS
    for number, line in enumerate(_lines(folder / NAME), start=1):
        fields = _fields(line, number)
        if fields.get("number") != number or fields.get("prev") != previous:
            raise BrokenWitness(number, "it does not follow the line before it")
        if not _is_signed(fields, key):
            raise BrokenWitness(number, "its signature does not hold")
        _grow(witness, fields["grown"])
        previous = sha256(line)
        witness.last = Checkpoint(
            number,
            fields["at"],
            fields["entries"],
            fields["streams"],
            fields["root"],
            previous,
        )
    if witness.last and witness.root() != witness.last.root:
        raise BrokenWitness(witness.last.number, "its root is not that of its streams")
    return witness


def _lines(path: Path) -> Iterator[bytes]:
    """A last line without an end was never acknowledged: the writer died in it."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line[:-1]


def _fields(line: bytes, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            raise ValueError("no object")
    except ValueError as error:
        raise BrokenWitness(number, "it cannot be read") from error
    return fields


def _is_signed(fields: dict[str, Any], key: Ed25519PublicKey) -> bool:
    signature = fields.pop("signature", "")
    try:
        key.verify(bytes.fromhex(signature), canonical(fields))
    except (InvalidSignature, ValueError):
        return False
    return True


def _grow(witness: Witness, grown: list[dict[str, Any]]) -> None:
    for each in grown:
        sealed = witness.streams.setdefault(each["stream"], Sealed())
        sealed.length, sealed.head = each["length"], each["head"]
        sealed.hashes += each["hashes"]
