"""What the worker does at every tick for the house itself, whoever is being served."""

from datetime import datetime

from evidence.intake import clear_incoming
from evidence.quarantine import scan_waiting
from evidence.rounds import open_faults, sweep_some


def keep_house(*, at: datetime) -> dict[str, int]:
    """Put away broken-off uploads, scan what waits for it, and sweep a part of the
    stored bytes.

    Returns what `tick` prints: uploads cleared, blobs scanned and swept, faults that
    stand open.
    """
    return {
        "cleared": clear_incoming(at=at),
        "scanned": scan_waiting(at=at),
        "swept": sweep_some(at=at),
        "faults": open_faults(),
    }
