"""文书: the letters of an act, where they have arrived and where they could not."""

import uuid

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.models.item import CaseItem
from cases.models.report import Report
from cases.permissions.desk import may_read_desk
from evidence.actors import Actor
from evidence.models import LedgerEntry, Party, SellerAccount


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> "NoticeQuerySet":
        """A letter is for whom it is addressed to, and for the principal whose agent
        it is addressed to."""
        if may_read_desk(actor):
            return self.all()
        principal = Q(party=F("case__agent"), case__claimant__in=actor.parties)
        reporter = Q(report__in=Report.objects.by(actor).values("pk"))
        return self.filter(
            Q(party__in=actor.parties)
            | Q(seller__party__in=actor.parties)
            | principal
            | reporter
        )


class Notice(models.Model):
    """A letter of ours (文书). The row is written with the act that causes it;
    rendering and sending come after. `facts` freezes codes, ids and dates."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=48, unique=True)
    # Its index is that of the last letters.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    item = models.ForeignKey(
        CaseItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
    )
    entry = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=16)
    audience = models.CharField(max_length=12)
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        db_index=False,
    )
    seller = models.ForeignKey(
        SellerAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        db_index=False,
    )
    report = models.ForeignKey(
        Report,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        db_index=False,
    )
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            # An act repeated by a retry writes no second letter.
            models.UniqueConstraint(
                fields=["entry", "kind", "party"],
                condition=Q(party__isnull=False),
                name="notice_once_a_party",
            ),
            models.UniqueConstraint(
                fields=["entry", "kind", "seller"],
                condition=Q(seller__isnull=False),
                name="notice_once_a_seller",
            ),
            models.UniqueConstraint(
                fields=["entry", "kind", "report"],
                condition=Q(report__isnull=False),
                name="notice_once_a_report",
            ),
            models.CheckConstraint(
                condition=(
                    Q(party__isnull=False, seller__isnull=True, report__isnull=True)
                    | Q(party__isnull=True, seller__isnull=False, report__isnull=True)
                    | Q(party__isnull=True, seller__isnull=True, report__isnull=False)
                ),
                name="notice_has_one_recipient",
            ),
        ]
        # A letter has one recipient: it stands in the index of that kind alone.
        indexes = [
            models.Index(fields=["case", "id"], name="notice_last_of_case"),
            *(
                models.Index(
                    fields=[kind],
                    condition=Q(**{f"{kind}__isnull": False}),
                    name=f"notice_to_{kind}",
                )
                for kind in ("party", "seller", "report")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Arrival(models.Model):
    """A letter has entered a system of its recipient (电子签名法 11)."""

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="arrivals"
    )
    system = models.CharField(max_length=16)
    at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            # The first entry counts: what a system reports again changes nothing.
            models.UniqueConstraint(
                fields=["notice", "system"], name="arrival_once_a_system"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} in {self.system} at {self.at:%Y-%m-%d %H:%M}"


class DeliveryFailure(models.Model):
    """A letter from which a clock runs could not be delivered to a system of its
    recipient: it came back, was refused for good, or there was no address."""

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="failures"
    )
    system = models.CharField(max_length=16)
    at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "system"], name="delivery_failure_once_a_system"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} not in {self.system} at {self.at:%Y-%m-%d %H:%M}"
