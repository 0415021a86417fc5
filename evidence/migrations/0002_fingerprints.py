"""The fingerprint index: two tables of its own, reached only through evidence.store."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PARTITIONS = 16

SQLITE = [
    """
    CREATE TABLE evidence_fingerprint (
        hash INTEGER NOT NULL, text INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (hash, text, position)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE evidence_indexed (
        text INTEGER PRIMARY KEY, fingerprints INTEGER NOT NULL, rule TEXT NOT NULL
    )
    """,
]

POSTGRESQL = [
    """
    CREATE TABLE evidence_fingerprint (
        hash bigint NOT NULL, text bigint NOT NULL, position integer NOT NULL,
        PRIMARY KEY (hash, text, position)
    ) PARTITION BY HASH (hash)
    """,
    *(
        f"CREATE TABLE evidence_fingerprint_{part:02} PARTITION OF evidence_fingerprint"
        f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
        for part in range(PARTITIONS)
    ),
    """
    CREATE TABLE evidence_indexed (
        text bigint PRIMARY KEY, fingerprints integer NOT NULL, rule text NOT NULL
    )
    """,
]


def create(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement)


def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE evidence_fingerprint")
    editor.execute("DROP TABLE evidence_indexed")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
