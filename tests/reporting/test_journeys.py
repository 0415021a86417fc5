"""Reports in Chromium: a guest is told the outcome, an uploader is heard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case, Notice, Report
from evidence.models import SellerAccount
from tests.factories import PASSWORD, make_document, make_party, make_text, make_user

NewContext = Callable[..., BrowserContext]
SAID = "金丝雀说正文中间插有网址和收款方式。"
FACTS = "正文第一段列有网址和收款方式，与标题无关，违反本站规则。"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class People:
    """Those of the journey, each in a browser of their own."""

    def __init__(self, new_context: NewContext, live_server: LiveServer) -> None:
        self.new_context, self.url = new_context, live_server.url
        user = make_user(email="seller@example.com")
        seller = SellerAccount.objects.create(
            mask="M****1", party=make_party(name="卖家", user=user)
        )
        text = make_text("第一段写施工安排。" * 20)
        self.document = make_document(title="施工方案", text=text, seller=seller)
        for duty in ("moderator", "senior"):
            make_user(duty=duty, email=f"{duty}@example.com")

    def guest(self, **options: object) -> Page:
        page = self.new_context(**options).new_page()
        # The first letter of a process waits for its printing libraries.
        page.set_default_timeout(90_000)
        return page

    def signed_in(self, email: str) -> Page:
        page = self.guest()
        page.goto(f"{self.url}/accounts/login/")
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(re.compile(r"/(desk|seller|rights)/"))
        return page

    def report(self, page: Page) -> tuple[str, str]:
        """Report the document from its page; return receipt number and code."""
        page.goto(f"{self.url}/documents/{self.document.number}/")
        page.locator(".actions").get_by_role("link", name="举报").click()
        page.get_by_label("举报事由").select_option("E5")
        page.get_by_label("不涉及").check()
        page.get_by_label("说明").fill(SAID)
        page.get_by_label("我所说的情况属实").check()
        page.get_by_role("button", name="提交举报").click()
        page.wait_for_selector("#query-code", timeout=60_000)
        number = page.locator("[data-receipt]").inner_text()
        return number, page.locator("#query-code").inner_text()

    def decide(self) -> str:
        page = self.signed_in("moderator@example.com")
        page.goto(f"{self.url}/desk/reports/")
        page.get_by_role("button", name="领取下一件").click()
        page.get_by_text("决定", exact=True).first.click()
        page.get_by_label("对举报的结论").select_option("upheld")
        page.get_by_label(re.compile(self.document.number)).select_option(
            "interim_down"
        )
        page.get_by_label("认定的事实").fill(FACTS)
        page.get_by_role("button", name="决定", exact=True).click()
        expect(page.get_by_text("已记入台账").first).to_be_visible()
        return page.url

    def outcome(self, number: str, code: str) -> Page:
        page = self.guest()
        page.goto(f"{self.url}/report/status/")
        page.get_by_label("回执号").fill(number)
        page.get_by_label("查询码").fill(code)
        page.get_by_role("button", name="查询", exact=True).click()
        page.wait_for_url(re.compile("/reports/"))
        return page


@pytest.fixture
def people(new_context: NewContext, live_server: LiveServer) -> People:
    return People(new_context, live_server)


def test_a_guest_reports_and_reads_the_outcome_by_the_code(people: People) -> None:
    number, code = people.report(people.guest())
    assert Report.objects.get().checked == "proof"
    page = people.outcome(number, code)
    expect(page.get_by_text("已收到，等待处理")).to_be_visible()
    people.decide()
    page.reload()
    expect(page.locator("[data-outcome]")).to_have_text("举报成立")
    page.get_by_role("link", name="举报处理结果告知书").click()
    expect(page.get_by_text("本站已对该文档采取必要措施")).to_be_visible()
    expect(page.get_by_text("M****1")).to_have_count(0)


def test_an_uploader_appeals_another_decides_and_every_reporter_is_told(
    people: People, browser_errors: list[str]
) -> None:
    receipts = [people.report(people.guest()) for _ in range(2)]
    desk = people.decide()
    seller = people.signed_in("seller@example.com")
    seller.goto(f"{people.url}/seller/")
    seller.get_by_role("link", name="处理决定及理由说明书").first.click()
    seller.wait_for_url("**/letters/**")  # and for all of it
    letter = seller.locator("main").inner_text()
    for words in (
        "广告、网址、联系方式",
        FACTS,
        "没有使用自动手段",
        "临时下架",
        "复议",
    ):
        assert words in letter
    assert SAID[:12] not in letter
    seller.goto(f"{people.url}/seller/")
    seller.get_by_role("link", name="申请复议或者提交修改后的文件").click()
    seller.get_by_label("事实有误").check()
    seller.get_by_label("具体理由").fill("所称网址是参考文献的出处，请重新查看。")
    seller.get_by_role("button", name="提交复议申请").click()
    expect(seller.get_by_text("待复议")).to_be_visible()
    senior = people.signed_in("senior@example.com")
    senior.goto(f"{people.url}/desk/appeals/")
    senior.locator("main li h3 a").first.click()
    assert senior.url == desk
    senior.locator("summary", has_text="撤销").click()
    form = senior.locator("details[open]")
    form.get_by_label("对举报的结论").select_option("not_upheld")
    form.get_by_label("复议理由").fill(
        "网址位于参考文献之中，属于正常引用，原决定撤销。"
    )
    form.get_by_role("button", name="撤销").click()
    expect(senior.get_by_text("复议处理已记入台账")).to_be_visible()
    page = people.guest()
    page.goto(f"{people.url}/documents/{people.document.number}/")
    expect(page.get_by_role("heading", name="施工方案")).to_be_visible()
    for number, code in receipts:
        told = people.outcome(number, code)
        expect(told.locator("[data-outcome]")).to_have_text("不成立")
        expect(told.get_by_role("link", name="复议决定书")).to_be_visible()
    assert Notice.objects.filter(audience="reporter").count() == 4
    assert Case.objects.get().state == "decided"


def test_a_passage_is_reported_without_a_script(people: People) -> None:
    text = people.document.current.text  # type: ignore[union-attr]
    text.segment_starts = [0, 50]
    text.save(update_fields=["segment_starts"])
    page = people.guest(java_script_enabled=False)
    page.goto(f"{people.url}/documents/{people.document.number}/")
    page.get_by_role("link", name=re.compile("举报此段")).nth(1).click()
    expect(page.get_by_text("位置：预览第 2 段")).to_be_visible()
    page.get_by_label("举报事由").select_option("E5")
    page.get_by_label("不涉及").check()
    page.get_by_label("我所说的情况属实").check()
    page.get_by_role("button", name="提交举报").click()
    expect(page.locator("#query-code")).to_be_visible()
    filed = Report.objects.get()
    assert (filed.segment, filed.checked) == (2, "none")
