"""What a match may do by itself, asked of the texts, shelves and lists of today."""

import pytest

from evidence import pipeline
from evidence.floors import Floor, footing_of
from evidence.intake import receive_text
from evidence.matching.params import Params
from evidence.models import Document, Licence, Match, SellerAccount, Text, Work
from evidence.shelving import put_on_shelf, shelf_named
from tests.factories import AT, make_document, make_party, make_work
from tests.matching.memory import make_text

pytestmark = pytest.mark.django_db
WORDS = make_text(900, 1)


def processed(content: str) -> Text:
    text = receive_text(content.encode(), name="a.txt", at=AT)
    pipeline.process(text.pk, at=AT)
    return Text.objects.get(pk=text.pk)


def make_registered() -> Work:
    return make_work(party=make_party(), text=processed(WORDS))


def upload(
    content: str, seller: SellerAccount | None = None
) -> tuple[Match, Document, SellerAccount]:
    """Upload a text that is like one other text, and return what was found."""
    text = receive_text(content.encode(), name="b.txt", at=AT)
    document = make_document(text=text, seller=seller)
    pipeline.ask_again(text)
    pipeline.process(text.pk, at=AT)
    return Match.objects.get(query=text), document, document.seller


def test_a_match_of_much_text_may_act_by_itself() -> None:
    make_registered()
    match, document, seller = upload(make_text(300, 2) + WORDS[100:500])

    footing = footing_of(match, seller, document)

    assert footing.may_act_alone
    assert footing.evidence == pytest.approx(385, abs=10)
    assert footing_of(match, None).may_act_alone


def test_below_two_hundred_characters_a_person_looks_first() -> None:
    make_registered()
    match, document, seller = upload(make_text(300, 2) + WORDS[100:290])

    assert footing_of(match, seller, document).floors == (Floor.LITTLE,)


def test_what_came_onto_a_shelf_since_is_no_evidence_any_more() -> None:
    make_registered()
    match, document, seller = upload(make_text(300, 2) + WORDS[100:500])
    statute = processed(WORDS[:420])
    put_on_shelf(statute, shelf_named("法规", at=AT), Params(), at=AT)

    footing = footing_of(match, seller, document)

    assert footing.floors == (Floor.LITTLE,)
    assert footing.evidence < 100


def test_nothing_acts_against_the_holder_of_the_older_text() -> None:
    work = make_registered()
    own = SellerAccount.objects.create(mask="L****7", party=work.party)
    match, document, seller = upload(make_text(300, 2) + WORDS[100:500], own)

    assert footing_of(match, seller, document).floors == (Floor.OWNS,)


def test_nothing_acts_against_an_account_that_offers_the_text_already() -> None:
    first = SellerAccount.objects.create(mask="S****1", party=make_party(name="甲"))
    make_document(text=processed(WORDS), seller=first)
    again = SellerAccount.objects.create(mask="S****2", party=first.party)
    match, document, seller = upload(make_text(300, 2) + WORDS[100:500], again)
    stranger = SellerAccount.objects.create(mask="S****3", party=make_party(name="乙"))

    assert footing_of(match, seller, document).floors == (Floor.OWNS,)
    assert footing_of(match, first).floors == (Floor.OWNS,)
    assert footing_of(match, stranger).may_act_alone


@pytest.mark.parametrize("whole_account", [True, False])
def test_nothing_acts_against_a_licensee(whole_account: bool) -> None:
    work = make_registered()
    match, document, seller = upload(make_text(300, 2) + WORDS[100:500])
    licence = Licence.objects.create(
        work=work,
        seller=seller if whole_account else None,
        document=None if whole_account else document,
        granted_at=AT,
    )

    assert footing_of(match, seller, document).floors == (Floor.LICENSED,)
    assert footing_of(match, seller).may_act_alone is not whole_account
    Licence.objects.filter(pk=licence.pk).update(withdrawn_at=AT)
    assert footing_of(match, seller, document).may_act_alone


def test_a_document_does_not_own_the_text_that_a_work_and_it_share() -> None:
    work = make_registered()
    document = make_document(text=work.sample)
    pipeline.ask_again(work.sample)
    pipeline.process(work.sample_id, at=AT)
    match = Match.objects.get(query=work.sample, found=work.sample)

    assert footing_of(match, document.seller, document).may_act_alone
