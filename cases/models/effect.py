"""What the marketplace is to be told: rows written with the act that causes them."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.item import CaseItem
from cases.models.report import ReportedDocument
from evidence.models import Document, LedgerEntry


class EffectQuerySet(models.QuerySet["Effect"]):
    def waiting(self, at: datetime) -> "EffectQuerySet":
        return self.filter(delivered_at__isnull=True, try_at__lte=at)


class Effect(models.Model):
    """One row of the outbox. The marketplace adapter delivers it, in order for each
    document of a case, at least once; `key` lets the marketplace recognise a second
    delivery. Income is held for a claimant, so reports hold none."""

    class Kind(models.TextChoices):
        RESTRICT = "restrict", _("限制文档")
        LIFT = "lift", _("解除限制")
        HOLD_INCOME = "hold_income", _("暂停结算收益")
        RELEASE_INCOME = "release_income", _("恢复结算收益")
        KEEP_INCOME = "keep_income", _("收益留待权利人主张")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=80, unique=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="effects"
    )
    item = models.ForeignKey(
        CaseItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="effects",
        db_index=False,
    )
    reported = models.ForeignKey(
        ReportedDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="effects",
        db_index=False,
    )
    entry = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    level = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    objects = EffectQuerySet.as_manager()

    class Meta:
        indexes = [
            # Read by the delivery of effects.
            models.Index(
                fields=["try_at"],
                condition=Q(delivered_at__isnull=True),
                name="effect_waiting",
            ),
            *(
                models.Index(
                    fields=[kind],
                    condition=Q(**{f"{kind}__isnull": False}),
                    name=f"effect_of_{kind}",
                )
                for kind in ("item", "reported")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True) ^ Q(reported__isnull=True),
                name="effect_of_one_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def claim(self) -> str:
        """What holds the document, by a name that the marketplace keeps (a UUID)."""
        held = self.item or self.reported
        if held is None:
            raise ValueError("an effect is of one case")
        return str(held.public_id)
