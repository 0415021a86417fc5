"""One contested life in Chromium: the answer, its forwarding, a suit, its proof."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Assignment
from evidence.actors import Actor
from moderation.models import User
from tests.cases.journeys import EXPLANATION, Matter, make_matter

NewContext = Callable[..., BrowserContext]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_answer_and_a_suit_are_walked_in_the_browser(
    new_context: NewContext,
    live_server: LiveServer,
    browser_errors: list[str],
    tmp_path: Path,
) -> None:
    matter = make_matter(at=timezone.now())
    life = Life(new_context, live_server, matter, tmp_path)
    life.answer()
    assert matter.state() == "counter_review"
    life.press("moderator", "转送反通知")
    assert matter.state() == "waiting"
    life.sue()
    assert matter.state() == "litigating"
    life.prove()
    life.press("moderator", "核实证明")
    assert matter.case.proceedings.get().state == "verified"
    assert browser_errors == []


class Life:
    """Each of the people in a browser of their own, the seller at a phone."""

    def __init__(
        self,
        new_context: NewContext,
        live_server: LiveServer,
        matter: Matter,
        folder: Path,
    ) -> None:
        self.new_context, self.url, self.matter = new_context, live_server.url, matter
        self.pages: dict[str, Page] = {}
        self.proof = folder / "证明.txt"
        self.proof.write_text("（2026）川01民初1号", encoding="utf-8")

    def page(self, who: str, address: str) -> Page:
        if who not in self.pages:
            self.pages[who] = self.sign_in(getattr(self.matter, who), who)
        page = self.pages[who]
        page.goto(f"{self.url}{address}")
        return page

    def sign_in(self, actor: Actor, who: str) -> Page:
        client = Client()
        user = User.objects.get(pk=actor.user_id or 0)
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        width = 390 if who == "uploader" else 1440
        context = self.new_context(viewport={"width": width, "height": 900})
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value}
        context.add_cookies([{**cookie, "url": self.url}])  # type: ignore[list-item]
        return context.new_page()

    def answer(self) -> None:
        page = self.page("uploader", f"/seller/items/{self.matter.item.public_id}/")
        page.get_by_role("link", name="提交反通知").click()
        page.locator("[name=ground][value=own]").check(force=True)
        page.locator("[name=explanation]").fill(EXPLANATION)
        page.locator("[name=proof-0-file]").set_input_files(self.proof)
        for box in page.locator("[name=declared]").all():
            box.check()
        page.locator("[name=signature]").fill("毛强")
        page.get_by_role("button", name="签名并提交").click()
        page.wait_for_url(re.compile(r"/seller/items/[0-9a-f-]{36}/$"))
        expect(page.get_by_text("反通知正在审查")).to_be_visible()

    def press(self, who: str, step: str) -> None:
        """Take the case over, open the step, confirm it."""
        Assignment.objects.all().delete()
        page = self.page(who, f"/desk/cases/{self.matter.case.reference}/")
        page.get_by_role("button", name="领取", exact=False).first.click()
        page.locator("summary", has_text=step).click()
        page.get_by_role("button", name=step, exact=True).click()
        page.locator("#confirm-dialog button[value=yes]").click()
        expect(page.get_by_text(f"已执行：{step}")).to_be_visible()

    def sue(self) -> None:
        page = self.page("claimant", f"/cases/{self.matter.case.reference}/")
        page.get_by_role("link", name="通知已起诉或投诉").click()
        page.locator("[name=items]").check(force=True)
        page.locator("[name=kind][value=suit]").check(force=True)
        page.locator("[name=authority]").fill("成都市中级人民法院")
        page.locator("[name=begun_on]").fill(timezone.localdate().isoformat())
        page.locator("main form button[type=submit]").last.click()
        expect(page.get_by_text("措施维持到该程序终结").first).to_be_visible()

    def prove(self) -> None:
        page = self.page("claimant", f"/cases/{self.matter.case.reference}/")
        page.get_by_role("link", name="提交证明", exact=True).click()
        page.locator("[name=proof-0-file]").set_input_files(self.proof)
        page.locator("main form button[type=submit]").last.click()
        expect(page.get_by_text("核实后通知您").first).to_be_visible()
