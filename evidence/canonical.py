"""The one way in which facts become bytes before they are hashed.

Version 1, fixed by tests/evidence/golden/ledger.jsonl: UTF-8, keys sorted by code
point, no spaces, integers only, instants in UTC with six digits of microseconds.
"""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any

VERSION = 1


def instant(at: datetime) -> str:
    """Return 2026-11-22T08:00:00.000000Z; ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of `value`.

    Raises ValueError for what has more than one spelling or none: floats, naive
    times, lone surrogates, NUL, and keys that are not strings.
    """
    text = json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return text.encode("utf-8")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def new_salt() -> str:
    return secrets.token_hex(16)


def salted(text: str, salt: str) -> str:
    """Return the digest that stands in the ledger for a text kept elsewhere.

    Once text and salt are erased nobody can find the text by trying.
    """
    return hmac.new(bytes.fromhex(salt), text.encode(), hashlib.sha256).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return _text(str(value))
        case datetime():
            return instant(value)
        case dict():
            return {_key(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise ValueError(f"{type(value).__name__} has no canonical form")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise ValueError("keys are strings")
    return _text(str(key))


def _text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("NUL cannot be stored by every database")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("a lone surrogate is no text") from error
    return text
