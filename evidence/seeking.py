"""Look for passages to propose, now and then, without anybody asking.

The worker does it: a look at every text takes long, so the daily search goes through
those that are new. Looking twice finds nothing twice, so a search that was killed is
simply made again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Max

from evidence import progress, store
from evidence.actors import SYSTEM, Actor
from evidence.models import ShelfSearch, Text
from evidence.progress import Stage
from evidence.proposing import propose
from evidence.thresholds import in_force

EVERY = timedelta(hours=24)


def ask(*, by: Actor, at: datetime) -> ShelfSearch:
    """Return the search that is under way, else a new one for the worker."""
    open_ = ShelfSearch.objects.filter(stage__in=(Stage.QUEUED, Stage.RUNNING))
    under_way = open_.order_by("-pk").first()
    return under_way or ShelfSearch.objects.create(asked_by=by.label, asked_at=at)


def ask_when_due(*, at: datetime) -> ShelfSearch | None:
    """Ask for a search a day after the last one, when texts have come in since."""
    last = ShelfSearch.objects.order_by("-asked_at").first()
    if last is not None and (last.is_open or last.asked_at + EVERY > at):
        return None
    fresh = Text.objects.filter(indexed_at__isnull=False)
    if last is not None:
        fresh = fresh.filter(indexed_at__gt=last.asked_at)
    return ask(by=SYSTEM, at=at) if fresh.exists() else None


def seek(pk: int, *, now: Callable[[], datetime]) -> None:
    """Carry out a search that waits: every new proposal becomes an open row."""
    row = progress.claim(ShelfSearch, pk, at=now())
    if row is None:
        return
    through = store.size()
    found = propose(in_force(), at=now(), after=_known(row))
    ShelfSearch.objects.filter(pk=row.pk).update(proposed=found, through=through)
    progress.finish(row)


def _known(row: ShelfSearch) -> int:
    """Return up to which text a search need not look: a person's looks at them all."""
    if row.asked_by != SYSTEM.label:
        return 0
    ended = ShelfSearch.objects.filter(stage=Stage.DONE, pk__lt=row.pk)
    return ended.aggregate(last=Max("through"))["last"] or 0
