import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_letters_that_reached_nobody")]

    operations = [
        migrations.AddField(
            model_name="caseitem",
            name="merged_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moved_items",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="caseitem",
            name="position_before",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="caseitem",
            name="folded_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="folded_items",
                to="cases.caseitem",
            ),
        ),
    ]
