"""What is wrong with settings that counsel answers for, told before the site runs."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from cases.profiles import named, profile_of


def clock_profiles(**_kwargs: Any) -> list[CheckMessage]:
    """A profile that is misspelt would be missing, or read as nobody chose."""
    found: list[CheckMessage] = []
    for text in named(settings.CLOCK_PROFILES):
        try:
            profile_of(text)
        except ValueError as error:
            hint = f"CLOCK_PROFILES names {text}"
            found.append(Error(str(error), hint=hint, id="cases.E001"))
    return found
