"""A cursor whose statements PostgreSQL plans once a connection, and keeps.

Django sends every statement as new text, to be parsed and planned again: it cannot
know that a pool keeps one server behind one client. The settings allow it here
(KEEP_PLANS), and what is sent through here must be sent often. SQLite keeps its last
statements by itself.
"""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def database() -> Any:
    """Return this thread's connection itself: `django.db.connection` looks it up
    again for every name that it is asked for."""
    return connections[DEFAULT_DB_ALIAS]


def prepared_cursor() -> Any:
    """Return a cursor of the connection, in Django's wrappers: it counts and logs
    like any other."""
    connection = database()
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    return connection._prepare_cursor(_postgresql_cursor()(connection.connection))


@cache
def _postgresql_cursor() -> Any:
    # Not installed where there is only SQLite.
    from django.db.backends.postgresql import base

    server_binding: Any = base.ServerBindingCursor

    class PreparedCursor(server_binding):  # type: ignore[misc]
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, prepare=True, **options)

    return PreparedCursor
