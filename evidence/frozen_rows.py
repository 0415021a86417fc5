"""Triggers that keep rows as they were written, whoever holds the connection.

SQLite drops the triggers of a table with the table: a migration that rebuilds one
has to create them again.
"""

Statements = dict[str, list[str]]


def frozen(table: str, name: str, sentence: str) -> tuple[Statements, Statements]:
    """Return, by the database's vendor, what sets the triggers and what drops them.

    name: goes into those of the triggers. sentence: what the database answers.
    """
    verbs = ("update", "delete")
    sqlite = [
        f"""
        CREATE TRIGGER {name}_no_{verb} BEFORE {verb.upper()} ON {table}
        BEGIN SELECT RAISE(ABORT, '{sentence}'); END
        """
        for verb in verbs
    ]
    postgresql = [
        f"""
        CREATE FUNCTION {name}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{sentence}'; END $$
        """,
        f"""
        CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}_is_append_only()
        """,
        f"""
        CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {name}_is_append_only()
        """,
    ]
    drop = {
        "sqlite": [f"DROP TRIGGER {name}_no_{verb}" for verb in verbs],
        "postgresql": [f"DROP FUNCTION {name}_is_append_only() CASCADE"],
    }
    return {"sqlite": sqlite, "postgresql": postgresql}, drop
