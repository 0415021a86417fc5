"""Triggers that make the ledger append-only, whoever holds the connection."""

from typing import Any

from evidence.frozen_rows import frozen

TABLE = "evidence_ledgerentry"
CREATE, DROP = frozen(TABLE, "ledger", "the ledger is append-only")


def create(apps: Any, schema_editor: Any) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
