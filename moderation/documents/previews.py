"""The opening of a document, cut where its own segments or pages begin."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from evidence.models import Text

SHOWN = 6_000
"""Characters of a text that its page shows to everybody."""

Part = tuple[str, str, str]
"""Where it stands, what it says, and the query that reports this very part."""


def parts_of(text: Text, opening: str) -> list[Part]:
    """Return each part of the opening.

    Segments of a listing's preview are called segments: they are not pages.
    """
    if text.segment_starts:
        segment = _("预览第 %(number)d 段")
        return list(_cut(opening, text.segment_starts, segment, "segment"))
    if text.page_starts:
        return list(_cut(opening, text.page_starts, _("第 %(number)d 页"), "page"))
    return [("", opening.strip(), "")] if opening.strip() else []


def _cut(
    opening: str, starts: Sequence[int], locator: str, unit: str
) -> Iterator[Part]:
    bounds = [*(start for start in starts if start < len(opening)), len(opening)]
    for number, (start, end) in enumerate(pairwise(bounds), start=1):
        if part := opening[start:end].strip():
            yield locator % {"number": number}, part, f"{unit}={number}"
