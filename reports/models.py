"""What was asked for and rendered: the row is the truth, the task is a nudge."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Notice, SubmissionNotice
from evidence.models import Blob
from evidence.progress import Progress


class CaseFile(Progress):
    """案件报告: one rendering of one case, for the file or for a court.

    stream_length and stream_hash: the head of the case's ledger stream at the moment
    of rendering, which the PDF prints. blob: the PDF's bytes under their SHA-256.
    """

    class Edition(models.TextChoices):
        FULL = "full", _("全文版")
        REDACTED = "redacted", _("脱敏版")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_files")
    edition = models.CharField(
        max_length=8, choices=Edition.choices, default=Edition.FULL
    )
    # The pseudonym that the ledger knows, never a name.
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)
    stream_length = models.PositiveIntegerField(null=True, blank=True)
    stream_hash = models.CharField(max_length=64, blank=True)
    blob = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"case file {self.public_id} ({self.edition})"

    @property
    def file_name(self) -> str:
        return f"{self.case.stream}-{self.edition}.pdf"


class MailingQuerySet(models.QuerySet["Mailing"]):
    def waiting(self, at: datetime) -> "MailingQuerySet":
        return self.filter(status=Mailing.Status.QUEUED, try_at__lte=at)

    def troubled(self) -> "MailingQuerySet":
        """What the desk should know of."""
        return self.filter(status__in=[Mailing.Status.FAILED, Mailing.Status.BOUNCED])


class Mailing(models.Model):
    """One letter on its way by e-mail: the row of the outbox. The address is looked up
    when it is sent, and never kept here."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("待发送")
        SENT = "sent", _("已发送")
        UNADDRESSED = "none", _("没有邮箱")
        FAILED = "failed", _("发送失败")
        BOUNCED = "bounced", _("被退回")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.OneToOneField(
        Notice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mailing",
    )
    submission_notice = models.OneToOneField(
        SubmissionNotice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mailing",
    )
    status = models.CharField(
        max_length=8, choices=Status.choices, default=Status.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=60, blank=True)
    objects = MailingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=True) ^ Q(submission_notice__isnull=True),
                name="mailing_of_one_letter",
            )
        ]
        indexes = [
            # Read by the delivery.
            models.Index(
                fields=["try_at"], condition=Q(status="queued"), name="mailing_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.status}"

    @property
    def number(self) -> str:
        letter = self.notice or self.submission_notice
        return letter.number if letter else ""
