"""What the worker does at every tick for the house itself, whoever is being served."""

from datetime import datetime

from evidence.intake import clear_incoming
from evidence.rounds import open_faults, sweep_some


def keep_house(*, at: datetime) -> dict[str, int]:
    """Put away broken-off uploads and sweep a part of the stored bytes.

    Returns what `tick` prints: uploads cleared, blobs swept, faults that stand open.
    """
    return {
        "cleared": clear_incoming(at=at),
        "swept": sweep_some(at=at),
        "faults": open_faults(),
    }
