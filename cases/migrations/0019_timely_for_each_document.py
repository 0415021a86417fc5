"""Whether a proceeding was told of in time stands with each of its documents."""

from typing import Any

from django.db import migrations, models


def part(apps: Any, editor: Any) -> None:
    """What was in time for which document stands in the entry of its notice; an order
    keeps all of its own."""
    told = {
        entry["id"]: entry.get("timely")
        for entry in apps.get_model("evidence", "LedgerEntry")
        .objects.filter(kind="proceeding.notify")
        .values_list("payload", flat=True)
    }
    rows = apps.get_model("cases", "Proceeding").objects.filter(is_timely=True)
    for row in rows:
        numbers = told.get(row.pk)
        kept = row.items.all()
        if numbers is not None and not row.is_order:
            kept = kept.filter(position__in=numbers)
        row.timely_items.set(kept)


def join(apps: Any, editor: Any) -> None:
    """Undo of part: told of in time is what was so for one of its documents."""
    rows = apps.get_model("cases", "Proceeding").objects
    kept = rows.filter(timely_items__isnull=False).values_list("pk", flat=True)
    rows.filter(pk__in=list(kept)).update(is_timely=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_weight_of_notices"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="proceeding",
            name="timely_items",
            field=models.ManyToManyField(
                related_name="timely_proceedings", to="cases.caseitem"
            ),
        ),
        migrations.RunPython(part, join),
        migrations.RemoveField(model_name="proceeding", name="is_timely"),
    ]
