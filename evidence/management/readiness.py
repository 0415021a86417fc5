"""Whether the database can be worked with, before a command begins."""

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

WRONG_USAGE = 2


def ensure_database() -> None:
    """Migrate an empty SQLite database; otherwise say in one line what to run."""
    try:
        behind, empty = _is_behind(), not connection.introspection.table_names()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise refusal(f"the database cannot be opened: {reason}") from error
    if not behind:
        return
    if connection.vendor != "sqlite" or not empty:
        raise refusal("the database is not up to date; run: manage.py migrate")
    call_command("migrate", interactive=False, verbosity=0)


def refusal(sentence: str) -> CommandError:
    """Return the error of wrong usage: one line on stderr, exit code 2."""
    return CommandError(sentence, returncode=WRONG_USAGE)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
