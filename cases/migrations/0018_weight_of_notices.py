"""What a notice listed as it came, kept beside its case; parts share it."""

from collections.abc import Iterable
from typing import Any

from django.db import migrations, models


def weigh(apps: Any, editor: Any) -> None:
    """Reckon it for the notices that were filed before, from their snapshots."""
    cases = apps.get_model("cases", "Case").objects
    items = apps.get_model("cases", "CaseItem").objects
    filed = cases.filter(kind="copyright", submitted_at__isnull=False)
    origins = dict(filed.values_list("pk", "origin"))
    wholes: dict[int, list[int]] = {}
    for pk in origins:
        wholes.setdefault(_whole(pk, origins), []).append(pk)
    for parts in wholes.values():
        rows = items.filter(case__in=parts)
        listed = rows.values_list("document", "snapshot__listing")
        weight = {"listed_items": len(listed), "listed_cents": _cents(listed)}
        cases.filter(pk__in=parts).update(**weight)


def _whole(pk: int, origins: dict[int, int | None]) -> int:
    while origin := origins.get(pk):
        pk = origin
    return pk


def _cents(listed: Iterable[tuple[int, dict[str, Any] | None]]) -> int:
    taken = {}
    for document, listing in listed:
        told = listing or {}
        taken[document] = (told.get("price_cents") or 0) * (told.get("downloads") or 0)
    return sum(taken.values())


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_where_an_order_found_it")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="listed_cents",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="listed_items",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(weigh, migrations.RunPython.noop),
    ]
