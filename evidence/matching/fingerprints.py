"""A small, comparable sample of a text: hashed k-grams, one in p kept."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evidence.matching.characters import Codes
from evidence.matching.normalize import NormalizedText
from evidence.matching.params import Params

Hashes = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int32]

WHOLE = -1  # the position of the hash that stands for the whole text

_BASE = 0x9E3779B97F4A7C15  # odd, so that powers of it never vanish modulo 2^64
_MODULUS = 1 << 64
# 50 bits are stored: with p ≥ 8 that is a number below 2^47, which SQLite keeps in six
# bytes, and three hundred million postings meet by chance once in 200,000 lookups.
_STORED_BITS = 50
_SHIFT = np.uint64(64 - _STORED_BITS)
_COARSEST = 1 << 10  # a whole-text hash outlives any thinning up to this p


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprints:
    """hashes: uint64[m] below 2^50; positions: int32[m] in normalised characters.

    rule: what they were made by; samples of one rule, or of one that differs in the
    sampling alone, can be compared.
    """

    hashes: Hashes
    positions: Positions
    rule: str

    @property
    def size(self) -> int:
        return int(self.hashes.size)


def fingerprints(text: NormalizedText, params: Params) -> Fingerprints:
    """Return the sampled k-gram hashes of a text, and one hash of the whole of it.

    A gram is kept when its hash is below 2^64/p: the text alone decides, so samples of
    different texts agree (Brin, Davis, García-Molina 1995; Broder 1997), and a coarser
    sample is a subset of a finer one. Two texts that share a run of L ≥ k characters
    share about (L − k + 1)/p hashes.

    The whole-text hash has position WHOLE and comes last; identical texts are found by
    it however short they are. A text below `params.short` has only that one, the empty
    text none.
    """
    sampled = text.codes if text.size >= params.short else text.codes[:0]
    hashes, positions = _sample(sampled, params)
    if text.size:
        hashes = np.append(hashes, np.uint64(whole_hash(text)))
        positions = np.append(positions, np.int32(WHOLE))
    return Fingerprints(hashes, positions, params.fingerprint_rule())


def whole_hash(text: NormalizedText) -> int:
    """Return the hash that identical normalised texts share."""
    digest = hashlib.blake2b(text.codes.tobytes(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % ((1 << _STORED_BITS) // _COARSEST)


def grams(codes: Codes, k: int) -> Hashes:
    """Return the polynomial hash of every k-gram: uint64[max(0, n − k + 1)].

    H(a+b)[i] = H(a)[i]·B^b + H(b)[i+a] doubles the width each step, so k costs log k
    passes. High bits are well mixed, low bits are not.
    """
    if codes.size < k:
        return np.empty(0, np.uint64)
    single = codes.astype(np.uint64) * np.uint64(_BASE)
    joined, width = single, 1
    for bit in f"{k:b}"[1:]:
        joined = _joined(joined, joined[width:], width)
        width *= 2
        if bit == "1":
            joined = _joined(joined, single[width:], 1)
            width += 1
    return joined


def _joined(left: Hashes, right: Hashes, width: int) -> Hashes:
    """Return the hashes of grams `width` wider than those of `left`."""
    product = left[: right.size] * np.uint64(pow(_BASE, width, _MODULUS))
    product += right
    return product


def _mixed(hashes: Hashes) -> Hashes:
    """Spread every bit over all others, in place (the finaliser of MurmurHash3)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes ^= hashes >> np.uint64(33)
        hashes *= np.uint64(factor)
    hashes ^= hashes >> np.uint64(33)
    return hashes


def _sample(codes: Codes, params: Params) -> tuple[Hashes, Positions]:
    mixed = _mixed(grams(codes, params.gram))
    positions = np.flatnonzero(mixed < np.uint64(_MODULUS // params.sampling))
    hashes = mixed[positions] >> _SHIFT
    # A refrain would fill the index with one hash: a few of its places are enough.
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    if ordered.size > params.repeats:
        late = order[params.repeats :][
            ordered[params.repeats :] == ordered[: -params.repeats]
        ]
        if late.size:
            hashes, positions = np.delete(hashes, late), np.delete(positions, late)
    return hashes, positions.astype(np.int32)
