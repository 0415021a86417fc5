from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """An order was verified as it was entered; an answer was taken to be complete
    from its filing."""
    proceedings = apps.get_model("cases", "Proceeding").objects
    proceedings.filter(notified_at=F("verified_at")).update(is_order=True)
    answers = apps.get_model("cases", "CounterNotice").objects
    answers.update(completed_at=F("filed_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_announcements_and_docketing"),
    ]

    operations = [
        migrations.AddField(
            model_name="counternotice",
            name="completed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="proceeding",
            name="is_order",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
