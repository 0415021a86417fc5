"""Masks: how personal data look in papers that go to the other side or outside."""

import re
from collections.abc import Callable, Iterable

from evidence.models import Party

# The shortest run of Han characters that ends in 市.
CITY = re.compile(r"[\u4e00-\u9fff]{2,12}?\u5e02")
# A single character would blot out half of every text.
SHORTEST = 2


class Blotting:
    """Blots known words out of free text, which keeps its length, so that offsets
    into it stay true."""

    def __init__(self, words: Iterable[str]) -> None:
        known = {word.strip() for word in words if len(word.strip()) >= SHORTEST}
        longest_first = sorted(known, key=lambda text: (-len(text), text))
        self._known = re.compile(
            "|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE
        )

    def __call__(self, text: str) -> str:
        return self._known.sub(lambda found: "*" * len(found.group()), text)


class Redaction(Blotting):
    """Blots what is known to be personal of these parties out of free text. Names of
    organisations are public and stay."""

    def __init__(self, parties: Iterable[Party | None]) -> None:
        super().__init__(
            text for party in parties if party for text in _personal(party)
        )


def _personal(party: Party) -> Iterable[str]:
    details = getattr(party, "details", None)
    if details is None:
        return
    names = PERSONAL if party.kind == Party.Kind.ORGANISATION else ("name", *PERSONAL)
    for name in names:
        if len(text := getattr(details, name).strip()) >= SHORTEST:
            yield text


def masked_name(name: str) -> str:
    """Return 张** for 张三丰; the length of a name is not a secret."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""


def masked_number(number: str) -> str:
    """Return 510***********1234; what is too short to be an identity is all hidden."""
    if len(number) < 15:
        return _hidden(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def masked_phone(phone: str) -> str:
    """Return 138****1234 for a mobile number, else nothing of it."""
    if not re.fullmatch(r"1\d{10}", phone):
        return _hidden(phone)
    return f"{phone[:3]}****{phone[-4:]}"


def masked_email(email: str) -> str:
    """Return a***@example.cn."""
    name, at, host = email.partition("@")
    return f"{name[:1]}***@{host}" if name and at and host else _hidden(email)


def masked_address(address: str) -> str:
    """Return what stands before and with 市: the street is nobody's business."""
    city = CITY.match(address)
    return f"{city.group()}***" if city else _hidden(address)


# The mask of each personal field of a party.
MASKS: dict[str, Callable[[str], str]] = {
    "identity_number": masked_number,
    "representative": masked_name,
    "contact": masked_name,
    "email": masked_email,
    "phone": masked_phone,
    "address": masked_address,
}
PERSONAL = tuple(MASKS)


def _hidden(text: str) -> str:
    return "***" if text else ""
