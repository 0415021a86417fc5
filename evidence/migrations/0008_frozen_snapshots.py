from django.db import migrations

from evidence import snapshot_triggers


class Migration(migrations.Migration):
    dependencies = [("evidence", "0007_daily_allowances")]

    operations = [
        migrations.RunPython(snapshot_triggers.create, snapshot_triggers.drop),
    ]
