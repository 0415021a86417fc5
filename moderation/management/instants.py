"""How a command takes an instant."""

from argparse import ArgumentTypeError
from datetime import datetime

from cases.calendars import CHINA, YEARS


def instant_argument(text: str) -> datetime:
    """Read ISO 8601; without an offset it is meant in China."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not an ISO 8601 instant") from error
    if at.year not in YEARS:
        raise ArgumentTypeError(f"{text!r} is in a year that no calendar reaches")
    return at if at.tzinfo else at.replace(tzinfo=CHINA)
