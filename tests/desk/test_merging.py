"""并案 at the desk: proposed on the page of a case, said beforehand, taken back."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from evidence.actors import Role
from evidence.models import Document
from reports.kinds.case_facts import facts_of
from reports.kinds.case_rows import rows_of
from tests.browser import NewContext
from tests.desk.matters import make_examiner
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_party,
    make_user,
    make_work,
)
from tests.test_look import faults

pytestmark = pytest.mark.django_db


class Desk:
    """Two notices of one complainant about one document, claimed by one examiner."""

    def __init__(self) -> None:
        self.actor, self.client = make_examiner()
        self.party = make_party(name="许知远", user=make_user())
        self.work = make_work(party=self.party)
        self.document = make_document()
        self.into = self.case([self.document, make_document()], "claimed")
        self.other = self.case([self.document, make_document()], "claimed")

    def case(self, documents: list[Document], state: str) -> Case:
        return make_case(
            state=state,
            claimant=self.party,
            documents=documents,
            work=self.work,
            by=self.actor,
            at=timezone.now(),
        )

    @property
    def url(self) -> str:
        return f"/desk/cases/{self.other.reference}/merge/{self.into.reference}/"

    def page(self, case: Case, client: Client | None = None) -> str:
        answer = (client or self.client).get(f"/desk/cases/{case.reference}/")
        return answer.content.decode()

    def form(self) -> dict[str, int]:
        rows = Case.objects.in_bulk([self.other.pk, self.into.pk])
        return {
            "version": rows[self.other.pk].version,
            "other_version": rows[self.into.pk].version,
        }


def test_a_case_proposes_the_cases_that_it_can_join() -> None:
    desk = Desk()
    stranger = make_case(state="claimed", documents=[desk.document], by=desk.actor)
    page = desk.page(desk.other)
    assert f'href="{desk.url}"' in page
    assert "权属争议" in page
    assert f"merge/{stranger.reference}/" not in page
    assert "权属争议" in desk.page(stranger)
    preview = desk.client.get(desk.url).content.decode()
    for shown in (page, desk.page(stranger), preview):
        assert "许知远" not in shown, "names are shown on request, on the record"
        assert "许**" in shown
    _reader, client = make_examiner(Role.COMPLIANCE)
    assert f'href="{desk.url}"' not in desk.page(desk.other, client)


def test_what_will_happen_is_said_and_nothing_happens_before_it_is_confirmed() -> None:
    desk = Desk()
    page = desk.client.get(desk.url).content.decode()
    assert "1 份文档两案都列出" in page
    assert "形式审查以较早的期限" in page
    assert Case.objects.get(pk=desk.other.pk).state == "submitted"
    answer = desk.client.post(desk.url, desk.form())
    assert answer["Location"] == f"/desk/cases/{desk.into.reference}/"
    assert Case.objects.get(pk=desk.other.pk).state == "merged"
    assert desk.other.reference in desk.page(desk.into)
    assert f"并自 {desk.other.reference}" in desk.page(desk.into)
    assert f"在 {desk.into.reference} 中处理" in desk.page(desk.other)


def test_a_page_from_before_either_case_changed_changes_nothing() -> None:
    desk = Desk()
    for name in ("version", "other_version"):
        stale = desk.form() | {name: 99}
        assert desk.client.post(desk.url, stale).status_code == 409
    assert Case.objects.get(pk=desk.other.pk).state == "submitted"


def test_what_cannot_be_merged_is_told_why() -> None:
    desk = Desk()
    desk.other = make_case(state="claimed", documents=[desk.document], by=desk.actor)
    page = desk.client.get(desk.url).content.decode()
    assert "投诉人不同的案件不并案" in page
    assert "确认并案" not in page
    answer = desk.client.post(desk.url, desk.form())
    assert "投诉人不同的案件不并案" in answer.content.decode()
    assert Case.objects.get(pk=desk.other.pk).state == "submitted"


def test_an_agent_without_a_mandate_is_named_before_anything_is_confirmed() -> None:
    desk = Desk()
    Case.objects.filter(pk=desk.into.pk).update(agent=make_party(name="代理乙"))
    page = desk.client.get(desk.url).content.decode()
    assert "该案代理人的授权委托不在有效期内" in page
    assert "确认并案" not in page
    assert "该案代理人的授权委托不在有效期内" in desk.page(desk.other)
    answer = desk.client.post(desk.url, desk.form())
    assert "该案代理人的授权委托不在有效期内" in answer.content.decode()
    assert Case.objects.get(pk=desk.other.pk).state == "submitted"


def test_a_case_that_goes_nowhere_says_so() -> None:
    desk = Desk()
    assert "可以并入该案" in desk.page(desk.other, make_examiner(Role.COMPLIANCE)[1])
    desk.client.post(desk.url, desk.form())
    third = desk.case([desk.document], "measured")
    assert "已有案件并入本案" in desk.page(desk.into)
    assert "本案目前的状态不能并入" in desk.page(third)
    desk.other = third
    assert "不能并入其他案件" in desk.client.get(desk.url).content.decode()


def test_a_senior_takes_it_back_from_the_page() -> None:
    desk = Desk()
    desk.client.post(desk.url, desk.form())
    senior, client = make_examiner(Role.SENIOR)
    assert "撤销并案" not in desk.page(desk.other).partition("时间线")[2]
    page = desk.page(desk.other, client)
    case = Case.objects.get(pk=desk.other.pk)
    url = f"/desk/cases/{case.reference}/steps/copyright/{case.public_id}/unmerge/"
    assert f'action="{url}"' in page
    refused = desk.client.post(url, {"version": case.version})
    assert refused.status_code == 403
    assert client.post(url, {"version": case.version}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "submitted"
    assert senior.duty == Role.SENIOR


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_is_done_and_undone_by_keyboard_on_a_narrow_page(
    new_context: NewContext, live_server: LiveServer
) -> None:
    desk = Desk()
    make_case(state="claimed", documents=[desk.document], by=desk.actor)
    _senior, client = make_examiner(Role.SENIOR)
    one, other = (
        page_of(new_context, live_server, each) for each in (desk.client, client)
    )
    address = f"{live_server.url}/desk/cases/{desk.other.reference}/"
    one.goto(address)
    assert faults(one) == []
    one.get_by_role("link", name=f"并入 {desk.into.reference}").press("Enter")
    one.wait_for_url(f"**/merge/{desk.into.reference}/")
    assert faults(one) == []
    one.get_by_role("button", name="确认并案").press("Enter")
    one.wait_for_url(f"**/desk/cases/{desk.into.reference}/")
    assert faults(one) == []
    other.goto(address)
    other.locator("summary", has_text="撤销并案").press("Enter")
    assert faults(other) == []
    other.locator("form.folded button", has_text="撤销并案").press("Enter")
    other.locator("#confirm-dialog button[value=yes]").press("Enter")
    other.get_by_text("待形式审查").first.wait_for()
    assert Case.objects.get(pk=desk.other.pk).state == "submitted"


def page_of(new_context: NewContext, live_server: LiveServer, client: Client) -> Page:
    context = new_context(viewport={"width": 390, "height": 900}, color_scheme="dark")
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value}
    context.add_cookies([{**cookie, "url": live_server.url}])  # type: ignore[list-item]
    return context.new_page()


def test_each_case_file_says_where_the_documents_are() -> None:
    desk = Desk()
    desk.client.post(desk.url, desk.form())
    went = facts_of(rows_of(desk.other.pk), "full", at=AT)
    came = facts_of(rows_of(desk.into.pk), "full", at=AT)
    assert went["summary"]["mergers"]["into"] == desk.into.reference
    [told] = came["summary"]["mergers"]["from"]
    assert told["reference"] == desk.other.reference
    assert [went["summary"]["documents"], came["summary"]["documents"]] == [2, 2]
    assert [each["position"] for each in went["documents"]] == [1, 2]
    assert [each["position"] for each in came["documents"]] == [1, 2, 3]
    assert len(came["parties"]["statements"]) == 2
    assert all(each["exhibit"] for each in (*went["documents"], *came["documents"]))
