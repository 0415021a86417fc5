"""The child's answer: JSON that is believed only as far as its types go.

Whoever took over a reader could answer anything: what does not fit is "malformed".
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from evidence.extractors.extracts import REFUSALS, Extract, ExtractionError, Listing

Answer = dict[str, Any]
T = TypeVar("T")
logger = logging.getLogger(__name__)


def answer_in(line: bytes) -> Answer:
    """Parse the answer. Raises ExtractionError when it is a refusal or is none."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        raise ExtractionError("malformed") from None
    if not isinstance(answer, dict):
        raise ExtractionError("malformed")
    if "failure" in answer:
        logger.error("an extractor failed: %.300r", answer["failure"])
    if "refused" in answer:
        code = str(answer["refused"])
        raise ExtractionError(code if code in REFUSALS else "malformed")
    return answer


def media_type_in(answer: Answer) -> str:
    return _believed(lambda: _text(answer["media_type"]))


def extract_in(answer: Answer) -> Extract:
    return _believed(lambda: _extract(answer["extract"]))


def listing_in(answer: Answer) -> Listing:
    return _believed(lambda: _listing(answer["listing"]))


def table_in(answer: Answer) -> list[list[str]]:
    return _believed(lambda: [[_text(cell) for cell in row] for row in answer["table"]])


def _believed(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError):
        raise ExtractionError("malformed") from None


def _extract(found: Mapping[str, Any]) -> Extract:
    return Extract(
        name=_text(found["name"]),
        version=_text(found["version"]),
        text=_text(found["text"]),
        page_starts=_offsets(found["page_starts"]),
        body_end=_number(found["body_end"]),
        segment_starts=_offsets(found["segment_starts"]),
        pages=_number(found["pages"]),
        flags=tuple(map(_text, found["flags"])),
    )


def _listing(found: Mapping[str, Any]) -> Listing:
    day = found["uploaded_on"]
    named = {
        name: None if found[name] is None else _text(found[name])
        for name in ("number", "title", "seller_mask", "format")
    }
    return Listing(
        **named,
        uploaded_on=None if day is None else date.fromisoformat(day),
        size_bytes=_number(found["size_bytes"]),
        pages=_number(found["pages"]),
        tags=tuple(map(_text, found["tags"])),
        preview=_extract(found["preview"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode("utf-8")  # a lone surrogate is a ValueError
    return value


def _number(value: object) -> int | None:
    if value is not None and type(value) is not int:
        raise TypeError
    return value


def _offsets(value: object) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or any(type(each) is not int for each in value):
        raise TypeError
    return tuple(value)
