"""Which system a recipient has designated for our letters (电子签名法 11)."""

from collections.abc import Mapping
from datetime import datetime

from cases.models import Case, CaseItem, Statement
from evidence.actors import Role

SITE = "site"
EMAIL = "email"
# Systems of a recipient that a report of entry is taken for. An SMS that a carrier
# has taken has not entered a system of the recipient.
SYSTEMS = frozenset({SITE, EMAIL})
# The code of the declaration by which a party designates its mailbox here.
DECLARATION = "delivery"


def arrival(entries: Mapping[str, datetime], designated: str = "") -> datetime | None:
    """Return when a message arrived; None while it has not.

    entries: system → the moment of its first entry there. Our own mailbox is a system
    of the recipient only for who has designated it; a designation excludes the rest.
    """
    if designated:
        return entries.get(designated)
    own = [at for system, at in entries.items() if system in SYSTEMS - {SITE}]
    return min(own, default=None)


def designated_system(case: Case, recipient: Role, item: CaseItem | None) -> str:
    """Return the system that a side of the case has designated, or ""."""
    if recipient == Role.UPLOADER:
        party = item.document.seller.party_id if item else None
    else:
        party = case.agent_id or case.claimant_id
    signed = Statement.objects.filter(case=case, party=party)
    codes = {
        each["code"]
        for declarations in signed.values_list("declarations", flat=True)
        for each in declarations
    }
    return SITE if DECLARATION in codes else ""
