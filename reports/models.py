"""What was asked for and rendered: the row is the truth, the task is a nudge."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from evidence.models import Blob
from evidence.progress import Progress


class CaseFile(Progress):
    """案件报告: one rendering of one case, for the file or for a court.

    stream_length and stream_hash: the head of the case's ledger stream at the moment
    of rendering, which the PDF prints. blob: the PDF's bytes under their SHA-256.
    """

    class Edition(models.TextChoices):
        FULL = "full", _("全文版")
        REDACTED = "redacted", _("脱敏版")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_files")
    edition = models.CharField(
        max_length=8, choices=Edition.choices, default=Edition.FULL
    )
    # The pseudonym that the ledger knows, never a name.
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)
    stream_length = models.PositiveIntegerField(null=True, blank=True)
    stream_hash = models.CharField(max_length=64, blank=True)
    blob = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"case file {self.public_id} ({self.edition})"

    @property
    def file_name(self) -> str:
        return f"{self.case.stream}-{self.edition}.pdf"
