"""Rows that a worker works on: the row is the truth, a task is only a nudge.

A worker takes a row by one conditional UPDATE and holds it under a lease. A worker
that dies leaves a lease that runs out; `tick` then nudges the row again.
"""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 5


class Stage(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("处理中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class ProgressQuerySet(models.QuerySet[Any]):
    def claimable(self, at: datetime) -> Self:
        """Rows that wait, or whose worker has not been heard of since its lease."""
        return self.filter(
            Q(stage=Stage.QUEUED) | Q(stage=Stage.RUNNING, lease_until__lt=at)
        )


class Progress(models.Model):
    """The state of a piece of long work, as its page shows it."""

    stage = models.CharField(
        max_length=10, choices=Stage.choices, default=Stage.QUEUED, db_index=True
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    cancel_asked = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.stage in (Stage.QUEUED, Stage.RUNNING)


P = TypeVar("P", bound=Progress)


def claim(
    model: type[P], pk: Any, *, at: datetime, lease: timedelta = LEASE
) -> P | None:
    """Take a row for work and return it, or None when it is not ours to take.

    A row that has killed its worker MAX_ATTEMPTS times fails instead of looping.
    """
    rows = ProgressQuerySet(model).filter(pk=pk).claimable(at)
    if rows.filter(cancel_asked=True).update(stage=Stage.CANCELLED):
        return None
    spent = rows.filter(attempts__gte=MAX_ATTEMPTS)
    if spent.update(stage=Stage.FAILED, error="worker_died"):
        return None
    taken = rows.update(
        stage=Stage.RUNNING, lease_until=at + lease, attempts=F("attempts") + 1
    )
    return model._default_manager.get(pk=pk) if taken else None


def report(row: Progress, done: int, total: int, *, at: datetime) -> bool:
    """Write how far the work is and renew the lease; False when it shall stop."""
    rows = type(row)._default_manager.filter(pk=row.pk, attempts=row.attempts)
    rows.update(done=done, total=total, lease_until=at + LEASE)
    return rows.filter(stage=Stage.RUNNING, cancel_asked=False).exists()


def put_back(row: Progress, error: str = "") -> None:
    """Let a row wait again: what it needs is in other hands. error: whose, as a code
    that the site can explain."""
    rows = type(row)._default_manager.filter(pk=row.pk, attempts=row.attempts)
    rows.filter(stage=Stage.RUNNING).update(
        stage=Stage.QUEUED, lease_until=None, attempts=F("attempts") - 1, error=error
    )


def try_again(row: Progress) -> bool:
    """Queue work that failed, with all its attempts; False when it has not failed."""
    rows = type(row)._default_manager.filter(pk=row.pk, stage=Stage.FAILED)
    return bool(
        rows.update(
            stage=Stage.QUEUED,
            attempts=0,
            error="",
            lease_until=None,
            cancel_asked=False,
        )
    )


def cancel(row: Progress) -> None:
    """End the work because somebody asked for it (`report` said so)."""
    _end(row, Stage.CANCELLED, "")


def finish(row: Progress) -> None:
    _end(row, Stage.DONE, "")


def fail(row: Progress, error: str) -> None:
    """End the work with a code that the site can explain."""
    _end(row, Stage.FAILED, error)


def _end(row: Progress, stage: Stage, error: str) -> None:
    # A worker whose lease was taken over has nothing left to say about the row.
    type(row)._default_manager.filter(pk=row.pk, attempts=row.attempts).update(
        stage=stage, error=error, lease_until=None
    )
    row.stage, row.error = stage, error
