"""The items of a case: each is one document complained of, tied to one work."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.state_rows import StateRow
from cases.workflows.extension import ExtensionProcedure
from cases.workflows.item import ItemState
from cases.workflows.judgment import JudgmentProcedure
from evidence.models import Document, Match, Snapshot, Work


class CaseItem(JudgmentProcedure, ExtensionProcedure, StateRow):
    """A document in a case. The snapshot is taken when the notice arrives."""

    class Manner(models.TextChoices):
        """侵权形式 as the complainant states it."""

        WHOLE = "whole", _("全文相同")
        PART = "part", _("部分相同")
        ADAPTED = "adapted", _("改编")
        COMPILED = "compiled", _("汇编")
        UNSIGNED = "unsigned", _("删改署名")

    class Bar(models.TextChoices):
        """Whether the complainant has been here before. A flagged document is read
        by a person before any measure; a barred one by legal (条例 17)."""

        FLAGGED = "flagged", _("曾经处理")
        BARRED = "barred", _("条例第十七条：不得再次通知")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The constraint that names a document once begins with the case: it is the index.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    position = models.PositiveIntegerField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="case_items"
    )
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="case_items")
    manner = models.CharField(
        max_length=10, choices=Manner.choices, default=Manner.PART
    )
    match = models.ForeignKey(
        Match,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # When the likeness was found only after the notice had come (cases/attaching.py);
    # what was written before does not speak of it.
    matched_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.OneToOneField(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="item"
    )
    # The same complainant had the same document restored or let it go before.
    bar = models.CharField(max_length=8, choices=Bar.choices, blank=True)
    earlier = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
        db_index=False,
    )

    # 并案: the case that named it before, and under which number; and of one that
    # stayed behind, the item of the other case about the same document and work.
    merged_from = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="moved_items",
    )
    position_before = models.PositiveIntegerField(null=True, blank=True)
    folded_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="folded_items",
    )

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=[kind],
                condition=Q(**{f"{kind}__isnull": False}),
                name=f"case_item_{kind}",
            )
            for kind in ("match", "earlier")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "document", "work"], name="case_item_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ItemState.values), name="case_item_state_known"
            ),
        ]

    MACHINE = "item"
    MACHINE_FIELDS = (
        "state",
        "version",
        "measure",
        "finding",
        "decided_at",
        "final_at",
        "restored_at",
        "announced_at",
        "extension_asked_at",
        "before_order",
        "measure_before_order",
    )
    ADDRESSES = ("document__seller",)

    def __str__(self) -> str:
        return f"{self.case_id}/{self.position}"

    @property
    def stream(self) -> str:
        return self.case.stream

    def filings(self) -> list[Case]:
        """The case that has it now, and the notices merged into that which named it."""
        doubles = self.folded_items.select_related("case")
        came = [self.merged_from] if self.merged_from else []
        return [self.case, *came, *(row.case for row in doubles)]


def named_in(case: Case) -> list[CaseItem]:
    """The documents that a notice named, wherever they are examined, in the order
    and under the numbers that it gave them; those that joined it are not among them.
    Each knows its own case.
    """
    rows = CaseItem.objects.filter(Q(case=case, merged_from=None) | Q(merged_from=case))
    items = list(
        rows.select_related(
            *("case", "folded_into__case", "work", "snapshot"),
            *("document__seller", "document__current"),
        )
    )
    for item in items:
        if item.position_before is not None:
            item.position = item.position_before
    return sorted(items, key=lambda item: item.position)


def numbers_in(case: Case) -> dict[int, int]:
    """Return the numbers that a notice gave its documents, by the id of each where it
    is examined."""
    return {item.folded_into_id or item.pk: item.position for item in named_in(case)}
