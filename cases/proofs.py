"""Proof of work: what a guest's browser solves so that programs do not flood us.

Stateless to ask for, spent in the database when used: one solution, one report.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.conf import settings
from django.db import IntegrityError, transaction

from cases.models import SpentProof
from evidence.canonical import sha256

LIFE = timedelta(minutes=30)
# Numbers that the browser tries at most: about a second of a phone's work.
HARDNESS = 50_000
LONGEST = 2_000


def new_challenge(*, at: datetime) -> dict[str, Any]:
    """Return a signed puzzle: which n ≤ maxNumber makes SHA-256(salt n) challenge?"""
    options = ChallengeOptions(
        algorithm="SHA-256",
        max_number=HARDNESS,
        hmac_key=_key(),
        expires=at + LIFE,
    )
    asked: dict[str, Any] = create_challenge(options).to_dict()
    return asked


def spend(solution: str, *, at: datetime) -> bool:
    """Whether a solution holds and was never used before; it is used up then."""
    if not solution or len(solution) > LONGEST:
        return False
    holds, _error = verify_solution(solution, _key(), check_expires=True)
    if not holds:
        return False
    try:
        with transaction.atomic():
            SpentProof.objects.create(digest=_digest_of(solution), spent_at=at)
    except IntegrityError:
        return False
    return True


def forget(*, at: datetime) -> int:
    """Delete what would be refused as too old anyway; return how many."""
    gone, _rows = SpentProof.objects.filter(spent_at__lt=at - LIFE).delete()
    return gone


def _digest_of(solution: str) -> str:
    """Of the puzzle that is solved: the answer around it can be written in any way."""
    answer = json.loads(base64.b64decode(solution))
    return sha256(str(answer["challenge"]).encode())


def _key() -> str:
    return f"cases.proofs:{settings.SECRET_KEY}"
