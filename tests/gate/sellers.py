"""Sellers at the gate, and the texts that they hand in."""

import itertools

from cases.gate.receiving import Offer, hand_in
from cases.gate.screening import screen
from cases.models import Case, CaseItem, Submission
from cases.registration import Upload
from evidence import pipeline
from evidence.actors import Actor
from evidence.intake import receive_text
from evidence.models import Document, SellerAccount, Text
from moderation.access import actor_of
from moderation.models import User
from tests.factories import AT, make_case, make_document, make_party, make_user
from tests.matching.memory import make_text as make_words

_counter = itertools.count(1)


def make_seller(
    name: str = "毛强", *, user: User | None = None
) -> tuple[SellerAccount, Actor]:
    """An account, and the person who sells under it."""
    user = user or make_user()
    party = make_party(name=name, user=user)
    account = SellerAccount.objects.create(
        marketplace_id=f"seller-{next(_counter)}", mask="M****8", party=party
    )
    return account, actor_of(user)


def words(seed: int, length: int = 1500) -> str:
    return make_words(length, seed)


def handed_in(
    seller: SellerAccount, by: Actor, content: str | bytes, name: str = "稿.txt"
) -> Submission:
    """Received, and not looked at yet."""
    raw = content.encode() if isinstance(content, str) else content
    row, _new = hand_in(seller, Offer(Upload(raw, name), "新稿"), by=by, at=AT)
    return row


def screened(
    seller: SellerAccount, by: Actor, content: str | bytes, name: str = "稿.txt"
) -> Submission:
    row = handed_in(seller, by, content, name)
    screen(row.pk, at=AT)
    return Submission.objects.get(pk=row.pk)


def read(content: str) -> Text:
    """A text that has been read and can be found."""
    text = receive_text(content.encode(), name="在先.txt", at=AT)
    pipeline.process(text.pk, at=AT)
    return Text.objects.get(pk=text.pk)


def on_sale(content: str, *, seller: SellerAccount | None = None) -> Document:
    """A listing whose text has been read and compared."""
    text = receive_text(content.encode(), name="在售.txt", at=AT)
    document = make_document(text=text, seller=seller)
    pipeline.ask_again(text)
    pipeline.process(text.pk, at=AT)
    return document


def taken_down(content: str, state: str = "final") -> tuple[Document, Case]:
    """A listing that a case brought down, for the time being or for good."""
    document = on_sale(content)
    case = make_case(state=state, documents=[document])
    assert CaseItem.objects.filter(case=case).exists()
    return document, case
