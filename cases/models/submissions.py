"""A file handed in before it is on sale, what was found, and what was done."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.state_rows import StateRow
from cases.permissions.desk import may_read_desk
from cases.workflows.submission import SubmissionProcedure, SubmissionState
from evidence.actors import Actor, Role
from evidence.models import (
    Document,
    DocumentVersion,
    LedgerEntry,
    Match,
    SellerAccount,
    SentName,
    Text,
    Work,
)
from evidence.progress import Progress


class Outcome(models.TextChoices):
    """What a likeness leads to, the mildest first."""

    CLEARED = "cleared", _("可发布")
    HELD = "held", _("待人工")
    REFUSED = "refused", _("未通过")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, actor: Actor) -> "SubmissionQuerySet":
        """Every view starts here: what is foreign does not exist."""
        if may_read_desk(actor) or actor.duty == Role.MARKETPLACE:
            return self.all()
        return self.sold_by(actor)

    def sold_by(self, actor: Actor) -> "SubmissionQuerySet":
        """What this person's own seller accounts handed in."""
        return self.filter(seller__party__in=actor.parties)

    def held(self) -> "SubmissionQuerySet":
        return self.filter(state=SubmissionState.HELD)

    def unpublished(self) -> "SubmissionQuerySet":
        """What was handed in and is no listing; withdrawn files count as well."""
        return self.exclude(state=SubmissionState.PUBLISHED)


class Submission(SubmissionProcedure, StateRow, Progress):
    """One file of one seller. `stage` is the worker's, `state` the procedure's.

    number: of the listing that it shall become or renew; "" lets us give one.
    sender: the pseudonym of whoever handed it in; with `key` it makes a repeated
    request the same request (`asked` is the digest of what was asked).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=32, unique=True)
    seller = models.ForeignKey(
        SellerAccount, on_delete=models.PROTECT, related_name="submissions"
    )
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="submissions")
    title = models.CharField(max_length=300)
    price_cents = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(max_length=40, blank=True)
    original_name = models.CharField(max_length=255, blank=True)
    sender = models.CharField(max_length=40)
    key = models.CharField(max_length=100, blank=True)
    asked = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    # What each likeness led to when this one was judged (cases/gate/policy.py).
    policy = models.JSONField(default=dict)
    published = models.ForeignKey(
        DocumentVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
    )
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SubmissionState.values),
                name="submission_state_known",
            ),
            models.UniqueConstraint(
                fields=["sender", "key"],
                condition=~Q(key=""),
                name="submission_once_a_key",
            ),
        ]
        indexes = [
            # Read by the desk's queue of what waits for a person.
            models.Index(
                fields=["screened_at"],
                condition=Q(state=SubmissionState.HELD),
                name="submission_held",
            )
        ]

    MACHINE = "submission"
    MACHINE_FIELDS = (
        "state",
        "version",
        "ground",
        "screened_at",
        "decided_at",
        "contested_at",
        "ended_at",
    )

    def __str__(self) -> str:
        return self.reference

    @property
    def stream(self) -> str:
        return self.reference

    @property
    def sent_names(self) -> models.QuerySet[SentName]:
        """What its sender called these bytes."""
        return SentName.objects.filter(blob=self.text.blob_id, sender=self.sender)

    @property
    def price_yuan(self) -> str:
        """The price as people read it, "" when none was named."""
        return "" if self.price_cents is None else f"{self.price_cents / 100:.2f}"

    @property
    def is_waiting(self) -> bool:
        """Whether the worker still has something to do with it."""
        return self.is_open and self.state in (
            SubmissionState.RECEIVED,
            SubmissionState.SCREENED,
        )


class SubmissionFinding(models.Model):
    """A likeness that the screening found, whose it is, and what it led to.

    found is null where there is no text to compare. match is null when both sides
    are one stored text: the very same bytes. `evidence`: normalised characters in
    passages that are words, outside shelves.
    """

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="findings"
    )
    likeness = models.CharField(max_length=16)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    found = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, blank=True)
    match = models.ForeignKey(
        Match, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    work = models.ForeignKey(
        Work, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    other = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    containment_query = models.FloatField(default=0)
    containment_found = models.FloatField(default=0)
    longest_run = models.PositiveIntegerField(default=0)
    evidence = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.likeness}"


class SubmissionAct(models.Model):
    """A step that was taken, and the words that were written with it."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="acts"
    )
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="submission_act"
    )
    step = models.CharField(max_length=20)
    reasoning = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    actor = models.CharField(max_length=40)
    role = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.step}"


class SubmissionNoticeQuerySet(models.QuerySet["SubmissionNotice"]):
    def visible_to(self, actor: Actor) -> "SubmissionNoticeQuerySet":
        if may_read_desk(actor):
            return self.all()
        return self.filter(submission__seller__party__in=actor.parties)


class SubmissionNotice(models.Model):
    """A letter of ours to the seller about a submission: there is no case yet that
    could carry it. The row is written with the act; rendering comes after."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=48, unique=True)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="notices"
    )
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="submission_notice"
    )
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    objects = SubmissionNoticeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number


class GateRule(models.Model):
    """What compliance set a likeness to lead to; the newest row of each is in force."""

    likeness = models.CharField(max_length=16)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.TextField()
    set_by = models.CharField(max_length=40)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.likeness} → {self.outcome}"
