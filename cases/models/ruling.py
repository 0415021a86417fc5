"""What was decided on a report, and the appeals against it."""

import uuid

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.report import Report
from cases.models.state_rows import StateRow
from cases.reasons import REASONS, Reason
from cases.workflows.appeal import PENDING, AppealGround, AppealProcedure, AppealState
from cases.workflows.report import Outcome
from evidence.actors import Actor, Role
from evidence.models import Blob, Document, LedgerEntry, SellerAccount, Text


class Ruling(models.Model):
    """The decision on a report case: a superset of the DSA's statement of reasons.

    basis: the reason found to hold, which need not be the one reported. measures: the
    level by document number. days: how long they stand, 0 until decided otherwise.
    automated: a machine took part in finding it. A later ruling names the one that it
    replaces; the last one stands.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rulings")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    basis = models.CharField(max_length=4)
    measures = models.JSONField(default=dict)
    days = models.PositiveSmallIntegerField(default=0)
    automated = models.BooleanField(default=False)
    facts = models.TextField()
    passage = models.TextField(blank=True)
    salt = models.CharField(max_length=32)
    decided_by = models.CharField(max_length=16)
    at = models.DateTimeField()
    override_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.case_id}: {self.outcome}"

    @property
    def why(self) -> Reason:
        return REASONS[self.basis]

    @property
    def was_made_on_appeal(self) -> bool:
        return self.entry.kind.startswith("appeal.")

    def restricts(self, seller: SellerAccount) -> bool:
        """Whether it names a measure on a document of this seller."""
        rows = seller.documents.filter(number__in=self.measures)
        return rows.exists()

    def is_first_for(self, seller: SellerAccount) -> bool:
        """Whether it restricts a seller whom the one that it replaces left alone."""
        before = self.override_of
        return self.restricts(seller) and not (before and before.restricts(seller))


class AppealQuerySet(models.QuerySet["Appeal"]):
    def pending(self) -> "AppealQuerySet":
        return self.filter(state__in=PENDING)

    def visible_to(self, actor: Actor) -> "AppealQuerySet":
        """An appeal is for who filed it and for the desk."""
        if actor.is_staff:
            return self.all()
        return self.filter(
            Q(report__in=Report.objects.by(actor).values("pk"))
            | Q(seller__party__in=actor.parties)
        )


class Appeal(AppealProcedure, StateRow):
    """One side contests a ruling: once, and somebody else looks at it again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appeals")
    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, related_name="appeals")
    side = models.CharField(max_length=12, choices=Role.choices)
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="appeals"
    )
    seller = models.ForeignKey(
        SellerAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals",
    )
    ground = models.CharField(max_length=10, choices=AppealGround.choices)
    statement = models.TextField()
    blob = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    original_name = models.CharField(max_length=255, blank=True)
    # The mended file as it is read and compared, and the document that it mends.
    mended = models.ForeignKey(
        Text, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(blank=True)
    filed_at = models.DateTimeField()
    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["filed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ruling", "report"], name="appeal_once_a_report"
            ),
            models.UniqueConstraint(
                fields=["ruling", "seller"], name="appeal_once_a_seller"
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=True) ^ Q(seller__isnull=True),
                name="appeal_of_one_side",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AppealState.values), name="appeal_state_known"
            ),
        ]

    MACHINE = "appeal"
    LOADED = ("ruling", "report", "seller", "mended", "document__current")
    MACHINE_FIELDS = ("state", "version", "resolved_at", "answer")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.side}"

    @property
    def stream(self) -> str:
        return self.case.stream
