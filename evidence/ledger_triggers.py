"""Triggers that make the ledger append-only, whoever holds the connection."""

from typing import Any

TABLE = "evidence_ledgerentry"

SQLITE = [
    f"""
    CREATE TRIGGER ledger_no_{verb.lower()} BEFORE {verb} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]

POSTGRESQL = [
    """
    CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
    """,
    f"""
    CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()
    """,
    f"""
    CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
]


def create(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    names = ["ledger_no_update", "ledger_no_delete"]
    if schema_editor.connection.vendor == "postgresql":
        names = ["ledger_no_change", "ledger_no_truncate"]
    for name in names:
        table = f" ON {TABLE}" if schema_editor.connection.vendor != "sqlite" else ""
        schema_editor.execute(f"DROP TRIGGER {name}{table}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION ledger_is_append_only()")
