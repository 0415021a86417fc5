"""回执: a number that may be told, and a query code that is shown once.

The code has 140 bits and is kept only as a digest. Whoever asks with a number that
does not exist, or with a wrong code, gets one answer after one comparison.
"""

import hashlib
import hmac
import secrets

from cases.models import Report

# Without the letters and digits that are taken for one another on paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH, GROUP = 28, 4
_NOBODY = "0" * 64


def new_code() -> str:
    """Return a fresh code in groups of four, as a person copies it."""
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest_of(code: str) -> str:
    """Return what is kept of a code. Case, spaces and hyphens do not count."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def report_for(number: str, code: str) -> Report | None:
    """Return the report of a receipt, None alike for a wrong code and no report."""
    report = Report.objects.filter(number=number.strip().upper()[:32]).first()
    held = report.code_digest if report and report.code_digest else _NOBODY
    matches = hmac.compare_digest(held, digest_of(code))
    return report if matches else None
