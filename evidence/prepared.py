"""A cursor whose statements PostgreSQL plans once a connection, and keeps.

Django sends every statement as new text, to be parsed and planned again: it cannot
know that a pool keeps one server behind one client. What is sent through here must
be sent often. SQLite keeps its last statements by itself.
"""

from functools import cache
from typing import Any

from django.db import connection


def prepared_cursor() -> Any:
    """Return a cursor of the connection, in Django's wrappers: it counts and logs
    like any other."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    wrapper: Any = connection
    wrapper.ensure_connection()
    return wrapper._prepare_cursor(_postgresql_cursor()(wrapper.connection))


class Prepared:
    """The connection with these cursors, for a compiler that asks it for one."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connection, name)

    def cursor(self) -> Any:
        return prepared_cursor()


@cache
def _postgresql_cursor() -> Any:
    # Not installed where there is only SQLite.
    from django.db.backends.postgresql import base

    server_binding: Any = base.ServerBindingCursor

    class PreparedCursor(server_binding):  # type: ignore[misc]
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, prepare=True, **options)

    return PreparedCursor
