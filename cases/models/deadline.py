"""期限: the clocks that an act starts, each with all that its date was counted from."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.item import CaseItem
from evidence.models import LedgerEntry

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
