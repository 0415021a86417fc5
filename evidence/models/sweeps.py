"""How far the sweep of the stored bytes has come, and what it found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepRound(models.Model):
    """One pass over all blobs, a step at a time, in the order of their SHA-256.

    after: the last one looked at; what was killed goes on behind it.
    """

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    after = models.CharField(max_length=64, blank=True)
    blobs = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # Two workers may begin one at the same moment: only one of them does.
            models.UniqueConstraint(
                fields=["is_open"],
                condition=models.Q(is_open=True),
                name="sweep_round_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"sweep:{self.pk} {self.blobs}"


class EvidenceFault(models.Model):
    """Stored bytes that were not what they should be when the sweep came by."""

    class Reason(models.TextChoices):
        MISSING = "missing", _("文件丢失")
        SIZE = "size", _("大小不符")
        ALTERED = "altered", _("内容被改动")
        UNREADABLE = "unreadable", _("无法读取")
        WRITABLE = "writable", _("可被改写")
        ORPHAN = "orphan", _("没有记录的文件")
        SEAL = "seal", _("快照信息被改动")
        TEXT = "text", _("快照文字被改动")
        BYTES = "bytes", _("快照文件被改动")

    name = models.CharField(max_length=500)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    found_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "reason"],
                condition=models.Q(cleared_at__isnull=True),
                name="evidence_fault_once_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.name[:12]}"
