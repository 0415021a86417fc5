"""The test database as it stood after the migrations, kept to be restored."""

import contextlib
import sqlite3
from pathlib import Path

from django.db import connection, connections
from django.db.backends.utils import CursorWrapper


class Snapshot:
    """A copy beside the test database: a file on SQLite, a template on PostgreSQL."""

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self.copy = f"{self.name}_snapshot"
        if connection.vendor == "sqlite":
            _copy_file(self.name, self.copy)
        else:
            connections.close_all()
            with _maintenance() as cursor:
                cursor.execute(f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.name}"')

    def restore(self) -> None:
        """Undo whatever was committed. Open connections of other threads end."""
        connections.close_all()
        if connection.vendor == "sqlite":
            _copy_file(self.copy, self.name)
        else:
            with _maintenance() as cursor:
                cursor.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.copy}"')

    def drop(self) -> None:
        """Remove the copy."""
        if connection.vendor == "sqlite":
            Path(self.copy).unlink()
        else:
            with _maintenance() as cursor:
                cursor.execute(f'DROP DATABASE "{self.copy}"')


def _copy_file(source: str, target: str) -> None:
    """Copy through SQLite, which waits for other connections and keeps their view."""
    with (
        contextlib.closing(sqlite3.connect(source)) as reader,
        contextlib.closing(sqlite3.connect(target, timeout=20)) as writer,
    ):
        reader.backup(writer)


def _maintenance() -> contextlib.AbstractContextManager[CursorWrapper]:
    """Return a cursor on the server outside the test database."""
    return connection._nodb_cursor()
