"""Texts on shelves go into the one table of fingerprints, under their negative ids."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = {
    "sqlite": "hash INTEGER NOT NULL, text INTEGER NOT NULL, position INTEGER NOT NULL",
    "postgresql": "hash bigint NOT NULL, text bigint NOT NULL, position int NOT NULL",
}


def join(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(
        "INSERT INTO evidence_fingerprint (hash, text, position)"
        " SELECT hash, -text, position FROM evidence_shelf_fingerprint"
    )
    editor.execute("DROP TABLE evidence_shelf_fingerprint")


def part(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    editor.execute(
        f"CREATE TABLE evidence_shelf_fingerprint ({COLUMNS[vendor]},"
        " PRIMARY KEY (hash, text, position))"
        + (" WITHOUT ROWID" if vendor == "sqlite" else "")
    )
    editor.execute(
        "INSERT INTO evidence_shelf_fingerprint (hash, text, position)"
        " SELECT hash, -text, position FROM evidence_fingerprint WHERE text < 0"
    )
    editor.execute("DELETE FROM evidence_fingerprint WHERE text < 0")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0012_document_title_keys")]

    operations = [migrations.RunPython(join, part)]
