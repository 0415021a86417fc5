"""When each thing that must go on working was last seen at work."""

from datetime import datetime

from django.db import models


class Heartbeat(models.Model):
    """The last time that a part of the machinery came round: one row a name."""

    name = models.CharField(max_length=24, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"


SCHEDULER = "scheduler"
CHECKPOINT = "checkpoint"


def beat(name: str, *, at: datetime) -> None:
    """Note that it came round. A clock put back does not make it look idle."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
