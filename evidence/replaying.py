"""A change of a threshold, tried on the past by the worker before anybody saves it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from evidence import progress
from evidence.actors import Actor
from evidence.models import ThresholdReplay
from evidence.pipeline import ask_again_all
from evidence.progress import Stage
from evidence.replay import Pair, Replay, replay, screened
from evidence.shelving import Shelver
from evidence.thresholds import NoSuchThreshold, changed, in_force, set_threshold


class ParametersMoved(Exception):
    """Other parameters are in force than those that the replay started from."""


def ask(name: str, value: float, *, by: Actor, at: datetime) -> ThresholdReplay:
    """Queue a replay; the caller nudges the worker once this has committed.

    Raises NoSuchThreshold for a value that the threshold could not have, and for the
    one that it has.
    """
    before = in_force()
    after = changed(before, {name: value})
    if before == after:
        raise NoSuchThreshold(f"{name}={value:g}")
    return ThresholdReplay.objects.create(
        name=name,
        value=getattr(after, name),
        before=getattr(before, name),
        digest_before=before.digest(),
        asked_by=by.label,
        asked_at=at,
        total=screened().count(),
    )


def run(pk: int, *, now: Callable[[], datetime]) -> None:
    """Try a waiting change on every text; stores what it would touch, nothing else.

    Returns at once when another worker holds the row; ends early when it is
    cancelled. Killed, it starts again from the first text: it has changed nothing.
    """
    row = progress.claim(ThresholdReplay, pk, at=now())
    if row is None:
        return
    total = screened().count()
    for step in replay(changed(in_force(), {row.name: row.value})):
        if isinstance(step, Replay):
            _keep(row, step)
        elif not progress.report(row, step, total, at=now()):
            progress.cancel(row)
            return
    progress.report(row, total, total, at=now())
    progress.finish(row)


def save(row: ThresholdReplay, *, shelver: Shelver) -> bool:
    """Put the replayed value in force; False when it is in force already.

    Texts that would be leads now are compared again by the worker. Raises
    ParametersMoved when something else was changed since the replay.
    """
    with transaction.atomic():
        rows = ThresholdReplay.objects.select_for_update()
        row = rows.get(pk=row.pk, stage=Stage.DONE)
        if row.saved_at is not None:
            return False
        if in_force().digest() != row.digest_before:
            raise ParametersMoved
        set_threshold(row.name, row.value, shelver, replay=row.pk)
        row.saved_at = shelver.at
        row.save(update_fields=["saved_at"])
        # The later text of each pair is compared: it finds the earlier one.
        ask_again_all({later for _earlier, later in row.gained})
    return True


def cancel(row: ThresholdReplay) -> None:
    """Ask the worker to stop; a replay that still waits is cancelled when claimed."""
    ThresholdReplay.objects.filter(pk=row.pk).update(cancel_asked=True)


def outcome(row: ThresholdReplay) -> Replay:
    """Return what a finished replay found."""
    return Replay(row.done, _pairs(row.lost), _pairs(row.gained))


def _keep(row: ThresholdReplay, found: Replay) -> None:
    ThresholdReplay.objects.filter(pk=row.pk, attempts=row.attempts).update(
        lost=sorted(found.lost), gained=sorted(found.gained)
    )


def _pairs(rows: Iterable[list[int]]) -> frozenset[Pair]:
    return frozenset((one, other) for one, other in rows)
