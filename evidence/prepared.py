"""A cursor for statements that are sent often: what they are turned into is kept.

Django sends PostgreSQL every statement as new text, to be parsed and planned again:
it cannot know that a pool keeps one server behind one client. The settings allow it
here (KEEP_PLANS). SQLite keeps its plans by itself, but Django rewrites the
placeholders of each statement anew, which takes as long as the statement.
"""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def database() -> Any:
    """Return this thread's connection itself: `django.db.connection` looks it up
    again for every name that it is asked for."""
    return connections[DEFAULT_DB_ALIAS]


def prepared_cursor() -> Any:
    """Return the cursor of the connection for such statements, in Django's wrappers:
    it counts and logs like any other. It is not closed, because it is used again: what
    it found is fetched before the next statement."""
    connection = database()
    connection.ensure_connection()
    raw = connection.connection
    kept = getattr(connection, "kept_cursor", None)
    if kept is None or kept.connection is not raw:
        kept = connection.kept_cursor = _opened(connection.vendor, raw)
    return connection._prepare_cursor(kept)


def _opened(vendor: str, raw: Any) -> Any:
    if vendor == "postgresql":
        return _postgresql_cursor()(raw)
    return raw.cursor(factory=_sqlite_cursor())


@cache
def _postgresql_cursor() -> Any:
    # Not installed where there is only SQLite.
    from django.db.backends.postgresql import base

    server_binding: Any = base.ServerBindingCursor

    class PreparedCursor(server_binding):  # type: ignore[misc]
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, prepare=True, **options)

    return PreparedCursor


@cache
def _sqlite_cursor() -> Any:
    from django.db.backends.sqlite3 import base

    rewriting: Any = base.SQLiteCursorWrapper

    class PreparedCursor(rewriting):  # type: ignore[misc]
        def convert_query(self, query: str, **options: Any) -> Any:
            if query not in _REWRITTEN:
                _REWRITTEN[query] = super().convert_query(query, **options)
            return _REWRITTEN[query]

    return PreparedCursor


# As many as there are statements in the code that ask for this: not by values.
_REWRITTEN: dict[str, str] = {}
