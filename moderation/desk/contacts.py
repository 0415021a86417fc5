"""Personal details of a party: masked until an examiner asks, on the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import NotPermitted
from cases.models import Case
from cases.permissions.desk import may_claim, role_in
from evidence import ledger
from evidence.actors import Actor
from evidence.ledger import Act
from evidence.models import Party
from reports import redaction


@dataclass(frozen=True, slots=True)
class Contact:
    """A party with its details, in full or with what identifies it left out."""

    party: Party
    capacity: str
    name: str
    rows: tuple[tuple[str, str], ...]
    is_full: bool


def contacts_of(case: Case, revealed: Party | None = None) -> list[Contact]:
    """Return the complainant and its agent, `revealed` in full."""
    parties = ((_("投诉人"), case.claimant), (_("代理人"), case.agent))
    return [
        _in_full(party, capacity) if party == revealed else _masked(party, capacity)
        for capacity, party in parties
        if party is not None
    ]


def reveal(case: Case, party: Party, *, by: Actor, at: datetime) -> None:
    """Record that this person is about to read the party's details in full.

    个人信息保护法 51: access is limited and traced. Raises NotPermitted.
    """
    if not may_claim(case, by):
        raise NotPermitted
    act = Act(case.stream, "case.reveal", {"case": case.pk, "party": party.pk})
    with transaction.atomic():
        ledger.append(act, by=by, role=role_in(case, by), at=at)


def _masked(party: Party, capacity: str) -> Contact:
    details = getattr(party, "details", None)
    if details is None:
        return Contact(party, capacity, party.name, (), is_full=False)
    rows = (
        (_("证件号码"), redaction.masked_number(details.identity_number)),
        (_("联系人"), redaction.masked_name(details.contact)),
        (_("电话"), redaction.masked_phone(details.phone)),
        (_("邮箱"), redaction.masked_email(details.email)),
        (_("地址"), redaction.masked_address(details.address)),
    )
    return Contact(party, capacity, party.masked_name, _told(rows), is_full=False)


def _in_full(party: Party, capacity: str) -> Contact:
    details = getattr(party, "details", None)
    if details is None:
        return Contact(party, capacity, party.name, (), is_full=True)
    rows = (
        (_("证件号码"), details.identity_number),
        (_("法定代表人"), details.representative),
        (_("联系人"), details.contact),
        (_("电话"), details.phone),
        (_("邮箱"), details.email),
        (_("地址"), details.address),
    )
    return Contact(party, capacity, party.name, _told(rows), is_full=True)


def _told(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in rows if value)
