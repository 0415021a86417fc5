"""Triggers that keep snapshots as they were taken: nobody can mend one afterwards."""

from typing import Any

from evidence.frozen_rows import frozen

TABLE = "evidence_snapshot"
CREATE, DROP = frozen(TABLE, "snapshot", "a snapshot is never changed")


def create(apps: Any, schema_editor: Any) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
