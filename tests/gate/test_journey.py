"""A seller's week at the gate in Chromium: from two files to a listing and a letter."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Submission
from evidence import ledger
from moderation.demo import files
from moderation.demo.lexicon import LESSON
from moderation.demo.texts import compose
from tests.factories import PASSWORD, make_user
from tests.gate.sellers import make_seller, on_sale, words
from tests.test_main_line import work_off_the_queue

NewContext = Callable[..., BrowserContext]
REASONING = "逐段核对，文件与在售文档整段相同，卖家没有提供授权材料。"
RELEASED = "卖家补充的底稿早于在售文档，相同部分为其本人撰写，准予发布。"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(
    new_context: NewContext, live_server: LiveServer, email: str, width: int = 1440
) -> Page:
    context = new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    return page


def decide(page: Page, url: str, reference: str, step: str, reasoning: str) -> None:
    page.goto(f"{url}/desk/gate/{reference}/")
    page.locator("summary", has_text=step).click()
    form = page.locator("details[open]")
    if step == "不予通过":
        form.get_by_label("与他人的作品或文档有实质相同的内容").check()
    form.locator("[name=reasoning]").fill(reasoning)
    form.get_by_role("button", name="提交决定").click()
    expect(page.locator(".message-success")).to_contain_text(reference)


def test_a_seller_hands_in_contests_and_publishes(
    new_context: NewContext, live_server: LiveServer, tmp_path: Path
) -> None:
    seller_user = make_user(email="seller@example.org")
    make_seller(user=seller_user)
    for name in ("first", "second"):
        make_user(duty="moderator", email=f"{name}@example.org")
    copied = words(90)
    on_sale(copied)
    own = compose(LESSON, 77, pages=2)
    mine, alike = tmp_path / "自己的教案.docx", tmp_path / "相似的讲义.txt"
    mine.write_bytes(files.docx(own))
    alike.write_text(copied[:800], encoding="utf-8")

    # Two files at once; their page follows them by itself until both are done.
    page = signed_in(new_context, live_server, "seller@example.org", width=390)
    page.get_by_role("link", name="上传文件").click()
    page.locator("[name=uploads]").set_input_files([mine, alike])
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("#batch")).to_contain_text("共 2 份，已完成 0 份")
    work_off_the_queue()
    expect(page.locator("#batch")).to_contain_text("可发布", timeout=10_000)
    expect(page.locator("#batch")).to_contain_text("待人工")
    assert Axe().run(page).response["violations"] == []

    # The one of their own writing is on sale two clicks later.
    page.get_by_role("link", name="自己的教案").click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("自己的教案")

    # The other one is refused by a person, contested, and released by another.
    held = Submission.objects.get(state="held")
    first = signed_in(new_context, live_server, "first@example.org")
    decide(first, live_server.url, held.reference, "不予通过", REASONING)
    own_page = f"{live_server.url}/seller/submissions/{held.reference}/"
    page.goto(own_page)
    expect(page.locator("#main")).to_contain_text("未通过")
    page.get_by_role("link", name="阅读通知书").click()
    expect(page.locator(".sheet")).to_contain_text(REASONING)
    page.goto(own_page)
    page.locator("summary", has_text="申请人工复核").click()
    page.locator("[name=reasoning]").fill("本讲义由我 2023 年撰写，附底稿。")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("#main")).to_contain_text("复核中")
    second = signed_in(new_context, live_server, "second@example.org")
    decide(second, live_server.url, held.reference, "准予发布", RELEASED)
    page.goto(own_page)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("相似的讲义")
    assert ledger.verify().breaks == ()
