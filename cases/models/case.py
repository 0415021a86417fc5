"""The case: one table for every kind of procedure, a machine a kind."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.models.state_rows import StateRow
from cases.permissions.desk import may_read_desk
from cases.reasons import REASONS, Priority, Reason
from cases.workflows.copyright import ENDED as COMPLAINT_ENDED
from cases.workflows.copyright import CaseState, CopyrightProcedure
from cases.workflows.merger import MergerProcedure
from cases.workflows.report import ENDED as REPORT_ENDED
from cases.workflows.report import Outcome, ReportProcedure, ReportState
from evidence.actors import Actor, Role
from evidence.models import Party, Work

# Every state of every procedure, once: the database checks the list.
ENDED = frozenset({*COMPLAINT_ENDED, *REPORT_ENDED})
STATES = list({**dict(ReportState.choices), **dict(CaseState.choices)}.items())
OPEN = [state for state, _label in STATES if state not in {CaseState.DRAFT, *ENDED}]


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Every view of a case starts here: what is foreign does not exist.

        Drafts belong to their filers alone. Uploaders see letters, not cases.
        """
        filed = Q(claimant__in=actor.parties) | Q(agent__in=actor.parties)
        if may_read_desk(actor):
            return self.filter(filed | ~Q(state=CaseState.DRAFT))
        return self.filter(filed)

    def apart_from(self, actor: Actor) -> "CaseQuerySet":
        """Cases in which the person has no part, as has_part says of each (I5)."""
        seller = "document__seller__party__in"
        parts = [
            Q(**{f"items__{seller}": actor.parties}),
            Q(**{f"reported_documents__{seller}": actor.parties}),
            Q(claimant__in=actor.parties) | Q(agent__in=actor.parties),
            Q(reports__in=actor.reports),
        ]
        if actor.user_id is not None:
            parts.append(Q(reports__user=actor.user_id))
        apart = self
        for part in parts:  # each by an index of its own, not all cases by a join
            own = self.model.objects.filter(part).order_by()
            apart = apart.exclude(pk__in=own.values("pk"))
        return apart

    def filed(self) -> "CaseQuerySet":
        return self.exclude(state=CaseState.DRAFT)

    def open(self) -> "CaseQuerySet":
        return self.filter(state__in=OPEN)

    def complaints(self) -> "CaseQuerySet":
        return self.filter(kind=Case.Kind.COPYRIGHT)

    def reports(self) -> "CaseQuerySet":
        return self.filter(kind=Case.Kind.REPORT)


class Case(StateRow):
    """A complaint from its first draft to its closing.

    kind picks the procedure (cases/workflows); `outcome` and the measures on the
    items are kept apart from the state. `form` holds the unfinished wizard.
    """

    class Kind(models.TextChoices):
        COPYRIGHT = "copyright", _("版权申诉")
        REPORT = "report", _("举报")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Given at submission: drafts leave no gaps in the numbers.
    reference = models.CharField(max_length=32, unique=True, null=True, blank=True)
    state = FSMField(
        default=CaseState.DRAFT,
        choices=STATES,
        protected=True,
        db_index=True,
    )
    claimant = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    agent = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_as_agent",
    )
    clock_profile = models.CharField(max_length=64, blank=True)
    form = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Of a report: the most urgent reason given, how soon a person looks, and the
    # points by which the queue is ordered (cases/priority.py explains them).
    reason = models.CharField(max_length=4, blank=True)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, null=True, blank=True
    )
    score = models.IntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_cases",
    )
    # Of a complaint: how often it was sent back to be cured, whether anything of it
    # may be deleted, and the notice of which it is the part that was complete.
    cure_rounds = models.PositiveSmallIntegerField(default=0)
    legal_hold = models.BooleanField(default=False)
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    # What the notice listed as it came: how many documents, and their downloads × price
    # as frozen. A part that is set apart keeps the figures of the whole.
    listed_items = models.PositiveIntegerField(default=0)
    listed_cents = models.PositiveBigIntegerField(default=0)
    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state for state, _label in STATES]),
                name="case_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.DRAFT) | Q(reference__isnull=False),
                name="case_filed_has_reference",
            ),
        ]

    MACHINE = "copyright"
    MACHINE_FIELDS: tuple[str, ...] = (
        "state",
        "version",
        "reference",
        "clock_profile",
        "submitted_at",
        "accepted_at",
        "closed_at",
        "cure_rounds",
        "legal_hold",
        "listed_items",
        "listed_cents",
        "merged_into",
    )

    def __str__(self) -> str:
        return self.reference or f"draft:{self.public_id}"

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Load every case as an instance of its own procedure."""
        case = super().from_db(*args, **kwargs)
        if "kind" in case.__dict__:
            case.__class__ = PROCEDURES[case.kind]
        return case

    @property
    def stream(self) -> str:
        """The ledger stream; a draft has none."""
        if self.reference is None:
            raise ValueError("a draft has no ledger")
        return self.reference

    @property
    def case(self) -> "Case":
        return self

    def has_part(self, actor: Actor) -> bool:
        """Whether the person files, acts for who files, or answers in this case."""
        return self.is_filed_by(actor) or self._is_answered_by(actor)

    def side_of(self, actor: Actor) -> str:
        """Return the role of somebody who has no duty, for the ledger."""
        return Role.CLAIMANT if self.is_filed_by(actor) else Role.UPLOADER

    def is_filed_by(self, actor: Actor) -> bool:
        """Whether the person stands for the complainant or for its agent."""
        return bool({self.claimant_id, self.agent_id} & actor.parties)

    def _is_answered_by(self, actor: Actor) -> bool:
        sold = self.items.filter(document__seller__party__in=actor.parties)
        return bool(actor.parties) and sold.exists()


class CopyrightCase(CopyrightProcedure, MergerProcedure, Case):
    """A case whose procedure is 版权申诉."""

    class Meta:
        proxy = True


class ReportCase(ReportProcedure, Case):
    """A case whose procedure is 举报."""

    MACHINE = "report"
    MACHINE_FIELDS = (
        *("state", "version", "reference", "submitted_at", "decided_at", "closed_at"),
        *("reason", "priority", "outcome", "merged_into"),
    )

    class Meta:
        proxy = True

    def has_part(self, actor: Actor) -> bool:
        """Who reported, and who sells what was reported, never handles it (I5)."""
        documents = self.reported_documents.filter(
            document__seller__party__in=actor.parties
        )
        return self.is_reported_by(actor) or documents.exists()

    @property
    def why(self) -> Reason:
        return REASONS[self.reason]

    def is_reported_by(self, actor: Actor) -> bool:
        """By their account, or by the query codes that they showed."""
        return self.reports.by(actor).exists()

    def side_of(self, actor: Actor) -> str:
        sells = self.reported_documents.filter(
            document__seller__party__in=actor.parties
        )
        return Role.UPLOADER if actor.parties and sells.exists() else Role.REPORTER


PROCEDURES: dict[str, type[Any]] = {
    Case.Kind.COPYRIGHT: CopyrightCase,
    Case.Kind.REPORT: ReportCase,
}


class Statement(models.Model):
    """What a party declared and signed: each declaration by code and text digest.

    The typed signature is kept as a salted digest; the name itself is the party's.
    """

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("投诉通知")
        COUNTER = "counter", _("反通知")
        WITHDRAWAL = "withdrawal", _("撤回")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    purpose = models.CharField(
        max_length=12, choices=Purpose.choices, default=Purpose.NOTICE
    )
    declarations = models.JSONField()
    signature_salt = models.CharField(max_length=32)
    signature_digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} signed by party:{self.party_id}"


class ReferenceSeries(models.Model):
    """The last number given in a series such as BQ-2026, locked while one is given."""

    series = models.CharField(max_length=24, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}-{self.last:06d}"


def works_of(case: Case) -> models.QuerySet[Work]:
    """The works that a notice names, also for what is examined elsewhere by now."""
    named = Q(case_items__case=case) | Q(case_items__merged_from=case)
    return Work.objects.filter(named).distinct().order_by("id")
