"""The sweep as the worker does it: a step at every tick, a round a day."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from evidence import ledger
from evidence.actors import SYSTEM, Role
from evidence.canonical import sha256
from evidence.ledger import SITE, Act
from evidence.models import EvidenceFault, SweepRound
from evidence.sweeping import DIGEST, Fault, Swept, digest_in, sweep

EVERY = timedelta(days=1)
LEASE = timedelta(minutes=10)


def sweep_some(*, at: datetime) -> int:
    """Check the next settings.SWEEP_BYTES of the stored bytes; return how many blobs.

    A fault is written down once, in the ledger too, and stands open on the desk until
    a later round finds it mended.
    """
    current = _claimed(at)
    if current is None:
        return 0
    swept = sweep(after=current.after, at_most=settings.SWEEP_BYTES)
    with transaction.atomic():
        if _moved_on(current, swept, at):
            _note(swept.faults, at)
            _clear(swept, current.after, at)
    return swept.blobs


def open_faults() -> int:
    return EvidenceFault.objects.filter(cleared_at__isnull=True).count()


def _claimed(at: datetime) -> SweepRound | None:
    """The open round, or a new one when the last began a day ago; None when another
    worker is at it or none is due."""
    newest = SweepRound.objects.order_by("-pk").first()
    if newest is None or (not newest.is_open and newest.begun_at <= at - EVERY):
        try:
            with transaction.atomic():
                newest = SweepRound.objects.create(begun_at=at)
        except IntegrityError:
            return None
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    rows = SweepRound.objects.filter(free, pk=newest.pk, is_open=True)
    if not rows.update(lease_until=at + LEASE):
        return None
    return SweepRound.objects.get(pk=newest.pk)


def _moved_on(current: SweepRound, swept: Swept, at: datetime) -> bool:
    """Write how far the round is; False when another worker has overtaken us."""
    is_over = not swept.reached
    return bool(
        SweepRound.objects.filter(pk=current.pk, after=current.after).update(
            after=swept.reached,
            blobs=F("blobs") + swept.blobs,
            lease_until=None,
            is_open=not is_over,
            ended_at=at if is_over else None,
        )
    )


def _note(faults: list[Fault], at: datetime) -> None:
    for fault in faults:
        _row, is_new = EvidenceFault.objects.get_or_create(
            name=fault.name[:500],
            reason=fault.reason,
            cleared_at=None,
            defaults={"found_at": at},
        )
        if is_new:
            _write_down("evidence.fault", fault.name, fault.reason, at)


def _clear(swept: Swept, after: str, at: datetime) -> None:
    """Close the faults that this step should have found again and did not."""
    found = {(fault.name[:500], fault.reason) for fault in swept.faults}
    for row in EvidenceFault.objects.filter(cleared_at__isnull=True):
        if digest := digest_in(row.name):
            is_past = after < digest and (not swept.reached or digest <= swept.reached)
        else:
            is_past = not swept.reached  # strays are looked for at the end
        if is_past and (row.name, row.reason) not in found:
            row.cleared_at = at
            row.save(update_fields=["cleared_at"])
            _write_down("evidence.mended", row.name, row.reason, at)


def _write_down(kind: str, name: str, reason: str, at: datetime) -> None:
    # The ledger holds no file names: a stray's stands there as its digest.
    digest = name if DIGEST.fullmatch(name) else sha256(name.encode())
    act = Act(SITE, kind, {"file": digest, "reason": reason})
    ledger.append(act, by=SYSTEM, role=Role.SYSTEM, at=at)
