"""On which page or preview segment an offset of a raw text stands."""

from bisect import bisect_right
from collections.abc import Sequence


def page_of(starts: Sequence[int] | None, offset: int) -> int | None:
    """Return the number, from 1, of the page that holds an offset.

    starts: the offset of each page's first character, ascending. Of empty pages that
    start together the last one holds what follows. None when pages are unknown or the
    offset lies before the first. A passage stands where its first character does.
    """
    if starts is None:
        return None
    return bisect_right(starts, offset) or None
