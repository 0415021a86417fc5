"""The queue by keyboard in a real browser, and with no script at all."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.desk.matters import copied_case, make_proposals, signed_in
from tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NewContext = Callable[..., BrowserContext]


def opened(
    new_context: NewContext,
    server: LiveServer,
    duty: str = "moderator",
    at: str = "/desk/",
    **options: Any,
) -> Page:
    """Open a page of the desk, signed in by their session's cookie."""
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(make_user(duty=duty)).cookies[name].value
    context = new_context(**options)
    context.add_cookies([{"name": name, "value": session, "url": server.url}])
    page = context.new_page()
    page.goto(at)
    return page


def test_the_queue_is_worked_by_keyboard(
    new_context: NewContext, live_server: LiveServer
) -> None:
    now = timezone.now()
    first = copied_case(state="submitted", at=now)
    second = copied_case(state="submitted", at=now)
    page = opened(new_context, live_server)
    panel = page.locator("#preview")
    expect(panel).to_contain_text(str(first.reference))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(panel).to_contain_text(str(second.reference))
    expect(page.locator("tr.is-current")).to_contain_text(str(second.reference))
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"{second.reference} · 案鉴")
    page.goto("/desk/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "text"
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.keyboard.press("g")
    expect(page.locator(".messages")).to_contain_text("已领取")


def test_proposals_are_worked_by_keyboard(
    new_context: NewContext, live_server: LiveServer
) -> None:
    make_proposals(3)
    page = opened(new_context, live_server, duty="compliance", at="/desk/proposals/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("input[name=proposal]:checked")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator("input[name=proposal]:checked")).to_have_count(3)
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("r")
    expect(page.locator(".messages")).to_contain_text("已拒绝 3 条建议")
    expect(page.locator("#proposals-title + span")).to_have_text("0 条")


def test_the_queue_works_without_a_script(
    new_context: NewContext, live_server: LiveServer
) -> None:
    case, other = copied_case(state="submitted"), copied_case(state="submitted")
    page = opened(new_context, live_server, java_script_enabled=False)
    row = page.locator("tr", has_text=str(other.reference))
    row.get_by_role("link", name="柳岸行船记").click()
    expect(page.locator("#preview")).to_contain_text(str(other.reference))
    page.get_by_role("searchbox").fill(str(case.reference))
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr[data-row]")).to_have_count(1)
