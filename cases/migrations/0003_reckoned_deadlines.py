"""Deadlines keep all that their date was counted from, and the steps of the count."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce

CHINA = ZoneInfo("Asia/Shanghai")


def keep_what_was_counted(apps, schema_editor):
    """Rows of before: their clock named their term, and they ran on item or case."""
    deadlines = apps.get_model("cases", "Deadline").objects
    deadlines.update(term=F("clock"), subject_id=Coalesce(F("item_id"), F("case_id")))
    for row in deadlines.iterator():
        start = f"{row.started_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        facts = {"start": start, "length": row.length}
        row.reasons = [["hours", facts]]
        if row.unit == "day":
            last = (row.due_at.astimezone(CHINA) - timedelta(microseconds=1)).date()
            row.reasons = [["days", facts | {"last": last.isoformat()}], ["ends", {}]]
        row.save(update_fields=["reasons"])


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_submissions"),
        ("evidence", "0004_reindexing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("system", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                (
                    "year",
                    models.PositiveSmallIntegerField(primary_key=True, serialize=False),
                ),
                ("days_off", models.JSONField(default=list)),
                ("work_days", models.JSONField(default=list)),
                ("is_official", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["year"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="deadline",
            name="deadline_once_an_item",
        ),
        migrations.RemoveConstraint(
            model_name="deadline",
            name="deadline_once_a_case",
        ),
        migrations.AddField(
            model_name="deadline",
            name="article",
            field=models.CharField(default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deadline",
            name="awaits_arrival",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="deadline",
            name="calendar",
            field=models.CharField(default="cn", max_length=8),
        ),
        migrations.AddField(
            model_name="deadline",
            name="extension",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="deadline",
            name="missed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="pauses",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="deadline",
            name="reasons",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="deadline",
            name="refusal",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="deadline",
            name="refused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="retry_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="subject_id",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deadline",
            name="term",
            field=models.CharField(default="", max_length=24),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="case",
            name="clock_profile",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("met", "按期完成"),
                    ("late", "逾期完成"),
                    ("fired", "期满执行"),
                    ("void", "不再适用"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="profile",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="unit",
            field=models.CharField(max_length=16),
        ),
        migrations.RunPython(keep_what_was_counted, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                fields=("trigger", "clock", "subject_id"),
                name="deadline_once_a_subject",
            ),
        ),
        migrations.AddField(
            model_name="arrival",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, to="evidence.ledgerentry"
            ),
        ),
        migrations.AddField(
            model_name="arrival",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="arrivals",
                to="cases.notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.UniqueConstraint(
                fields=("notice", "system"), name="arrival_once_a_system"
            ),
        ),
    ]
