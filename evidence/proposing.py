"""Propose passages for a shelf, and act on what a person says of them."""

import hashlib
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from evidence import intake
from evidence.extractors import TEXT
from evidence.index import FingerprintIndex
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.proposals import Proposal, proposals
from evidence.models import DocumentVersion, Shelf, ShelfProposal, ShelfText, Text
from evidence.progress import Stage
from evidence.shelving import (
    Shelver,
    put_on_shelf,
    record,
    shelf_named,
    take_off_shelf,
)

_BATCH = 400
_SELLERS = 65_536  # of texts, kept while passages are sought
_EXTRACTOR = "shelf-proposal"


def propose(params: Params, *, at: datetime, after: int = 0) -> int:
    """Look through the texts with ids above `after` for passages that many sellers
    have; return how many are new.

    What was proposed before, whatever came of it, is not proposed again.
    """
    index = FingerprintIndex()
    fresh = Text.objects.filter(indexed_at__isnull=False, pk__gt=after).order_by("pk")
    numbers = list(fresh.values_list("pk", flat=True))
    found = list(proposals(numbers, index, lru_cache(_SELLERS)(_seller_of), params))
    known = ShelfProposal.objects.count()
    for start in range(0, len(found), _BATCH):
        ShelfProposal.objects.bulk_create(
            [_row(each, index, at) for each in found[start : start + _BATCH]],
            ignore_conflicts=True,
        )
    return ShelfProposal.objects.count() - known


def _seller_of(text: int) -> tuple[str, int]:
    """Return the seller of a text; one that nobody sells is by itself."""
    versions = DocumentVersion.objects.filter(text=text).order_by("pk")
    seller = versions.values_list("document__seller", flat=True).first()
    return ("text", text) if seller is None else ("seller", seller)


def _row(each: Proposal, index: FingerprintIndex, at: datetime) -> ShelfProposal:
    start, end = each.passage
    passage = index.contents([each.text])[each.text][start:end]
    return ShelfProposal(
        text_id=each.text,
        start=start,
        end=end,
        found=[[text, *span] for text, span in each.found],
        sha256=hashlib.sha256(normalize(passage).codes.tobytes()).hexdigest(),
        proposed_at=at,
    )


def accept(
    proposal: ShelfProposal,
    params: Params,
    *,
    shelver: Shelver,
    shelf: Shelf | None = None,
) -> bool:
    """Put a proposed passage on a shelf, that of common clauses unless said; False
    when it is late."""
    with transaction.atomic():
        shelved = _accepted(proposal.pk, params, at=shelver.at, shelf=shelf)
        if shelved is None:
            return False
        facts = {"proposal": proposal.pk, "shelf_text": shelved.pk}
        facts["shelf"] = shelved.shelf_id
        record("shelf.proposal_accepted", {**facts}, shelver)
    return True


def refuse(proposal: ShelfProposal, *, shelver: Shelver) -> bool:
    """Say that a passage is somebody's work after all; False when it is late."""
    with transaction.atomic():
        open_ = ShelfProposal.objects.filter(
            pk=proposal.pk, state=ShelfProposal.State.OPEN
        )
        refused = open_.update(state=ShelfProposal.State.REFUSED, decided_at=shelver.at)
        if refused:
            record("shelf.proposal_refused", {"proposal": proposal.pk}, shelver)
    return bool(refused)


def reopen(proposal: ShelfProposal, params: Params, *, shelver: Shelver) -> bool:
    """Take a decision back: the proposal is open again, and what was accepted counts
    again. False when it is open already."""
    with transaction.atomic():
        decided = ShelfProposal.objects.filter(pk=proposal.pk).exclude(
            state=ShelfProposal.State.OPEN
        )
        row = decided.select_for_update(of=("self",)).first()
        if row is None:
            return False
        if row.shelved is not None:
            take_off_shelf(row.shelved, params, shelver=shelver)
        row.state, row.shelved, row.decided_at = ShelfProposal.State.OPEN, None, None
        row.save(update_fields=["state", "shelved", "decided_at"])
        record("shelf.proposal_reopened", {"proposal": row.pk}, shelver)
    return True


def accept_all(params: Params, *, at: datetime) -> int:
    """Accept every open proposal, unledgered: for the bench, which has no people."""
    rows = ShelfProposal.objects.filter(state=ShelfProposal.State.OPEN)
    with transaction.atomic():
        return sum(
            _accepted(pk, params, at=at) is not None
            for pk in rows.values_list("pk", flat=True)
        )


def _accepted(
    pk: int, params: Params, *, at: datetime, shelf: Shelf | None = None
) -> ShelfText | None:
    open_ = ShelfProposal.objects.filter(pk=pk, state=ShelfProposal.State.OPEN)
    if not open_.update(state=ShelfProposal.State.ACCEPTED, decided_at=at):
        return None
    proposal = ShelfProposal.objects.select_related("text").get(pk=pk)
    shelf = shelf or _of_clauses(at)
    text = _text_of(proposal, at)
    shelved = put_on_shelf(text, shelf, params, at=at)
    if shelved is None:
        shelved = ShelfText.objects.standing().get(shelf=shelf, text=text)
    ShelfProposal.objects.filter(pk=pk).update(shelved=shelved)
    return shelved


def _of_clauses(at: datetime) -> Shelf:
    shelf = Shelf.objects.filter(kind=Shelf.Kind.CLAUSE).order_by("pk").first()
    return shelf or shelf_named(str(Shelf.Kind.CLAUSE.label), Shelf.Kind.CLAUSE, at=at)


def _text_of(proposal: ShelfProposal, at: datetime) -> Text:
    """Return the passage as a text of its own; the bytes are the passage itself."""
    passage = proposal.text.content[proposal.start : proposal.end]
    content = passage.encode("utf-8", "surrogatepass")
    blob = intake.receive_own(content, media_type=TEXT, at=at)
    text, _ = Text.objects.get_or_create(
        blob=blob,
        media_type=TEXT,
        defaults={
            "state": Text.State.OK,
            "content": passage,
            "characters": len(passage),
            "extractor": _EXTRACTOR,
            "stage": Stage.DONE,
        },
    )
    return text
