"""Merkle trees as in RFC 6962, section 2.1: a root over many leaves, and paths to it.

Leaves and nodes are hashed apart, so that no node can be shown as a leaf.
"""

import hashlib
from collections.abc import Iterator, Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the 32 bytes of the root; that of no leaves is the hash of nothing."""
    *_below, top = _levels(leaves)
    return top[0] if top else EMPTY


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes beside the way from a leaf to the root, the lowest first."""
    found = []
    for level in _levels(leaves):
        beside = index ^ 1
        if beside < len(level):
            found.append(level[beside])
        index //= 2
    return found


def leads_to(
    leaf: bytes, index: int, size: int, beside: Sequence[bytes], expected: bytes
) -> bool:
    """Whether a leaf at this place of a tree of this size belongs to this root."""
    if not 0 <= index < size:
        return False
    current, left = leaf_hash(leaf), list(beside)
    while size > 1:
        if index % 2 or index + 1 < size:
            if not left:
                return False
            other = left.pop(0)
            current = _node(other, current) if index % 2 else _node(current, other)
        index, size = index // 2, (size + 1) // 2
    return current == expected and not left


def _levels(leaves: Sequence[bytes]) -> Iterator[list[bytes]]:
    """From the leaves to the root; a hash without a neighbour moves up as it is."""
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        yield level
        pairs = [
            _node(level[place], level[place + 1])
            for place in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[len(pairs) * 2 :]
    yield level


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
