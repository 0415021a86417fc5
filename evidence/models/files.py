"""Bytes as received, and the text that was read from them."""

from urllib.parse import unquote_to_bytes

from django.db import models
from django.utils.translation import gettext_lazy as _

from evidence.progress import Progress
from evidence.reading import decoded_name, shown_name, spelled_out
from evidence.remarks import REMARKS


class Blob(models.Model):
    """Stored bytes under their SHA-256: written once, never rewritten.

    scan: what a scanner said of them; "" when none has looked.
    """

    class Scan(models.TextChoices):
        CLEAN = "clean", _("未发现病毒")
        INFECTED = "infected", _("带有病毒")

    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_as = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    scan = models.CharField(max_length=8, choices=Scan.choices, blank=True)
    virus = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # For the tick, which scans what nobody reads.
            models.Index(
                fields=["id"], condition=models.Q(scan=""), name="blob_to_be_scanned"
            )
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class SentName(models.Model):
    """A name under which somebody brought bytes, kept as it was sent to the byte.

    name: percent-encoded (RFC 3986), for no column of text holds every byte; digest:
    SHA-256 of the bytes; sender: the pseudonym of the ledger. What is shown beside a
    file and given to who downloads it is `shown_name`.
    """

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="sent_names")
    sender = models.CharField(max_length=40)
    name = models.TextField()
    digest = models.CharField(max_length=64)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["blob", "sender", "digest"], name="sent_name_once_a_sender"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sent(self) -> bytes:
        return unquote_to_bytes(self.name)

    @property
    def odd(self) -> str:
        """The name with all that cannot be seen spelled out; "" when it is just what
        is shown anyway."""
        name = decoded_name(self.sent)
        spelled = spelled_out(name)
        return "" if spelled == shown_name(name) else spelled


class Text(Progress):
    """The text of a blob, read in one way.

    `media_type` says how the bytes were read, which `--as` can override. Offsets of
    pages and segments point into `content`; null means not known, never guessed.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("已接收")
        OK = "ok", _("可比对")
        NO_TEXT = "no_text", _("无法比对")
        REFUSED = "refused", _("无法读取")

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="texts")
    media_type = models.CharField(max_length=100)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.RECEIVED
    )
    refusal = models.CharField(max_length=60, blank=True)
    content = models.TextField(blank=True)
    characters = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(null=True, blank=True)
    page_starts = models.JSONField(null=True, blank=True)
    # Headers and notes stand behind the paged text: they have no page.
    body_end = models.PositiveIntegerField(null=True, blank=True)
    segment_starts = models.JSONField(null=True, blank=True)
    flags = models.JSONField(default=list, blank=True)
    extractor = models.CharField(max_length=40, blank=True)
    # Fingerprints are in the index (evidence/store.py) exactly when this is set.
    indexed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["blob", "media_type"], name="text_once_a_reading"
            )
        ]

    def __str__(self) -> str:
        return f"text:{self.pk} {self.state}"

    @property
    def remarks(self) -> list[str]:
        """What people should know of how it was read."""
        return [str(REMARKS[flag]) for flag in self.flags if flag in REMARKS]
