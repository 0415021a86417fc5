"""What the worker does at every tick for the house itself, whoever is being served."""

import logging
from datetime import datetime

from cases import limits, proofs
from cases.models.heartbeats import CHECKPOINT, beat
from evidence.checkpoints import LedgerBroken, seal_when_due
from evidence.quarantine import scan_waiting
from evidence.rounds import open_faults, sweep_some
from evidence.seeking import ask_when_due
from evidence.staging import clear_incoming
from evidence.witness import BrokenWitness
from moderation.marketplace import deliver_effects
from reports.mailing import mail_letters

logger = logging.getLogger(__name__)


def keep_house(*, at: datetime) -> dict[str, int]:
    """Tell the marketplace, put away broken-off uploads, scan what waits for it,
    sweep a part of the stored bytes, seal the ledger, and have passages sought that
    many sellers share.

    Returns what `tick` prints: effects delivered, uploads cleared, blobs scanned and
    swept, faults that stand open, checkpoints written, counts of old limits and
    spent proofs forgotten.
    """
    ask_when_due(at=at)
    return {
        "effects": deliver_effects(at=at),
        "mailed": mail_letters(at=at),
        "cleared": clear_incoming(at=at),
        "scanned": scan_waiting(at=at),
        "swept": sweep_some(at=at),
        "faults": open_faults(),
        "sealed": _seal(at),
        "forgotten": limits.forget(at=at) + proofs.forget(at=at),
    }


def _seal(at: datetime) -> int:
    """Where the ledger is not what was sealed before, the desk's alarm follows from
    the silence (desk/alarms.py)."""
    try:
        sealed = seal_when_due(at=at)
    except (LedgerBroken, BrokenWitness, OSError) as error:
        logger.error("the ledger was not sealed: %s", error)
        return 0
    beat(CHECKPOINT, at=at)
    return int(sealed is not None)
