"""What the matcher found: a lead, never a verdict."""

from django.db import models

from evidence.models.files import Text


class Match(models.Model):
    """The resemblance of two texts under one set of parameters; never changed.

    passages: [{"query": [a, b], "found": [a, b], "similarity": thousandths,
    "length": normalised characters}] in raw offsets of both contents. Shares are
    0–1. ignored: [{"query" or "found": [a, b], "why", "source"}], the ranges of the
    screened text that counted for nothing. A newer result under other parameters is
    another row.
    """

    query = models.ForeignKey(
        Text, on_delete=models.PROTECT, related_name="matches_made"
    )
    found = models.ForeignKey(
        Text, on_delete=models.PROTECT, related_name="matches_found"
    )
    containment_query = models.FloatField()
    containment_found = models.FloatField()
    longest_run = models.PositiveIntegerField()
    passages = models.JSONField()
    ignored = models.JSONField(default=list)
    parameters = models.JSONField()
    parameters_digest = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["query", "found", "parameters_digest"],
                name="match_once_a_parameter_set",
            )
        ]

    def __str__(self) -> str:
        return f"text:{self.query_id} ~ text:{self.found_id}"
