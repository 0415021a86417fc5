"""Section 15: how far the ledger of the case is sealed outside the database, and how
anybody can check it without us."""

import json
from typing import Any

from evidence import merkle
from evidence.canonical import canonical
from evidence.checkpoints import fingerprint, witnessed
from evidence.witness import BrokenWitness, Witness, leaf


def witness_or_none() -> Witness | None:
    """None when the file of checkpoints itself does not hold."""
    try:
        return witnessed()
    except BrokenWitness:
        return None


def seal_told(stream: str, witness: Witness | None) -> dict[str, Any] | None:
    """Return the newest checkpoint with the path from this stream to its root.

    leaf: the canonical JSON of [stream, length, head]; path: the hashes beside the
    way up (RFC 6962). None while nothing of the stream is sealed.
    """
    if witness is None or witness.last is None or stream not in witness.streams:
        return None
    names, leaves = witness.leaves()
    place, last = names.index(stream), witness.last
    sealed = witness.streams[stream]
    return {
        "checkpoint": last.number,
        "at": last.at,
        "root": last.root,
        "entries": last.entries,
        "streams": last.streams,
        "length": sealed.length,
        "head": sealed.head,
        "leaf": leaf(stream, sealed).decode(),
        "index": place,
        "path": [beside.hex() for beside in merkle.path(leaves, place)],
        "key_sha256": fingerprint(),
    }


def seal_holds(seal: dict[str, Any]) -> bool:
    """Whether a section as printed leads from its leaf to its root."""
    told = canonical([_stream_of(seal["leaf"]), seal["length"], seal["head"]]).decode()
    beside = [bytes.fromhex(each) for each in seal["path"]]
    root = bytes.fromhex(seal["root"])
    place, size = seal["index"], seal["streams"]
    is_there = merkle.leads_to(seal["leaf"].encode(), place, size, beside, root)
    return told == seal["leaf"] and is_there


def _stream_of(text: str) -> str:
    stream: str = json.loads(text)[0]
    return stream
