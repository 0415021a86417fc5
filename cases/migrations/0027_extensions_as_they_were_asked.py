"""What was asked for stays as it was asked; what legal granted stands beside it."""

from typing import Any

from django.db import migrations, models


def part(apps: Any, editor: Any) -> None:
    """The entry of the request holds what it said before the granting wrote over it."""
    rows = apps.get_model("cases", "Extension").objects.filter(granted__gt=0)
    for row in rows.select_related("asked"):
        row.granted_ground = row.ground
        if row.asked is not None:
            row.ground = row.asked.payload["ground"]
            told = row.asked.payload["exhibits"]
            added = list(row.exhibits.exclude(blob__sha256__in=told))
            row.added.set(added)
            row.exhibits.remove(*added)
        row.save(update_fields=["ground", "granted_ground"])


def join(apps: Any, editor: Any) -> None:
    rows = apps.get_model("cases", "Extension").objects.filter(granted__gt=0)
    for row in rows:
        row.ground = row.granted_ground or row.ground
        row.exhibits.add(*row.added.all())
        row.save(update_fields=["ground"])


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0026_outcomes"),
        ("evidence", "0018_proof_of_notarisation"),
    ]

    operations = [
        migrations.AddField(
            model_name="extension",
            name="added",
            field=models.ManyToManyField(
                related_name="granted_extensions", to="evidence.exhibit"
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="granted_ground",
            field=models.CharField(
                blank=True,
                choices=[("notarisation", "公证"), ("authentication", "认证")],
                max_length=16,
            ),
        ),
        migrations.RunPython(part, join, elidable=True),
    ]
