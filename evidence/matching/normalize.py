"""Reduce a text to the characters that count, remembering where each one stood."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from evidence.matching.characters import BLOCK, DROPPED, Codes, folded_block

_ZERO = ord("0")
# All of Unicode; the system gives the memory block by block, as blocks are first met.
_TABLE = np.zeros(0x110000, np.uint32)


@dataclass(slots=True, eq=False)
class NormalizedText:
    """codes: uint32[n] folded code points; raw: int32[n] their offsets in the text."""

    codes: Codes
    raw: npt.NDArray[np.int32]
    _string: str | None = field(default=None, init=False, repr=False)

    @property
    def size(self) -> int:
        return int(self.codes.size)

    def string(self) -> str:
        """Return the folded characters as a string of length n."""
        if self._string is None:
            self._string = self.codes.tobytes().decode("utf-32-le")
        return self._string

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open raw range of the normalised characters start…end."""
        return int(self.raw[start]), int(self.raw[end - 1]) + 1


def normalize(text: str) -> NormalizedText:
    """Fold a text for comparison; the empty text gives an empty one.

    Kept are letters and numbers: compatibility forms decomposed, lower case, without
    accents, look-alikes as what they look like, traditional forms as simplified ones.
    A run of digits is one 0, so that years and numbering do not tell copies apart.
    """
    points = _points(text)
    if not points.size:
        return NormalizedText(np.empty(0, np.uint32), np.empty(0, np.int32))
    folded = _TABLE.take(points)
    if not folded.min():
        _work_out(points[folded == 0])
        folded = _TABLE.take(points)
    raw = (folded != DROPPED).nonzero()[0]
    codes = folded.take(raw)  # several times faster than by the mask
    digits = codes == _ZERO
    repeated = digits[1:] & digits[:-1]
    if repeated.any():
        first = np.ones(codes.size, np.bool_)
        np.logical_not(repeated, out=first[1:])
        kept = first.nonzero()[0]
        codes, raw = codes.take(kept), raw.take(kept)
    return NormalizedText(codes, raw.astype(np.int32))


def _points(text: str) -> npt.NDArray[np.unsignedinteger]:
    """Return the code points of a text: two bytes each do for nearly every one."""
    narrow = text.encode("utf-16-le", "surrogatepass")
    if len(narrow) == 2 * len(text):
        return np.frombuffer(narrow, np.uint16)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _work_out(points: npt.NDArray[np.unsignedinteger]) -> None:
    for block in np.unique(points // BLOCK).tolist():
        _TABLE[block * BLOCK : (block + 1) * BLOCK] = folded_block(block)
