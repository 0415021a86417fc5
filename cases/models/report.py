"""What people reported: the documents of a report case, and each report by itself."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.reasons import REASONS, Reason
from cases.workflows.report import Outcome
from evidence.actors import Actor
from evidence.encryption import EncryptedTextField
from evidence.models import Blob, Document, Match, SellerAccount, Snapshot


class ReportedDocument(models.Model):
    """A document in a report case. A case has several when near-identical uploads
    were folded; the snapshot is taken when the first report of each arrives."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="reported_documents"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="reported_in"
    )
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "document"], name="reported_document_once_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: document {self.document_id}"

    @property
    def public_id(self) -> uuid.UUID:
        """The same for the same document in the same case, as an item's is."""
        return uuid.uuid5(self.case.public_id, str(self.document_id))


class ReportQuerySet(models.QuerySet["Report"]):
    def by(self, actor: Actor) -> "ReportQuerySet":
        """Reports of this person: of their account, or by codes that they showed."""
        own = Q(pk__in=actor.reports)
        if actor.user_id is not None:
            own |= Q(user=actor.user_id)
        return self.filter(own)

    def standing(self) -> "ReportQuerySet":
        """Reports that count: neither taken back nor found to be abuse."""
        return self.filter(withdrawn_at__isnull=True, invalidated_at__isnull=True)


class Report(models.Model):
    """What one person, the system or an authority said about one document.

    `number` and a query code are the receipt: the code is shown once and kept as a
    digest. Nothing personal stands here: see ReporterDetails. The words are for the
    desk alone and never reach the uploader.
    """

    class Source(models.TextChoices):
        PERSON = "person", _("公众举报")
        SYSTEM = "system", _("系统线索")
        AUTHORITY = "authority", _("主管部门")

    class Checked(models.TextChoices):
        """How we know that a person, and not a program, has filed it."""

        ACCOUNT = "account", _("已登录")
        PROOF = "proof", _("已通过验证")
        EMAIL = "email", _("邮箱已确认")
        PAPER = "paper", _("主管部门来文")
        NONE = "none", _("未验证")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    # Where it came from when its case was folded into another.
    folded_from = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="reports"
    )
    source = models.CharField(
        max_length=10, choices=Source.choices, default=Source.PERSON
    )
    reason = models.CharField(max_length=4)
    minors = models.BooleanField(default=False)
    segment = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    quote = models.CharField(max_length=500, blank=True)
    statement = models.TextField(blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )
    checked = models.CharField(max_length=8, choices=Checked.choices)
    code_digest = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=32)
    # The form that was posted: the same form posted twice is one report.
    form_id = models.UUIDField(unique=True, null=True, blank=True)
    address_digest = models.CharField(max_length=64, blank=True)
    match = models.ForeignKey(
        Match, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    invalidated_at = models.DateTimeField(null=True, blank=True)
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["filed_at", "pk"]
        indexes = [
            # Read when the same account reports again, and for its accuracy.
            models.Index(fields=["user", "document"], name="report_by_account")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def why(self) -> Reason:
        return REASONS[self.reason]

    def known_of_reporter(self) -> list[str]:
        """Return the words that name who reported: as given here, or by the account."""
        details = getattr(self, "details", None)
        given = (details.name, details.email) if details else ()
        account = self.user.email if self.user else ""
        return [word for word in (*given, account) if len(word) > 1]

    def said_by_reporter(self) -> list[str]:
        """Return all that was written from this side: report, answers, appeals."""
        answers = [row.answer for row in self.answers.all()]
        appeals = [row.statement for row in self.appeals.all()]
        return [self.statement, *answers, *appeals]


class ReporterDetails(models.Model):
    """Everything personal of who reported: one row, encrypted, erasable alone."""

    report = models.OneToOneField(
        Report, on_delete=models.CASCADE, related_name="details", primary_key=True
    )
    name = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)

    class Meta:
        verbose_name_plural = "reporter details"

    def __str__(self) -> str:
        return f"details of report:{self.report_id}"


class ReportAttachment(models.Model):
    """A file that came with a report: stored and hashed before it was received."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="attachments"
    )
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    original_name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return f"{self.report_id}: {self.blob_id}"


class AuthorityPaper(models.Model):
    """主管部门来文: what an authority sent, by which its report came in. The scan is an
    attachment of the report."""

    class Authority(models.TextChoices):
        CYBERSPACE = "cac", _("网信部门")
        POLICE = "police", _("公安机关")
        HOTLINE = "12377", _("中央网信办举报中心（12377）")
        COPYRIGHT = "ncac", _("版权主管部门")
        COURT = "court", _("人民法院、人民检察院")
        OTHER = "other", _("其他主管部门")

    report = models.OneToOneField(
        Report, on_delete=models.PROTECT, related_name="paper", primary_key=True
    )
    authority = models.CharField(max_length=8, choices=Authority.choices)
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=80)
    dated_on = models.DateField()
    ends_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class ReportAnswer(models.Model):
    """What the desk asked of the reporters, and what one of them answered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    question = models.TextField()
    asked_at = models.DateTimeField()
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} asked at {self.asked_at:%Y-%m-%d %H:%M}"


class ReportFold(models.Model):
    """Under which open case reports of one text, and of its near-identical uploads,
    are gathered. The row is the lock that keeps a thousand reports in one case."""

    key = models.CharField(max_length=40, primary_key=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.key} → {self.case_id}"


class AuthorityTask(models.Model):
    """向主管部门报告: a P0 was found, and somebody tells 网信 or the police."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="authority_tasks"
    )
    # Whose it was before that case was folded into another.
    folded_from = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ground = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    # The paper that went out, as the office that received it will quote it.
    authority = models.CharField(max_length=120, blank=True)
    paper_number = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.ground}"


class Strike(models.Model):
    """Points on a seller account for one case. Provisional until the time for an
    appeal is over; void when the decision is overturned. Tenths of a point."""

    seller = models.ForeignKey(
        SellerAccount, on_delete=models.PROTECT, related_name="strikes"
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="strikes")
    tenths = models.PositiveSmallIntegerField()
    placed_at = models.DateTimeField()
    final_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "case"],
                condition=Q(void_at__isnull=True),
                name="strike_once_a_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}: {self.points}"

    @property
    def points(self) -> float:
        return self.tenths / 10
