"""A rebuilding of the index, as far as it has come."""

from django.db import models

from evidence.progress import Progress


class Reindexing(Progress):
    """One pass over all texts, in the order of their ids.

    after: the last id that is done; what was killed goes on behind it.
    """

    rule = models.CharField(max_length=40)
    after = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reindexing:{self.pk} {self.rule} {self.done}/{self.total}"
