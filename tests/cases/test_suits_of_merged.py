"""A suit about documents whose notice was merged: told of in the case that has them,
by whoever filed either notice, and never about what the other one alone names."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from cases.errors import NotPermitted
from cases.models import CaseItem, Proceeding
from cases.proceedings import Particulars, notify
from evidence.models import Document, Exhibit, Party
from moderation.access import actor_of
from tests.browser import NewContext
from tests.cases.mergers import LATER, Two, mandated
from tests.cases.pages import files
from tests.factories import make_user
from tests.test_look import faults

pytestmark = pytest.mark.django_db
LABEL = "通知已起诉或投诉"


class Suits(Two):
    """b and c came from the agent's notice; a is the other's own. All are measured."""

    agent: Party

    def __init__(self) -> None:
        super().__init__("accepted", "accepted")
        self.lawyer = make_user()
        self.agent = mandated(self, self.other, user=self.lawyer)
        self.merge()
        for document in (self.a, self.b, self.c):
            self.measure(document)

    def item(self, document: Document) -> CaseItem:
        row: CaseItem = self.into.items.get(document=document)
        return row

    def form(self, *documents: Document) -> dict[str, Any]:
        return {
            "items": [self.item(document).pk for document in documents],
            "kind": "suit",
            "authority": "成都市中级人民法院",
            "begun_on": timezone.localdate().isoformat(),
            **files(),
        }

    @property
    def url(self) -> str:
        return f"/cases/{self.into.reference}/proceedings/new/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_of_the_merged_case_says_where_a_suit_is_told_of() -> None:
    suits = Suits()
    for user in (suits.user, suits.lawyer):
        client = signed_in(user)
        page = client.get(f"/cases/{suits.other.reference}/").content.decode()
        assert f"/cases/{suits.other.reference}/proceedings/new/" not in page
        assert f"请在案件 {suits.into.reference} 中通知本站" in page
        assert f'href="{suits.url}"' in page
        assert client.get(suits.url).status_code == 200


def test_an_agent_tells_of_a_suit_about_what_its_own_notice_named() -> None:
    suits = Suits()
    client = signed_in(suits.lawyer)
    page = client.get(suits.url).content.decode()
    offered = re.findall(r'(\d+)\. [^<]*<span class="grey number">([^<]+)<', page)
    assert offered == [("1", suits.b.number), ("2", suits.c.number)]
    assert suits.a.number not in page
    assert f'href="/cases/{suits.other.reference}/"' in page
    refused = client.post(suits.url, suits.form(suits.a))
    assert refused.status_code == 200
    assert not Proceeding.objects.exists()
    answer = client.post(suits.url, suits.form(suits.b, suits.c))
    assert answer["Location"] == f"/cases/{suits.other.reference}/"
    row = Proceeding.objects.get()
    assert row.case == suits.into
    assert {item.document for item in row.items.all()} == {suits.b, suits.c}
    page = client.get(f"/cases/{suits.other.reference}/").content.decode()
    assert "成都市中级人民法院" in page
    assert "第 1–2 项" in page
    prove = f"/cases/{suits.into.reference}/proceedings/{row.public_id}/"
    assert prove in page
    assert client.get(prove).status_code == 200
    answer = client.post(prove, files("受理通知书.txt"))
    assert answer["Location"] == f"/cases/{suits.other.reference}/"
    assert Proceeding.objects.get().state == "proved"
    assert Exhibit.objects.order_by("pk").last().party == suits.agent  # type: ignore[union-attr]


def test_what_another_notice_names_is_nobodys_to_tell_of_but_its_own_filers() -> None:
    suits = Suits()
    lawyer, told = actor_of(suits.lawyer), Particulars("suit", "法院", LATER.date())
    for documents in ((suits.a,), (suits.a, suits.b)):
        items = [suits.item(document) for document in documents]
        with pytest.raises(NotPermitted):
            notify(suits.into, items, told, by=lawyer, at=LATER)
    assert not Proceeding.objects.exists()
    client = signed_in(suits.user)
    client.post(suits.url, suits.form(suits.a, suits.b))
    row = Proceeding.objects.get()
    lawyers = signed_in(suits.lawyer)
    page = lawyers.get(f"/cases/{suits.other.reference}/").content.decode()
    assert "成都市中级人民法院" not in page
    prove = f"/cases/{suits.into.reference}/proceedings/{row.public_id}/"
    assert lawyers.get(prove).status_code == 404
    assert client.get(prove).status_code == 200
    assert signed_in(make_user()).get(suits.url).status_code == 404
    page = lawyers.get(f"/cases/{suits.into.reference}/")
    assert page.status_code == 404


def test_there_is_nothing_to_tell_before_anything_was_done() -> None:
    two = Two("accepted", "accepted")
    two.merge()
    client = signed_in(two.user)
    page = client.get(f"/cases/{two.other.reference}/").content.decode()
    assert "中通知本站" not in page
    answer = client.get(f"/cases/{two.other.reference}/proceedings/new/")
    assert answer.status_code == 409


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_an_agent_finds_the_way_from_the_page_of_its_own_notice(
    new_context: NewContext, live_server: LiveServer, width: int, scheme: str
) -> None:
    suits = Suits()
    context = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    name = settings.SESSION_COOKIE_NAME
    value = signed_in(suits.lawyer).cookies[name].value
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/cases/{suits.other.reference}/")
    assert faults(page) == []
    page.get_by_role("link", name=LABEL).press("Enter")
    page.wait_for_url(f"**{suits.url}")
    assert faults(page) == []
    page.get_by_label(suits.b.number).check()
    page.get_by_label("民事诉讼").check()
    page.get_by_label("法院或机关").fill("成都市中级人民法院")
    page.get_by_label("起诉或投诉的日期").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="提交通知").press("Enter")
    page.wait_for_url(f"**/cases/{suits.other.reference}/")
    page.get_by_role("link", name="提交证明").wait_for()
    assert faults(page) == []
