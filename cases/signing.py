"""Signing: what a party declared, sealed by code and digest, with its typed name."""

from collections.abc import Sequence
from datetime import datetime

from cases.declarations import Declaration
from cases.models import Case, Statement
from evidence.canonical import new_salt, salted
from evidence.models import Party


def sign(
    case: Case,
    party: Party,
    purpose: Statement.Purpose,
    declarations: Sequence[Declaration],
    signature: str,
    *,
    at: datetime,
) -> Statement:
    """Keep a signed statement: each declaration by the digest of its text, and the
    name that was typed as a salted digest."""
    salt = new_salt()
    return Statement.objects.create(
        case=case,
        party=party,
        purpose=purpose,
        declarations=[
            {"code": each.code, "sha256": each.sha256} for each in declarations
        ],
        signature_salt=salt,
        signature_digest=salted(signature.strip(), salt),
        signed_at=at,
    )
