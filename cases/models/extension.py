"""延长等待期: what a complainant asks for when notarisation takes its time."""

from django.db import models

from cases.models.item import CaseItem
from cases.workflows.extension import Delay
from evidence.ledger import LedgerEntry
from evidence.models import Exhibit


class Extension(models.Model):
    """One request, or what legal granted on a paper that came another way.

    asked, settled: the entries of the steps; `asked` is empty where nobody asked here.
    days: 工作日 as asked, granted as given: none when refused, empty until then.
    """

    item = models.ForeignKey(
        CaseItem, on_delete=models.PROTECT, related_name="extensions"
    )
    ground = models.CharField(max_length=16, choices=Delay.choices)
    days = models.PositiveSmallIntegerField()
    exhibits = models.ManyToManyField(Exhibit, related_name="extensions")
    filed_at = models.DateTimeField()
    asked = models.OneToOneField(
        LedgerEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="asked_extension",
    )
    settled = models.OneToOneField(
        LedgerEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_extension",
    )
    granted = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["filed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.days} days for {self.item_id}"
