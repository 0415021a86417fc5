"""延长等待期: what a complainant asks for when notarisation takes its time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.models.deadline import Deadline
from cases.models.item import CaseItem
from cases.workflows.extension import Delay
from cases.workflows.item import ItemState
from evidence.ledger import LedgerEntry
from evidence.models import Exhibit


class Extension(models.Model):
    """One request, or what legal granted on a paper that came another way.

    asked, settled: the entries of the steps; `asked` is empty where nobody asked here.
    ground, days (工作日), exhibits: as they were asked for, and where nobody asked, as
    they were granted; what legal decides changes none of them. granted: 工作日 as
    given, none when refused, empty until then. granted_ground, added: on which ground,
    and on what legal added to the proof of the request.
    """

    class Standing(models.TextChoices):
        """Where a request stands. Nothing but the granting makes a waiting longer:
        one that ends first leaves the request as it is, unanswered."""

        PENDING = "pending", _("待审查")
        GRANTED = "granted", _("准予延长")
        REFUSED = "refused", _("不予延长")
        UNANSWERED = "unanswered", _("期满未决")
        OVERTAKEN = "overtaken", _("等待期提前结束，不再审查")

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
    granted_ground = models.CharField(max_length=16, choices=Delay.choices, blank=True)
    added = models.ManyToManyField(Exhibit, related_name="granted_extensions")

    class Meta:
        ordering = ["filed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.days} days for {self.item_id}"

    @property
    def standing(self) -> Standing:
        """Needs the document; asks what ended the waiting where nobody answered."""
        if self.granted is not None:
            return self.Standing.GRANTED if self.granted else self.Standing.REFUSED
        asked_at = self.item.extension_asked_at
        if self.item.state == ItemState.WAITING and asked_at == self.filed_at:
            return self.Standing.PENDING
        ends = self.item.deadlines.filter(
            clock="waiting", ended_at__gte=self.filed_at
        ).order_by("ended_at")
        ending = ends.values_list("ending", flat=True).first()
        has_run_out = ending == Deadline.Ending.FIRED
        return self.Standing.UNANSWERED if has_run_out else self.Standing.OVERTAKEN

    @property
    def other_ground(self) -> Sentence:
        """The ground on which it was granted, where another one was asked for."""
        is_other = self.granted_ground not in ("", self.ground)
        return Delay(self.granted_ground).label if is_other else ""
