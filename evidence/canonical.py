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


# Made once: the ledger is verified entry by entry, a million at a time.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_NUL = "\\u0000"  # as JSON writes it


def instant(at: datetime) -> str:
    """Return 2026-11-22T08:00:00.000000Z; ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of `value`.

    Raises ValueError for what has more than one spelling or none: floats, naive
    times, lone surrogates, NUL, and keys that are not strings.
    """
    plain = _plain(value)
    text = _ENCODER.encode(plain)
    if _NUL in text and _has_nul(plain):
        raise ValueError("NUL cannot be stored by every database")
    # Raises UnicodeEncodeError, a ValueError: a lone surrogate is no text.
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
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is dict:
        return {_key(key): _plain(item) for key, item in value.items()}
    match value:
        case str():
            return str(value)
        case int():
            return value
        case datetime():
            return instant(value)
        case dict():
            return {_key(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise ValueError(f"{kind.__name__} has no canonical form")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise ValueError("keys are strings")
    return str(key)


def _has_nul(value: Any) -> bool:
    """Whether a text holds NUL itself, not a backslash before u0000."""
    match value:
        case str():
            return "\x00" in value
        case dict():
            return any(_has_nul(key) or _has_nul(item) for key, item in value.items())
        case list():
            return any(_has_nul(item) for item in value)
    return False
