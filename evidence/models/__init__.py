"""Who and what a complaint is about, and what was found."""

from evidence.ledger import LedgerEntry, LedgerHead
from evidence.models.allowances import Allowance
from evidence.models.documents import Document, DocumentVersion, Snapshot
from evidence.models.files import Blob, SentName, Text
from evidence.models.identities import (
    Mandate,
    Membership,
    Party,
    PersonalDetails,
    SellerAccount,
)
from evidence.models.licences import Licence
from evidence.models.matches import Match
from evidence.models.reindexing import Reindexing
from evidence.models.shelves import (
    Shelf,
    ShelfProposal,
    ShelfSearch,
    ShelfText,
    Threshold,
    ThresholdReplay,
)
from evidence.models.sweeps import EvidenceFault, SweepRound
from evidence.models.works import Exhibit, Work

__all__ = [
    "Allowance",
    "Blob",
    "Document",
    "DocumentVersion",
    "EvidenceFault",
    "Exhibit",
    "LedgerEntry",
    "LedgerHead",
    "Licence",
    "Mandate",
    "Match",
    "Membership",
    "Party",
    "PersonalDetails",
    "Reindexing",
    "SellerAccount",
    "SentName",
    "Shelf",
    "ShelfProposal",
    "ShelfSearch",
    "ShelfText",
    "Snapshot",
    "SweepRound",
    "Text",
    "Threshold",
    "ThresholdReplay",
    "Work",
]
