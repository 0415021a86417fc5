"""The numbered segments of a preview: the site's own cuts, not the author's lists."""

import re
from typing import NamedTuple

_NUMBERED = re.compile(
    r"(^[ \t\u3000\xa0]*\n)?^[ \t\u3000\xa0•·]*(\d{1,3})、", re.MULTILINE
)
EVEN = 0.05
"""Sites cut by count: full segments differ in length by less than this share."""


class Marker(NamedTuple):
    """A line that begins with a number; its text begins at `end`."""

    number: int
    start: int
    end: int
    apart: bool
    """Whether a blank line stands before it."""


def split(preview: str) -> list[str]:
    """Cut a preview at the site's own numbers; [preview] alone when there are none.

    The site counts 1, 2, 3 … at line starts, beginning with the first character.
    The document's own 1、2、3、 may stand at line starts too. Two facts tell them
    apart: all segments but the last are equally long, and where that does not help,
    a list inside a segment ends before the site's next number comes.
    """
    markers = [
        Marker(int(found[2]), found.start(), found.end(), bool(found[1]))
        for found in _NUMBERED.finditer(preview)
    ]
    if not markers or markers[0].number != 1 or preview[: markers[0].start].strip():
        return [preview]
    chain = _even_chain(markers) or _counted_chain(markers)
    ends = [marker.start for marker in chain[1:]] + [len(preview)]
    return [preview[marker.end : end] for marker, end in zip(chain, ends, strict=True)]


def _even_chain(markers: list[Marker]) -> list[Marker]:
    """The chain of equally long segments that reaches furthest; [] without two."""
    chains = [_evenly(markers, second) for second in markers[1:] if second.number == 2]
    even = [chain for chain in chains if len(chain) > 2]
    return max(even, key=lambda chain: chain[-1].start, default=[])


def _evenly(markers: list[Marker], second: Marker) -> list[Marker]:
    chain = [markers[0], second]
    length = second.end - chain[0].end
    while True:
        due = chain[-1].end + length
        following = [m for m in markers if m.number == len(chain) + 1]
        nearest = min(following, key=lambda m: abs(m.end - due), default=None)
        if nearest is None or abs(nearest.end - due) > EVEN * length:
            return chain
        chain.append(nearest)


def _counted_chain(markers: list[Marker]) -> list[Marker]:
    """The chain 1, 2, 3 … in which each number but the first comes as late as it can.

    Sites that set a blank line between segments are taken at their word.
    """
    apart = [m for m in markers if m.apart]
    if len(apart) > 1:
        markers = [markers[0], *(m for m in apart if m is not markers[0])]
    highest = 1
    for marker in markers[1:]:
        highest += marker.number == highest + 1
    chain: list[Marker] = []
    for marker in reversed(markers[1:]):
        if marker.number == highest - len(chain) and marker.number > 1:
            chain.append(marker)
    return [markers[0], *reversed(chain)]
