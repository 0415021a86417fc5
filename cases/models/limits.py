"""What is counted so that nobody can flood the desk, and what compliance has set."""

from django.db import models


class UseCount(models.Model):
    """How often something was done within one window, by a digest of who or what.

    In the database: every web process counts in the same row, and a restart forgets
    nothing.
    """

    limit = models.CharField(max_length=24)
    subject = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["limit", "subject", "window"], name="use_count_once_a_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.limit} {self.subject[:8]}: {self.count}"


class SpentProof(models.Model):
    """A solved proof of work: good for one report."""

    digest = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Policy(models.Model):
    """A figure that compliance has set in place of its default (cases/policies.py)."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class MatchReading(models.Model):
    """How far cases/matched.py has read the matches: the last id that is done."""

    name = models.CharField(max_length=20, primary_key=True)
    after = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.after}"
