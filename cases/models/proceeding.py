"""诉讼、投诉、保全 about documents of a case."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.item import CaseItem
from cases.models.state_rows import StateRow
from cases.workflows.proceeding import ProceedingProcedure, ProceedingState
from evidence.models import Exhibit


class Proceeding(ProceedingProcedure, StateRow):
    """What was begun, before whom, under which number, about which documents."""

    class Kind(models.TextChoices):
        SUIT = "suit", _("民事诉讼")
        COMPLAINT = "complaint", _("行政投诉")
        PRESERVATION = "preservation", _("行为保全")
        CRIMINAL = "criminal", _("刑事案件")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proceedings")
    items = models.ManyToManyField(CaseItem, related_name="proceedings")
    # Those of them that it keeps: each has a waiting of its own, so that what is told
    # of in time for one may be late for another.
    timely_items = models.ManyToManyField(CaseItem, related_name="timely_proceedings")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    authority = models.CharField(max_length=200)
    docket = models.CharField(max_length=100, blank=True)
    begun_on = models.DateField()
    against_uploader = models.BooleanField(default=True)
    exhibits = models.ManyToManyField(Exhibit, related_name="proceedings")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProceedingState.values),
                name="proceeding_state_known",
            )
        ]

    MACHINE = "proceeding"
    MACHINE_FIELDS = (
        *("state", "version", "is_order", "outcome", "returns"),
        *("notified_at", "proved_at", "filed_at", "verified_at", "concluded_at"),
    )

    def __str__(self) -> str:
        return f"proceeding:{self.pk} {self.state}"

    @property
    def stream(self) -> str:
        return self.case.stream

    @property
    def is_timely(self) -> bool:
        """In time for one document at least: proof is asked for."""
        return bool(self.timely_items.all())

    def timely_positions(self) -> list[int]:
        return sorted(item.position for item in self.timely_items.all())

    def late_positions(self) -> list[int]:
        every = {item.position for item in self.items.all()}
        return sorted(every - set(self.timely_positions()))
