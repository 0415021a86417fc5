"""Nothing that was not found clean is read or handed out, where there is a scanner.

Without settings.CLAMD nothing is scanned; the test virus is known without a scanner.
What carries a virus stays as evidence and is never served.
"""

from datetime import datetime

from django.conf import settings

from evidence.antivirus import ScannerSilent, TooLongToScan, scan
from evidence.intake import open_blob
from evidence.models import Blob, Text
from evidence.progress import Stage

A_TICK = 64 << 20
"""Bytes that a tick sends to the scanner beside what the worker reads anyway."""


class Quarantined(Exception):
    """These bytes are not handed out. waits: they may be, once they were scanned."""

    def __init__(self, *, waits: bool) -> None:
        super().__init__(waits)
        self.waits = waits


def is_clean(blob: Blob, *, at: datetime) -> bool:
    """Have the bytes scanned unless they were; True where no scanner is configured.

    Raises ScannerSilent.
    """
    if blob.scan == Blob.Scan.INFECTED:
        return False
    if not settings.CLAMD or blob.scan == Blob.Scan.CLEAN:
        return True
    with open_blob(blob) as content:
        virus = scan(content, settings.CLAMD)
    _write_down(blob, virus, at)
    return not virus


def mark_infected(blob: Blob, virus: str, *, at: datetime) -> None:
    """Keep bytes from being served in which a reader has found a virus."""
    if blob.scan != Blob.Scan.INFECTED:
        _write_down(blob, virus, at)


def check_servable(blob: Blob) -> None:
    """Raise Quarantined unless the bytes may be handed out as they are now."""
    if blob.scan == Blob.Scan.INFECTED:
        raise Quarantined(waits=False)
    if settings.CLAMD and blob.scan != Blob.Scan.CLEAN:
        raise Quarantined(waits=True)


def scan_waiting(*, at: datetime) -> int:
    """Scan what nobody reads, such as exhibits, oldest first; return how many.

    Stops when the scanner is silent: the next tick comes soon. What is too long for
    it holds up nothing else.
    """
    if not settings.CLAMD:
        return 0
    count, left = 0, A_TICK
    for blob in Blob.objects.filter(scan="").order_by("pk")[:200]:
        try:
            is_clean(blob, at=at)
        except (TooLongToScan, FileNotFoundError):
            continue
        except ScannerSilent:
            break
        count, left = count + 1, left - blob.size_bytes
        if left <= 0:
            break
    return count


def waiting() -> int:
    """How many texts stand still because the scanner is silent or takes less."""
    silent = (ScannerSilent.code, TooLongToScan.code)
    return Text.objects.filter(stage=Stage.QUEUED, error__in=silent).count()


def _write_down(blob: Blob, virus: str, at: datetime) -> None:
    blob.scan = Blob.Scan.INFECTED if virus else Blob.Scan.CLEAN
    blob.virus, blob.scanned_at = virus[:200], at
    blob.save(update_fields=["scan", "virus", "scanned_at"])
