"""反通知: what an uploader answers about one document, and what was asked for again."""

import uuid

from django.db import models
from django.db.models import Q

from cases.models.case import Case, Statement
from cases.models.item import CaseItem
from cases.models.state_rows import StateRow
from cases.workflows.counter_notice import (
    OPEN,
    CounterNoticeProcedure,
    CounterState,
    Ground,
)
from evidence.actors import Actor
from evidence.models import Exhibit, LedgerEntry, Party, Text


class CounterNoticeQuerySet(models.QuerySet["CounterNotice"]):
    def filed(self) -> "CounterNoticeQuerySet":
        return self.exclude(state=CounterState.DRAFT)

    def open(self) -> "CounterNoticeQuerySet":
        return self.filter(state__in=OPEN)

    def of_uploader(self, actor: Actor) -> "CounterNoticeQuerySet":
        """Those about documents that the person sells: else they do not exist."""
        return self.filter(item__document__seller__party__in=actor.parties)


class CounterNotice(CounterNoticeProcedure, StateRow):
    """One answer about one document. Of several for the same document one at most is
    open. `explanation` is read by both sides."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="counter_notices"
    )
    item = models.ForeignKey(
        CaseItem, on_delete=models.PROTECT, related_name="counter_notices"
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="counter_notices"
    )
    ground = models.CharField(max_length=16, choices=Ground.choices)
    explanation = models.TextField()
    exhibits = models.ManyToManyField(Exhibit, related_name="counter_notices")
    # Cure by edit: the new version that the uploader offers (ground: removed).
    amended = models.ForeignKey(
        Text, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amended_name = models.CharField(max_length=255, blank=True)
    # What was declared and signed with it.
    statement = models.OneToOneField(
        Statement, on_delete=models.PROTECT, related_name="counter_notice"
    )
    opened_at = models.DateTimeField()
    objects = CounterNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CounterState.values), name="counter_state_known"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=OPEN),
                name="counter_one_open_an_item",
            ),
        ]

    MACHINE = "counter_notice"
    MACHINE_FIELDS = (
        *("state", "version", "filed_at", "completed_at", "settled_at"),
        "cure_rounds",
    )
    LOADED = ("item__document__seller", "amended")

    def __str__(self) -> str:
        return f"counter-notice:{self.pk} {self.state}"

    @property
    def stream(self) -> str:
        return self.case.stream


class DefectFound(models.Model):
    """One thing that a notice or a counter-notice lacked, and what was answered.

    The rows of earlier rounds stay: the notice as it was can always be read.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="defects")
    counter_notice = models.ForeignKey(
        CounterNotice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="defects",
    )
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=4)
    fact = models.TextField()
    found_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    exhibits = models.ManyToManyField(Exhibit, related_name="defects")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["found_at", "code"]

    def __str__(self) -> str:
        return f"{self.code} in {self.case_id}"
