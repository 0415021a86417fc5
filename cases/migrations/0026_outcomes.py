from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0025_windows_of_rejected_answers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proceeding",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("upheld", "裁判或决定确认侵权"),
                    ("dismissed", "驳回请求"),
                    ("refused", "不予受理、驳回起诉或未立案"),
                    ("retracted", "撤诉或撤回投诉"),
                    ("settled", "和解"),
                    ("ended", "保全解除"),
                ],
                max_length=12,
            ),
        ),
    ]
