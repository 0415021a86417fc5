"""What one act leaves behind: assignment, decision, words, restriction."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.item import CaseItem
from cases.models.report import ReportedDocument
from evidence.models import Document, LedgerEntry


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
