"""What one act leaves behind: assignment, decision, restriction, deadline, letter."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.item import CaseItem
from cases.models.report import Report, ReportedDocument
from cases.permissions.desk import may_read_desk
from evidence.actors import Actor
from evidence.models import Document, LedgerEntry, Party, SellerAccount


class Assignment(models.Model):
    """Who works on a case now. The history of claims is in the ledger."""

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, related_name="assignment"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    claimed_at = models.DateTimeField()
    lease_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} by user:{self.user_id}"


class Decision(models.Model):
    """What was decided on an item, by whom, and the reasons as they were written."""

    item = models.ForeignKey(
        CaseItem, on_delete=models.PROTECT, related_name="decisions"
    )
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=16)
    measure = models.CharField(max_length=16, blank=True)
    finding = models.CharField(max_length=16, blank=True)
    reasoning = models.TextField()
    salt = models.CharField(max_length=32)
    decided_by = models.CharField(max_length=16)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item_id}: {self.outcome}"


class Words(models.Model):
    """What somebody wrote with an act, whose digest the ledger keeps: reasons,
    defects, answers. One row a sealed fact; erased, the chain still holds."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="words")
    entry = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="words"
    )
    fact = models.CharField(max_length=24)
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "fact"], name="words_once_a_fact")
        ]

    def __str__(self) -> str:
        return f"{self.fact} of entry:{self.entry_id}"


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def active(self) -> "RestrictionQuerySet":
        return self.filter(lifted_at__isnull=True)

    def standing(self, at: datetime) -> "RestrictionQuerySet":
        """Those that stood once what was done at a moment was done."""
        is_lifted = Q(lifted_at__lte=at)
        return self.filter(placed_at__lte=at).exclude(is_lifted)


class Restriction(models.Model):
    """One case's measure on one document. Visibility is computed from the active
    rows (cases/restrictions.py): lifting one case's row never lifts another's."""

    class Level(models.TextChoices):
        """Graded after 法发〔2020〕32号 第10条: the least that answers the case."""

        ONLY_FORWARD = "only_forward", _("仅转送通知")
        STOP_DOWNLOAD = "stop_download", _("停止下载")
        LIMIT_PREVIEW = "limit_preview", _("限制预览并停止下载")
        INTERIM_DOWN = "interim_down", _("临时下架")
        REMOVE = "remove", _("删除")

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="restrictions"
    )
    item = models.ForeignKey(
        CaseItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restrictions",
    )
    reported = models.ForeignKey(
        ReportedDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restrictions",
    )
    level = models.CharField(max_length=16, choices=Level.choices)
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    objects = RestrictionQuerySet.as_manager()

    class Meta:
        indexes = [
            # Read by every document page and by search.
            models.Index(
                fields=["document"],
                condition=Q(lifted_at__isnull=True),
                name="restriction_active",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True) ^ Q(reported__isnull=True),
                name="restriction_of_one_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.level}"


# The date will not move: its year is loaded, and the letter it runs from has arrived.
CERTAIN = Q(provisional=False, awaits_arrival=False)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        return self.filter(ended_at__isnull=True)

    def standing(self) -> "DeadlineQuerySet":
        """Open, or at rest while an earlier one of a merged case runs."""
        merged = Q(ending=Deadline.Ending.MERGED)
        return self.filter(Q(ended_at__isnull=True) | merged)

    def running(self) -> "DeadlineQuerySet":
        """Open, and not standing still."""
        return self.open().filter(paused_at__isnull=True)

    def countable(self) -> "DeadlineQuerySet":
        """Open, or judged in time or late by a date that was not certain."""
        judged = Q(provisional=True, ending__in=["met", "late"])
        return self.filter(Q(ended_at__isnull=True) | judged)

    def due(self, at: datetime) -> "DeadlineQuerySet":
        return self.running().filter(due_at__lte=at)

    def run_out(self, at: datetime) -> "DeadlineQuerySet":
        """Due on a date that will not move any more."""
        return self.due(at).filter(CERTAIN)

    def to_fire(self, at: datetime) -> "DeadlineQuerySet":
        """Due, and not put off after the step was refused."""
        return self.due(at).filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at))


class Deadline(models.Model):
    """A running clock: from which act, how long, under which article, until when.

    subject_id: the object that it runs on, of the machine that the clock names.
    length and extension (工作日) with `term`, `profile` and `pauses` ([from, to] in
    ISO 8601) are all that the date was counted from; `reasons` are the steps of the
    count. Nothing here changes but by an act that the ledger holds.
    """

    class Ending(models.TextChoices):
        MET = "met", _("按期完成")
        LATE = "late", _("逾期完成")
        FIRED = "fired", _("期满执行")
        VOID = "void", _("不再适用")
        # Of cases that were merged the earliest clock runs: this one may come back.
        MERGED = "merged", _("并案后以较早的期限为准")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    item = models.ForeignKey(
        CaseItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deadlines",
    )
    subject_id = models.PositiveBigIntegerField()
    clock = models.CharField(max_length=24)
    term = models.CharField(max_length=24)
    profile = models.CharField(max_length=64, blank=True)
    article = models.CharField(max_length=120)
    trigger = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    length = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)
    calendar = models.CharField(max_length=8, default="cn")
    extension = models.PositiveSmallIntegerField(default=0)
    pauses = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    # The official calendar of that year is not loaded: the date may still move.
    provisional = models.BooleanField(default=False)
    # Counted from the sending until the arrival, which starts it, is known.
    awaits_arrival = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    # Why the machine refused the step when it fired; tried again from retry_at on.
    refusal = models.CharField(max_length=40, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    # When the ledger was told that it had run out with nothing to fire.
    missed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trigger", "clock", "subject_id"],
                name="deadline_once_a_subject",
            ),
        ]
        indexes = [
            # Read by tick and by the desk's queue.
            models.Index(
                fields=["due_at"],
                condition=Q(ended_at__isnull=True),
                name="deadline_open",
            ),
            # Read by every step that stops a clock.
            models.Index(
                fields=["subject_id", "clock"],
                condition=Q(ended_at__isnull=True),
                name="deadline_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} due {self.due_at:%Y-%m-%d %H:%M}"

    def is_running(self) -> bool:
        """Open, and not standing still."""
        return self.ended_at is None and self.paused_at is None

    @property
    def is_certain(self) -> bool:
        return not (self.awaits_arrival or self.provisional)

    def has_run_out(self, at: datetime) -> bool:
        """Over, whether or not it has fired: the scheduler may have been down. A date
        that is not certain yet is nobody's loss."""
        return self.due_at <= at and self.is_certain


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> "NoticeQuerySet":
        """A letter is for whom it is addressed to, and for the principal whose agent
        it is addressed to."""
        if may_read_desk(actor):
            return self.all()
        principal = Q(party=F("case__agent"), case__claimant__in=actor.parties)
        reporter = Q(report__in=Report.objects.by(actor).values("pk"))
        return self.filter(
            Q(party__in=actor.parties)
            | Q(seller__party__in=actor.parties)
            | principal
            | reporter
        )


class Notice(models.Model):
    """A letter of ours (文书). The row is written with the act that causes it;
    rendering and sending come after. `facts` freezes codes, ids and dates."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=48, unique=True)
    # Its index is that of the last letters.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    item = models.ForeignKey(
        CaseItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
    )
    entry = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=16)
    audience = models.CharField(max_length=12)
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        db_index=False,
    )
    seller = models.ForeignKey(
        SellerAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        db_index=False,
    )
    report = models.ForeignKey(
        Report,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        db_index=False,
    )
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            # An act repeated by a retry writes no second letter.
            models.UniqueConstraint(
                fields=["entry", "kind", "party"],
                condition=Q(party__isnull=False),
                name="notice_once_a_party",
            ),
            models.UniqueConstraint(
                fields=["entry", "kind", "seller"],
                condition=Q(seller__isnull=False),
                name="notice_once_a_seller",
            ),
            models.UniqueConstraint(
                fields=["entry", "kind", "report"],
                condition=Q(report__isnull=False),
                name="notice_once_a_report",
            ),
            models.CheckConstraint(
                condition=(
                    Q(party__isnull=False, seller__isnull=True, report__isnull=True)
                    | Q(party__isnull=True, seller__isnull=False, report__isnull=True)
                    | Q(party__isnull=True, seller__isnull=True, report__isnull=False)
                ),
                name="notice_has_one_recipient",
            ),
        ]
        # A letter has one recipient: it stands in the index of that kind alone.
        indexes = [
            models.Index(fields=["case", "id"], name="notice_last_of_case"),
            *(
                models.Index(
                    fields=[kind],
                    condition=Q(**{f"{kind}__isnull": False}),
                    name=f"notice_to_{kind}",
                )
                for kind in ("party", "seller", "report")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Arrival(models.Model):
    """A letter has entered a system of its recipient (电子签名法 11)."""

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="arrivals"
    )
    system = models.CharField(max_length=16)
    at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            # The first entry counts: what a system reports again changes nothing.
            models.UniqueConstraint(
                fields=["notice", "system"], name="arrival_once_a_system"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} in {self.system} at {self.at:%Y-%m-%d %H:%M}"


class DeliveryFailure(models.Model):
    """A letter from which a clock runs could not be delivered to a system of its
    recipient: it came back, was refused for good, or there was no address."""

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="failures"
    )
    system = models.CharField(max_length=16)
    at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "system"], name="delivery_failure_once_a_system"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} not in {self.system} at {self.at:%Y-%m-%d %H:%M}"
