"""Keys made on the first run and kept beside the database, never inside it."""

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def secret_key(var: Path) -> str:
    """Return Django's signing key, made at the first call."""
    return _kept(var, "secret_key", secrets.token_urlsafe(64))


def personal_keys(var: Path) -> list[str]:
    """Return the Fernet keys of personal data, the newest first, one a line."""
    return _kept(var, "personal_keys", Fernet.generate_key().decode()).split()


def ledger_key(var: Path) -> str:
    """Return the Ed25519 seed that seals the ledger: 64 hexadecimal digits."""
    return _kept(var, "ledger_key", secrets.token_hex(32))


def _kept(var: Path, name: str, fresh: str) -> str:
    path = var / "keys" / name
    try:
        return _read_or_made(path, fresh)
    except OSError as error:
        reason = f"cannot write {path.parent}: {error.strerror}; set ANJIAN_VAR"
        raise ImproperlyConfigured(reason) from error


def _read_or_made(path: Path, fresh: str) -> str:
    """Two first runs at once end with the same key: the file appears whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(fresh)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
