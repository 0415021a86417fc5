"""A file comes in: stored, numbered and on the record before we say "received"."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cases.accounts import suspension_of
from cases.errors import AccountSuspended, CaseError, NotPermitted
from cases.filing import next_reference
from cases.gate.tasks import screen_submission
from cases.models import Submission
from cases.permissions.desk import role_on
from cases.permissions.submission import may_answer_for, may_submit
from cases.registration import Upload
from evidence import ledger, progress
from evidence.actors import Actor
from evidence.canonical import canonical, sha256
from evidence.intake import receive_text
from evidence.ledger import Act
from evidence.listings import NUMBER
from evidence.models import Document, SellerAccount, Text
from evidence.pipeline import ask_again
from evidence.progress import Stage

SERIES = "SC"


@dataclass(frozen=True, slots=True)
class Offer:
    """A file and what it shall be sold as. number: the listing's, "" lets us give
    one; key: the sender's own, by which a repeated request is known."""

    upload: Upload
    title: str
    price_cents: int | None = None
    number: str = ""
    key: str = ""


class ForeignListing(CaseError):
    """The number is no document number, or another seller's listing has it."""

    sentence = _("文档编号无效，或者该编号的文档不属于这个卖家账号。")


class KeyReused(CaseError):
    """The same idempotency key came with another request."""

    sentence = _("同一幂等键已用于另一次内容不同的请求。")


def hand_in(
    seller: SellerAccount, offer: Offer, *, by: Actor, at: datetime
) -> tuple[Submission, bool]:
    """Receive one file of a seller; return its row and whether it is new.

    A file that no extractor takes is kept too, and the screening says why. Raises
    NotPermitted, AccountSuspended, ForeignListing, KeyReused, UploadTooLarge and
    AllowanceSpent.
    """
    if not may_submit(seller, by):
        raise NotPermitted
    refuse_suspended(seller, at)
    if not _may_become(offer.number, seller):
        raise ForeignListing
    # Outside the transaction: bytes are whole on the disk before any row names them.
    text = receive_text(
        offer.upload.content, name=offer.upload.name, at=at, by=by, reading="text"
    )
    asked = _asked(seller, offer, text)
    if held := _repeated(offer, asked, by):
        return held, False
    try:
        with transaction.atomic():
            return _received(seller, offer, text, asked, by=by, at=at), True
    except IntegrityError:
        # Two of the same request at once: the other one was quicker.
        if held := _repeated(offer, asked, by):
            return held, False
        raise


def refuse_suspended(seller: SellerAccount, at: datetime) -> None:
    """Raise AccountSuspended for an account that may not upload now."""
    if held := suspension_of(seller, at=at):
        raise AccountSuspended(held.public_id, held.ends_at)


def try_again(submission: Submission, *, by: Actor) -> bool:
    """Queue a file whose screening failed; False when it has not failed."""
    if not may_answer_for(submission, by):
        raise NotPermitted
    with transaction.atomic():
        if not progress.try_again(submission):
            return False
        ask_again(submission.text)
        transaction.on_commit(lambda: screen_submission.enqueue(submission.pk))
    return True


def _received(
    seller: SellerAccount,
    offer: Offer,
    text: Text,
    asked: str,
    *,
    by: Actor,
    at: datetime,
) -> Submission:
    row = Submission.objects.create(
        reference=next_reference(SERIES, at),
        seller=seller,
        text=text,
        title=offer.title,
        price_cents=offer.price_cents,
        number=offer.number,
        original_name=offer.upload.name,
        sender=by.label,
        key=offer.key,
        asked=asked,
        received_at=at,
        policy={},
    )
    facts: dict[str, Any] = {"id": row.pk, "seller": seller.pk, "text": text.pk}
    facts["blob"] = text.blob.sha256
    act = Act(row.stream, "submission.received", facts)
    ledger.append(act, by=by, role=role_on(row, by), at=at)
    # The same bytes may have been read before, when less was there to compare with.
    if text.stage != Stage.FAILED:
        ask_again(text)
    transaction.on_commit(lambda: screen_submission.enqueue(row.pk))
    return row


def _may_become(number: str, seller: SellerAccount) -> bool:
    """A new number, or that of a listing of the same seller."""
    if not number:
        return True
    if not NUMBER.fullmatch(number):
        return False
    document = Document.objects.filter(number=number).first()
    return document is None or document.seller_id == seller.pk


def _asked(seller: SellerAccount, offer: Offer, text: Text) -> str:
    """Digest what makes two requests the same, so that a key cannot mean two."""
    return sha256(
        canonical(
            [
                seller.pk,
                offer.title,
                offer.price_cents,
                offer.number,
                text.blob.sha256,
            ]
        )
    )


def _repeated(offer: Offer, asked: str, by: Actor) -> Submission | None:
    if not offer.key:
        return None
    row = Submission.objects.filter(sender=by.label, key=offer.key).first()
    if row is not None and row.asked != asked:
        raise KeyReused
    return row
