"""The licence list of a work, as its holder keeps it."""

import pytest

from evidence.ledger import LedgerEntry
from evidence.models import Licence, SellerAccount
from tests.factories import make_document
from tests.rights.people import make_copy, make_holder, register_work

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    entries = LedgerEntry.objects.filter(kind__startswith="licence.").order_by("pk")
    return list(entries.values_list("kind", flat=True))


def test_a_holder_licenses_documents_and_accounts_and_takes_it_back() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    address = f"/rights/works/{work.public_id}/licences/"
    assert "名单是空的" in client.get(address).content.decode()
    seller = SellerAccount.objects.create(mask="Q****3", marketplace_id="77")
    number = make_document(seller=seller).number

    client.post(address, {"numbers": number, "scope": "document"})
    client.post(address, {"numbers": number, "scope": "document"})
    client.post(address, {"numbers": number, "scope": "account"})

    on_list = Licence.objects.order_by("pk")
    assert [(row.document_id is None, row.seller_id) for row in on_list] == [
        (False, None),
        (True, seller.pk),
    ]
    page = client.get(address).content.decode()
    assert number in page
    assert "Q****3" in page
    ended = f"{address}{on_list[1].pk}/withdraw/"
    client.post(ended)
    client.post(ended)
    assert kinds() == ["licence.granted", "licence.granted", "licence.withdrawn"]
    assert Licence.objects.standing().get().document is not None
    client.post(address, {"numbers": number, "scope": "account"})
    assert Licence.objects.standing().count() == 2


def test_a_number_that_nobody_knows_is_told_by_its_line() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    address = f"/rights/works/{work.public_id}/licences/"

    page = client.post(address, {"numbers": "12345", "scope": "document"})

    assert "没有找到这份文档" in page.content.decode()
    assert not Licence.objects.exists()


def test_a_licensed_lead_says_so_and_can_be_licensed_where_it_is_read() -> None:
    copy = make_copy("700300")
    client, party = make_holder()
    work = register_work(client, party)
    leads = f"/rights/works/{work.public_id}/"
    lead = f"{leads}leads/{copy.number}/"
    assert "已授权" not in client.get(leads).content.decode()
    assert "我已授权" in client.get(lead).content.decode()

    client.post(
        f"/rights/works/{work.public_id}/licences/",
        {"numbers": copy.number, "scope": "document"},
    )

    assert "我已授权" not in client.get(lead).content.decode()
    assert "已授权" in client.get(leads).content.decode()
