"""A title match is shown as one, apart from the leads, and is never evidence."""

import pytest

from cases.models import Restriction
from evidence.actors import SYSTEM
from evidence.listings import Stated, take_in
from evidence.models import Document, Match
from tests.factories import AT, make_case, make_document
from tests.matching.memory import make_text
from tests.rights.people import make_copy, make_holder, register_work

pytestmark = pytest.mark.django_db
SAME = "仅标题相同"


def sold(title: str, number: str) -> Document:
    taken = take_in(
        make_text(200, int(number)).encode(),
        name="a.txt",
        number=number,
        known=Stated(title=title),
        at=AT,
        by=SYSTEM,
    )
    assert taken.document is not None
    return taken.document


def test_a_document_of_the_same_title_is_told_apart_from_the_leads() -> None:
    sold("桥边的春天（最新完整版）", "500001")
    sold("桥边的秋天", "500002")
    copy = make_copy("500003")
    client, party = make_holder()
    work = register_work(client, party, title="桥边的春天")

    page = client.get(f"/rights/works/{work.public_id}/").content.decode()

    leads, titles = page.split(SAME)
    assert copy.number in leads
    assert "500001" not in leads
    assert "500001" in titles
    assert "500002" not in page
    assert not Match.objects.filter(found__versions__document__number="500001")


def test_a_lead_of_the_same_title_is_a_lead_alone() -> None:
    copy = make_copy("500003")
    Document.objects.filter(pk=copy.pk).update(title_key="桥边的春天")
    client, party = make_holder()
    work = register_work(client, party, title="桥边的春天")

    assert SAME not in client.get(f"/rights/works/{work.public_id}/").content.decode()


def test_what_is_down_is_not_named_by_its_title() -> None:
    case = make_case(
        state="measured", documents=[make_document(title="桥边的春天 修订版")]
    )
    assert Restriction.objects.active().filter(item__case=case).exists()
    client, party = make_holder()
    work = register_work(client, party, title="桥边的春天")

    assert SAME not in client.get(f"/rights/works/{work.public_id}/").content.decode()
