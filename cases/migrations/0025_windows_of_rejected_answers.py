"""A window that opened when an answer came to nothing hangs on the letter of that."""

from typing import Any

from django.db import migrations

TOLD = ("counter_notice.reject", "counter_notice.lapse")
KEPT = "item.keep_measure"


def hang_on_the_letter(apps: Any, editor: Any) -> None:
    """The letter is that of the answer's own step, the last before its document's."""
    for row in _windows(apps).filter(trigger__kind=KEPT):
        before = _beside(apps, row).filter(seq__lt=row.trigger.seq, kind__in=TOLD)
        _hang(row, before.filter(payload__item=row.item_id).order_by("-seq").first())


def hang_on_the_step(apps: Any, editor: Any) -> None:
    for row in _windows(apps).filter(trigger__kind__in=TOLD):
        after = _beside(apps, row).filter(seq__gt=row.trigger.seq, kind=KEPT)
        _hang(row, after.filter(payload__id=row.item_id).order_by("seq").first())


def _windows(apps: Any) -> Any:
    rows = apps.get_model("cases", "Deadline").objects.filter(clock="window")
    return rows.select_related("trigger")


def _beside(apps: Any, row: Any) -> Any:
    entries = apps.get_model("evidence", "LedgerEntry").objects
    return entries.filter(stream=row.trigger.stream)


def _hang(row: Any, entry: Any) -> None:
    if entry is not None:
        row.trigger = entry
        row.save(update_fields=["trigger"])


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0024_clocks_at_rest_in_mergers"),
        ("evidence", "0018_proof_of_notarisation"),
    ]

    operations = [
        migrations.RunPython(hang_on_the_letter, hang_on_the_step, elidable=True)
    ]
