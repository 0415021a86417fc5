"""The tables as 0001 to 0008 leave them, for databases that begin after those.

A new database is migrated in a second, not in ten; one that holds the old steps
counts this as done.
"""

import uuid

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import evidence.encryption


class Migration(migrations.Migration):
    replaces = [
        ("cases", "0001_initial"),
        ("cases", "0002_submissions"),
        ("cases", "0003_reckoned_deadlines"),
        ("cases", "0004_reports"),
        ("cases", "0005_heartbeats"),
        ("cases", "0006_match_reading"),
        ("cases", "0007_machines"),
        ("cases", "0008_measures_of_reports"),
    ]

    initial = True

    dependencies = [
        ("evidence", "0015_kinds_of_proof"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.CreateModel(
            name="GateRule",
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
                ("likeness", models.CharField(max_length=16)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("cleared", "可发布"),
                            ("held", "待人工"),
                            ("refused", "未通过"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
                ("set_by", models.CharField(max_length=40)),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "name",
                    models.CharField(max_length=24, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MatchReading",
            fields=[
                (
                    "name",
                    models.CharField(max_length=20, primary_key=True, serialize=False),
                ),
                ("after", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "name",
                    models.CharField(max_length=40, primary_key=True, serialize=False),
                ),
                ("value", models.PositiveIntegerField()),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "policies",
            },
        ),
        migrations.CreateModel(
            name="ReferenceSeries",
            fields=[
                (
                    "series",
                    models.CharField(max_length=24, primary_key=True, serialize=False),
                ),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Report",
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
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("person", "公众举报"),
                            ("system", "系统线索"),
                            ("authority", "主管部门"),
                        ],
                        default="person",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=4)),
                ("minors", models.BooleanField(default=False)),
                ("segment", models.PositiveIntegerField(blank=True, null=True)),
                ("page", models.PositiveIntegerField(blank=True, null=True)),
                ("quote", models.CharField(blank=True, max_length=500)),
                ("statement", models.TextField(blank=True)),
                (
                    "checked",
                    models.CharField(
                        choices=[
                            ("account", "已登录"),
                            ("proof", "已通过验证"),
                            ("email", "邮箱已确认"),
                            ("none", "未验证"),
                        ],
                        max_length=8,
                    ),
                ),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                ("salt", models.CharField(max_length=32)),
                ("form_id", models.UUIDField(blank=True, null=True, unique=True)),
                ("address_digest", models.CharField(blank=True, max_length=64)),
                ("filed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "举报成立"),
                            ("partly_upheld", "部分成立"),
                            ("not_upheld", "不成立"),
                            ("invalid", "材料不足，无法判断"),
                            ("already_actioned", "此前已经处理"),
                            ("out_of_scope", "不属于本站处理范围"),
                        ],
                        max_length=20,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("invalidated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["filed_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SpentProof",
            fields=[
                (
                    "digest",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("spent_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Case",
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
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("copyright", "版权申诉"), ("report", "举报")],
                        max_length=12,
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=32, null=True, unique=True),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待形式审查"),
                            ("need_info", "待补充"),
                            ("in_review", "处理中"),
                            ("escalated", "已升级"),
                            ("decided", "已决定"),
                            ("under_appeal", "复议中"),
                            ("closed", "已结案"),
                            ("merged", "已并案"),
                            ("withdrawn", "已撤回"),
                            ("transferred", "已转版权申诉"),
                            ("deficient", "待补正"),
                            ("accepted", "已受理"),
                            ("in_process", "处理中"),
                            ("lapsed", "视为未发出"),
                            ("rejected", "不予受理"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("clock_profile", models.CharField(blank=True, max_length=64)),
                ("form", models.JSONField(blank=True, default=dict)),
                ("opened_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=4)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (0, "P0 立即"),
                            (1, "P1 一日内"),
                            (2, "P2 三个工作日"),
                            (3, "P3 七个工作日"),
                        ],
                        null=True,
                    ),
                ),
                ("score", models.IntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "举报成立"),
                            ("partly_upheld", "部分成立"),
                            ("not_upheld", "不成立"),
                            ("invalid", "材料不足，无法判断"),
                            ("already_actioned", "此前已经处理"),
                            ("out_of_scope", "不属于本站处理范围"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cure_rounds", models.PositiveSmallIntegerField(default=0)),
                ("legal_hold", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases_as_agent",
                        to="evidence.party",
                    ),
                ),
                (
                    "claimant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="evidence.party",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_cases",
                        to="cases.case",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "submitted",
                                    "need_info",
                                    "in_review",
                                    "escalated",
                                    "decided",
                                    "under_appeal",
                                    "closed",
                                    "merged",
                                    "withdrawn",
                                    "transferred",
                                    "deficient",
                                    "accepted",
                                    "in_process",
                                    "lapsed",
                                    "rejected",
                                ],
                            )
                        ),
                        name="case_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            ("reference__isnull", False),
                            _connector="OR",
                        ),
                        name="case_filed_has_reference",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuthorityTask",
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
                ("ground", models.CharField(max_length=10)),
                ("opened_at", models.DateTimeField()),
                ("authority", models.CharField(blank=True, max_length=120)),
                ("paper_number", models.CharField(blank=True, max_length=80)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authority_task",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Assignment",
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
                ("claimed_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignment",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CopyrightCase",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("cases.case", models.Model),
        ),
        migrations.CreateModel(
            name="ReportCase",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("cases.case", models.Model),
        ),
        migrations.CreateModel(
            name="CaseItem",
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
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("pending", "待处理"),
                            ("measured", "已采取措施"),
                            ("no_measure", "未采取措施"),
                            ("counter_review", "反通知审查中"),
                            ("counter_deficient", "反通知待补正"),
                            ("waiting", "等待期"),
                            ("litigating", "诉讼或投诉中"),
                            ("restored", "已恢复"),
                            ("final", "处理确定"),
                            ("dropped", "已撤回投诉"),
                        ],
                        db_index=True,
                        default="pending",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("measure", models.CharField(blank=True, max_length=16)),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("evidence", "初步证据不足"),
                            ("fair_use", "属于合理使用"),
                            ("not_protected", "不受著作权法保护"),
                            ("licensed", "已获授权或权利用尽"),
                            ("location", "无法定位被投诉内容"),
                            ("barred", "不得再次通知（条例第十七条）"),
                        ],
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("final_at", models.DateTimeField(blank=True, null=True)),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("whole", "全文相同"),
                            ("part", "部分相同"),
                            ("adapted", "改编"),
                            ("compiled", "汇编"),
                            ("unsigned", "删改署名"),
                        ],
                        default="part",
                        max_length=10,
                    ),
                ),
                (
                    "bar",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("flagged", "曾经处理"),
                            ("barred", "条例第十七条：不得再次通知"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="cases.case",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_items",
                        to="evidence.document",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="cases.caseitem",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.match",
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item",
                        to="evidence.snapshot",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_items",
                        to="evidence.work",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "document", "work"), name="case_item_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "pending",
                                    "measured",
                                    "no_measure",
                                    "counter_review",
                                    "counter_deficient",
                                    "waiting",
                                    "litigating",
                                    "restored",
                                    "final",
                                    "dropped",
                                ],
                            )
                        ),
                        name="case_item_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CounterNotice",
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
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "草稿"),
                            ("filed", "待审查"),
                            ("deficient", "待补正"),
                            ("forwarded", "已转送"),
                            ("cured", "已改正"),
                            ("rejected", "不予采纳"),
                            ("lapsed", "视为未提交"),
                            ("moot", "已无必要"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("filed_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("cure_rounds", models.PositiveSmallIntegerField(default=0)),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("own", "自有原创"),
                            ("licensed", "已获授权"),
                            ("no_right", "投诉人无权"),
                            ("not_protected", "不受保护（法律、公文、通用表格、事实）"),
                            ("public_domain", "保护期已满"),
                            ("fair_use", "合理使用"),
                            ("statutory", "法定许可"),
                            ("different", "比对错误，并非同一作品"),
                            ("removed", "已删除涉案部分（附新版）"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                    ),
                ),
                ("explanation", models.TextField()),
                ("amended_name", models.CharField(blank=True, max_length=255)),
                ("opened_at", models.DateTimeField()),
                (
                    "amended",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.text",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_notices",
                        to="cases.case",
                    ),
                ),
                (
                    "exhibits",
                    models.ManyToManyField(
                        related_name="counter_notices", to="evidence.exhibit"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_notices",
                        to="cases.caseitem",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_notices",
                        to="evidence.party",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "filed",
                                    "deficient",
                                    "forwarded",
                                    "cured",
                                    "rejected",
                                    "lapsed",
                                    "moot",
                                ],
                            )
                        ),
                        name="counter_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("filed", "deficient"))),
                        fields=("item",),
                        name="counter_one_open_an_item",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
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
                ("subject_id", models.PositiveBigIntegerField()),
                ("clock", models.CharField(max_length=24)),
                ("term", models.CharField(max_length=24)),
                ("profile", models.CharField(blank=True, max_length=64)),
                ("article", models.CharField(max_length=120)),
                ("started_at", models.DateTimeField()),
                ("length", models.PositiveIntegerField()),
                ("unit", models.CharField(max_length=16)),
                ("calendar", models.CharField(default="cn", max_length=8)),
                ("extension", models.PositiveSmallIntegerField(default=0)),
                ("pauses", models.JSONField(default=list)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField()),
                ("provisional", models.BooleanField(default=False)),
                ("awaits_arrival", models.BooleanField(default=False)),
                ("reasons", models.JSONField(default=list)),
                ("refusal", models.CharField(blank=True, max_length=40)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("retry_at", models.DateTimeField(blank=True, null=True)),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ending",
                    models.CharField(
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
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="cases.case",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="cases.caseitem",
                    ),
                ),
                (
                    "trigger",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.ledgerentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["due_at"],
                        name="deadline_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("trigger", "clock", "subject_id"),
                        name="deadline_once_a_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                ("outcome", models.CharField(max_length=16)),
                ("measure", models.CharField(blank=True, max_length=16)),
                ("finding", models.CharField(blank=True, max_length=16)),
                ("reasoning", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                ("decided_by", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="cases.caseitem",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DefectFound",
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
                ("round", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=4)),
                ("fact", models.TextField()),
                ("found_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="cases.case",
                    ),
                ),
                (
                    "counter_notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="cases.counternotice",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "exhibits",
                    models.ManyToManyField(
                        related_name="defects", to="evidence.exhibit"
                    ),
                ),
            ],
            options={
                "ordering": ["found_at", "code"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("number", models.CharField(max_length=48, unique=True)),
                ("kind", models.CharField(max_length=16)),
                ("audience", models.CharField(max_length=12)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="cases.case",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="cases.caseitem",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="evidence.party",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="evidence.selleraccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "kind", "party"), name="notice_once_a_party"
                    ),
                    models.UniqueConstraint(
                        fields=("entry", "kind", "seller"), name="notice_once_a_seller"
                    ),
                ],
            },
        ),
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
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="cases.notice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "system"), name="arrival_once_a_system"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proceeding",
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
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "草稿"),
                            ("notified", "已通知，待证明"),
                            ("proved", "证明待核实"),
                            ("verified", "已核实"),
                            ("unproven", "未证明"),
                            ("concluded", "已终结"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("is_timely", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "裁判或决定确认侵权"),
                            ("dismissed", "驳回请求或起诉"),
                            ("refused", "不予受理或未立案"),
                            ("retracted", "撤诉或撤回投诉"),
                            ("settled", "和解"),
                            ("ended", "保全解除"),
                        ],
                        max_length=12,
                    ),
                ),
                ("notified_at", models.DateTimeField(blank=True, null=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("concluded_at", models.DateTimeField(blank=True, null=True)),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("suit", "民事诉讼"),
                            ("complaint", "行政投诉"),
                            ("preservation", "行为保全"),
                            ("criminal", "刑事案件"),
                        ],
                        max_length=12,
                    ),
                ),
                ("authority", models.CharField(max_length=200)),
                ("docket", models.CharField(blank=True, max_length=100)),
                ("begun_on", models.DateField()),
                ("against_uploader", models.BooleanField(default=True)),
                ("opened_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proceedings",
                        to="cases.case",
                    ),
                ),
                (
                    "exhibits",
                    models.ManyToManyField(
                        related_name="proceedings", to="evidence.exhibit"
                    ),
                ),
                (
                    "items",
                    models.ManyToManyField(
                        related_name="proceedings", to="cases.caseitem"
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "notified",
                                    "proved",
                                    "verified",
                                    "unproven",
                                    "concluded",
                                ],
                            )
                        ),
                        name="proceeding_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReporterDetails",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="details",
                        serialize=False,
                        to="cases.report",
                    ),
                ),
                ("name", evidence.encryption.EncryptedTextField(blank=True)),
                ("email", evidence.encryption.EncryptedTextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "reporter details",
            },
        ),
        migrations.AddField(
            model_name="report",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="folded_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="match",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.match",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="report",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="cases.report",
            ),
        ),
        migrations.CreateModel(
            name="ReportAnswer",
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
                ("question", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="cases.case",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="cases.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportAttachment",
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
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("original_name", models.CharField(max_length=255)),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.blob",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="cases.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportedDocument",
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
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_documents",
                        to="cases.case",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_in",
                        to="evidence.document",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.snapshot",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "document"),
                        name="reported_document_once_a_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Effect",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("restrict", "限制文档"),
                            ("lift", "解除限制"),
                            ("hold_income", "暂停结算收益"),
                            ("release_income", "恢复结算收益"),
                            ("keep_income", "收益留待权利人主张"),
                        ],
                        max_length=16,
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                ("level", models.CharField(blank=True, max_length=16)),
                ("at", models.DateTimeField()),
                ("try_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=60)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="evidence.document",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="cases.caseitem",
                    ),
                ),
                (
                    "reported",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="cases.reporteddocument",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["try_at"],
                        name="effect_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("item__isnull", True),
                            ("reported__isnull", True),
                            _connector="XOR",
                        ),
                        name="effect_of_one_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportFold",
            fields=[
                (
                    "key",
                    models.CharField(max_length=40, primary_key=True, serialize=False),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Restriction",
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
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("only_forward", "仅转送通知"),
                            ("stop_download", "停止下载"),
                            ("limit_preview", "限制预览并停止下载"),
                            ("interim_down", "临时下架"),
                            ("remove", "删除"),
                        ],
                        max_length=16,
                    ),
                ),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="evidence.document",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="cases.caseitem",
                    ),
                ),
                (
                    "reported",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="cases.reporteddocument",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=["document"],
                        name="restriction_active",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("item__isnull", True),
                            ("reported__isnull", True),
                            _connector="XOR",
                        ),
                        name="restriction_of_one_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
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
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("upheld", "举报成立"),
                            ("partly_upheld", "部分成立"),
                            ("not_upheld", "不成立"),
                            ("invalid", "材料不足，无法判断"),
                            ("already_actioned", "此前已经处理"),
                            ("out_of_scope", "不属于本站处理范围"),
                        ],
                        max_length=20,
                    ),
                ),
                ("basis", models.CharField(max_length=4)),
                ("measures", models.JSONField(default=dict)),
                ("days", models.PositiveSmallIntegerField(default=0)),
                ("automated", models.BooleanField(default=False)),
                ("facts", models.TextField()),
                ("passage", models.TextField(blank=True)),
                ("salt", models.CharField(max_length=32)),
                ("decided_by", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="cases.case",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "override_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.ruling",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Appeal",
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
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("filed", "待复议"),
                            ("reviewing", "复议中"),
                            ("upheld", "维持原决定"),
                            ("overturned", "撤销原决定"),
                            ("partly", "部分改变"),
                            ("inadmissible", "不予受理"),
                            ("withdrawn", "已撤回"),
                        ],
                        db_index=True,
                        default="filed",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("reporter", "举报人"),
                            ("claimant", "投诉人"),
                            ("uploader", "上传人"),
                            ("moderator", "审核员"),
                            ("senior", "高级审核员"),
                            ("legal", "法务"),
                            ("compliance", "合规"),
                            ("marketplace", "文库平台"),
                            ("system", "系统"),
                            ("appellant", "申请人"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("facts", "事实有误"),
                            ("rule", "适用规则错误"),
                            ("procedure", "程序不当"),
                            ("evidence", "有新证据"),
                            ("severity", "处理过重或过轻"),
                            ("mended", "已经修改，附修改后的文件"),
                        ],
                        max_length=10,
                    ),
                ),
                ("statement", models.TextField()),
                ("original_name", models.CharField(blank=True, max_length=255)),
                ("answer", models.TextField(blank=True)),
                ("filed_at", models.DateTimeField()),
                (
                    "blob",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.blob",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="evidence.selleraccount",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="cases.case",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="cases.report",
                    ),
                ),
                (
                    "ruling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="cases.ruling",
                    ),
                ),
            ],
            options={
                "ordering": ["filed_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ruling", "report"), name="appeal_once_a_report"
                    ),
                    models.UniqueConstraint(
                        fields=("ruling", "seller"), name="appeal_once_a_seller"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("report__isnull", True),
                            ("seller__isnull", True),
                            _connector="XOR",
                        ),
                        name="appeal_of_one_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "filed",
                                    "reviewing",
                                    "upheld",
                                    "overturned",
                                    "partly",
                                    "inadmissible",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="appeal_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
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
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("notice", "投诉通知"),
                            ("counter", "反通知"),
                            ("withdrawal", "撤回"),
                        ],
                        default="notice",
                        max_length=12,
                    ),
                ),
                ("declarations", models.JSONField()),
                ("signature_salt", models.CharField(max_length=32)),
                ("signature_digest", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="cases.case",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="evidence.party"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="counternotice",
            name="statement",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counter_notice",
                to="cases.statement",
            ),
        ),
        migrations.CreateModel(
            name="Strike",
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
                ("tenths", models.PositiveSmallIntegerField()),
                ("placed_at", models.DateTimeField()),
                ("final_at", models.DateTimeField(blank=True, null=True)),
                ("void_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strikes",
                        to="cases.case",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strikes",
                        to="evidence.selleraccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("void_at__isnull", True)),
                        fields=("seller", "case"),
                        name="strike_once_a_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
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
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "处理中"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                        ],
                        db_index=True,
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=60)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("received", "已接收"),
                            ("screened", "已比对"),
                            ("cleared", "可发布"),
                            ("held", "待人工"),
                            ("refused", "未通过"),
                            ("unreadable", "无法读取"),
                            ("published", "已发布"),
                            ("withdrawn", "已撤回"),
                        ],
                        db_index=True,
                        default="received",
                        max_length=50,
                        protected=True,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("copied", "与他人的作品或文档有实质相同的内容"),
                            ("removed", "与已下架的文档相同或实质相同"),
                            ("unverified", "内容无法核对"),
                            ("unlawful", "含有法律法规禁止发布的内容"),
                        ],
                        max_length=16,
                    ),
                ),
                ("screened_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("contested_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("reference", models.CharField(max_length=32, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("price_cents", models.PositiveIntegerField(blank=True, null=True)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("original_name", models.CharField(blank=True, max_length=255)),
                ("sender", models.CharField(max_length=40)),
                ("key", models.CharField(blank=True, max_length=100)),
                ("asked", models.CharField(blank=True, max_length=64)),
                ("received_at", models.DateTimeField()),
                ("policy", models.JSONField(default=dict)),
                (
                    "published",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="evidence.documentversion",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="evidence.selleraccount",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="evidence.text",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["screened_at"],
                        name="submission_held",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "received",
                                    "screened",
                                    "cleared",
                                    "held",
                                    "refused",
                                    "unreadable",
                                    "published",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="submission_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("sender", "key"),
                        name="submission_once_a_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionAct",
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
                ("step", models.CharField(max_length=20)),
                ("reasoning", models.TextField(blank=True)),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("actor", models.CharField(max_length=40)),
                ("role", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submission_act",
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="cases.submission",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SubmissionFinding",
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
                ("likeness", models.CharField(max_length=16)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("cleared", "可发布"),
                            ("held", "待人工"),
                            ("refused", "未通过"),
                        ],
                        max_length=8,
                    ),
                ),
                ("containment_query", models.FloatField(default=0)),
                ("containment_found", models.FloatField(default=0)),
                ("longest_run", models.PositiveIntegerField(default=0)),
                ("evidence", models.PositiveIntegerField(default=0)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.document",
                    ),
                ),
                (
                    "found",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="evidence.text",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.match",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.submission",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="cases.submission",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.work",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SubmissionNotice",
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
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("number", models.CharField(max_length=48, unique=True)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submission_notice",
                        to="evidence.ledgerentry",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="cases.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UseCount",
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
                ("limit", models.CharField(max_length=24)),
                ("subject", models.CharField(max_length=64)),
                ("window", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("limit", "subject", "window"),
                        name="use_count_once_a_window",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Words",
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
                ("fact", models.CharField(max_length=24)),
                ("text", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="cases.case",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="evidence.ledgerentry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "fact"), name="words_once_a_fact"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["user", "document"], name="report_by_account"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("entry", "kind", "report"), name="notice_once_a_report"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("party__isnull", False),
                        ("report__isnull", True),
                        ("seller__isnull", True),
                    ),
                    models.Q(
                        ("party__isnull", True),
                        ("report__isnull", True),
                        ("seller__isnull", False),
                    ),
                    models.Q(
                        ("party__isnull", True),
                        ("report__isnull", False),
                        ("seller__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="notice_has_one_recipient",
            ),
        ),
    ]
