"""Keep of each document what its title is without ornaments, so that it can be found."""

from django.db import migrations, models

from evidence.matching.titles import title_key

BATCH = 1_000


def fill(apps, schema_editor):
    """In steps: a marketplace has many documents, and each step is quick."""
    documents = apps.get_model("evidence", "Document").objects
    rows = documents.filter(current__isnull=False).select_related("current")
    after = 0
    while batch := list(rows.filter(pk__gt=after).order_by("pk")[:BATCH]):
        for document in batch:
            document.title_key = title_key(document.current.title)
        documents.bulk_update(batch, ["title_key"])
        after = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0011_shelf_searches_and_replays"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="title_key",
            field=models.CharField(blank=True, db_index=True, max_length=500),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
