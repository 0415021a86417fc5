"""Personal data at rest: encrypted with keys that the database never holds."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField[str, str]):
    """Text that stands in the database as a Fernet token; "" stays "".

    The first of settings.PERSONAL_KEYS encrypts, all of them decrypt: a key is
    retired by putting a new one before it and saving the rows again.
    """

    def get_prep_value(self, value: Any) -> str:
        text = super().get_prep_value(value) or ""
        if not text:
            return ""
        return _box(tuple(settings.PERSONAL_KEYS)).encrypt(text.encode()).decode()

    def from_db_value(self, value: str | None, *_: Any) -> str:
        if not value:
            return ""
        return _box(tuple(settings.PERSONAL_KEYS)).decrypt(value.encode()).decode()
