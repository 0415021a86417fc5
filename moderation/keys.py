"""Keys made on the first run and kept beside the database, never inside it."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def secret_key(var: Path) -> str:
    """Return Django's signing key, made at the first call."""
    return _kept(var, "secret_key", secrets.token_urlsafe(64))


def personal_keys(var: Path) -> list[str]:
    """Return the Fernet keys of personal data, the newest first, one a line."""
    return _kept(var, "personal_keys", Fernet.generate_key().decode()).split()


def _kept(var: Path, name: str, fresh: str) -> str:
    path = var / "keys" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh)
    return fresh
