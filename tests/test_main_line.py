"""The whole line in Chromium, as its people walk it: a listing is taken in, a rights
holder registers, finds the copy and complains, a moderator decides, papers come out.
"""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django_tasks_db.management.commands.db_worker import Worker
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case, Deadline, Notice
from evidence import ledger
from evidence.extractors.listing import read_listing
from evidence.models import Document, SellerAccount
from moderation.demo import files
from moderation.demo.lexicon import LESSON, SCHEME
from moderation.demo.texts import Piece, compose
from tests.factories import PASSWORD, make_party, make_user

NewContext = Callable[..., BrowserContext]
SEED = Path(__file__).resolve().parent.parent.parent / "shared" / "seed"
REASONING = (
    "两份文本有整段相同，顺序一致；投诉人提交了登记证书，初步证据足以支持采取措施。"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.main_line,
    pytest.mark.django_db(transaction=True),
]


def work_off_the_queue() -> None:
    """What the worker does, here and now."""
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="the-test",
        excluded_queue_names=[],
    ).run()


def seed_page() -> Path:
    found = sorted(SEED.glob("*.txt"))
    if not found and os.environ.get("CI"):
        pytest.fail("the seed page is not there")
    if not found:
        pytest.skip("../shared/seed is not there")
    return found[0]


def test_the_line_on_a_real_listing_page(
    new_context: NewContext,
    live_server: LiveServer,
    browser_errors: list[str],
    tmp_path: Path,
) -> None:
    page = seed_page()
    call_command("ingest", str(page), verbosity=0)
    listing = read_listing(page.read_bytes())
    number = listing.number
    assert number == "483611177"
    # A work of which the middle of the preview is a part.
    copied = listing.preview.text[1_300:2_200]
    own = compose(LESSON, 77, pages=2).text
    work = Piece("党建工作纪要", ((own[:400], copied), (own[400:800],)))
    line = Line(new_context, live_server, browser_errors, tmp_path)
    reference = line.complain(work, number)
    line.decide(reference, number)
    text = line.case_file(reference)
    squeezed = re.sub(r"\s", "", text)
    assert "预览第3段" in squeezed
    assert "页码不详" in squeezed
    assert longest_shared(re.sub(r"[\s*]", "", copied), squeezed) >= 30


def test_the_line_on_a_listing_whose_file_is_held(
    new_context: NewContext,
    live_server: LiveServer,
    browser_errors: list[str],
    tmp_path: Path,
) -> None:
    work = compose(SCHEME, 4_001, pages=6, title="石拱桥维修手册")
    other = compose(LESSON, 4_002, pages=4)
    # Page 5 of the work is page 2 of the upload.
    upload = Piece("桥梁资料", (other.pages[0], work.pages[4], *other.pages[1:]))
    held = tmp_path / "upload.docx"
    held.write_bytes(files.docx(upload))
    call_command("ingest", str(held), number="520990001", verbosity=0)
    seller = make_user(email="seller@example.com")
    SellerAccount.objects.filter(documents__number="520990001").update(
        mask="T****9", party=make_party(name="卖家本人", user=seller)
    )
    line = Line(new_context, live_server, browser_errors, tmp_path)
    reference = line.complain(work, "520990001")
    line.decide(reference, "520990001")
    line.seller_reads(reference, "seller@example.com")
    text = re.sub(r"\s", "", line.case_file(reference))
    assert "作品第5页" in text
    assert "文档第2页" in text
    assert Document.objects.get(number="520990001").seller.mask in text
    line.becomes_final(reference)


def longest_shared(needle: str, text: str) -> int:
    """How many characters of `needle` stand together in `text`, in steps of ten."""
    return max(
        (
            length
            for start in range(0, len(needle) - 10, 10)
            for length in range(10, 60, 10)
            if needle[start : start + length] in text
        ),
        default=0,
    )


class Line:
    """The people of the line, each in a browser of their own."""

    def __init__(
        self,
        new_context: NewContext,
        live_server: LiveServer,
        browser_errors: list[str],
        folder: Path,
    ) -> None:
        self.new_context, self.url = new_context, live_server.url
        self.errors, self.folder = browser_errors, folder
        self.moderator = make_user(
            duty="moderator", email="moderator@example.com", name="何川"
        )

    def open(self, address: str, page: Page | None = None) -> Page:
        page = page or self.new_context().new_page()
        page.goto(f"{self.url}{address}")
        return page

    def sign_in(self, email: str) -> Page:
        page = self.open("/accounts/login/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/(desk|rights|seller)/$"))
        return page

    def complain(self, work: Piece, number: str) -> str:
        """Sign up, register, find the copy among the leads, file; return the case."""
        page = self.open("/accounts/signup/")
        page.locator("[name=email]").fill("author@example.com")
        page.locator("[name=password1]").fill(PASSWORD)
        page.locator("[name=password2]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/rights/")
        self.register_party(page)
        self.register_work(page, work)
        expect(page.get_by_role("checkbox")).to_have_count(0)
        work_off_the_queue()
        page.reload()
        page.locator("tr", has_text=number).get_by_role("checkbox").check()
        page.get_by_role("button", name="对所选文档提出投诉").click()
        expect(page.get_by_text(number).first).to_be_visible()
        page.get_by_role("button", name="保存并继续").click()
        page.locator("[name=signature]").fill("林岚")
        for box in page.locator("[name=declared]").all():
            box.check()
        page.get_by_role("button", name="保存并继续").click()
        page.get_by_role("button", name="提交投诉").click()
        page.wait_for_url("**/cases/BQ-*/")
        self.author = page
        reference = Case.objects.get().reference
        assert reference is not None
        expect(page.get_by_role("heading", name=reference)).to_be_visible()
        return reference

    def register_party(self, page: Page) -> None:
        self.open("/rights/parties/new/", page)
        page.locator("[name=name]").fill("林岚")
        page.locator("[name=identity_number]").fill("11010519491231002X")
        page.locator("[name=phone]").fill("13800001111")
        page.locator("[name=email]").fill("lin@example.com")
        page.locator("[name=address]").fill("成都市锦江区书院街8号")
        page.locator("main form button.button-primary[type=submit]").last.click()
        page.wait_for_url("**/rights/")

    def register_work(self, page: Page, work: Piece) -> None:
        sample, proof = self.folder / "work.docx", self.folder / "proof.pdf"
        sample.write_bytes(files.docx(work))
        proof.write_bytes(files.pdf(Piece("证书", (("登记证书",),))))
        self.open("/rights/works/new/", page)
        page.locator("[name=title]").fill(work.title)
        page.locator("[name=kind]").select_option("text")
        page.locator("[name=author]").fill("林岚")
        page.locator("[name=origin]").select_option("original")
        page.locator("[name=sample_file]").set_input_files(sample)
        page.locator("[name=proof-0-file]").set_input_files(proof)
        page.get_by_role("button", name="登记并开始比对").click()
        page.wait_for_url(re.compile(r"/rights/works/[0-9a-f-]{36}/$"))

    def decide(self, reference: str, number: str) -> None:
        """Claim, accept, compare, take the document down: the page follows at once."""
        anyone = self.open(f"/documents/{number}/")
        expect(anyone.get_by_role("button", name="马上下载")).to_be_visible()
        page = self.sign_in("moderator@example.com")
        page.get_by_role("button", name="领取下一件").click()
        page.wait_for_url(f"**/desk/cases/{reference}/")
        page.locator("[name=profile][value=civil]").check(force=True)
        page.get_by_role("button", name="受理").click()
        expect(page.get_by_text("已受理").first).to_be_visible()
        self.open(f"/desk/cases/{reference}/items/1/", page)
        expect(page.locator("mark").first).to_be_visible()
        page.locator("summary", has_text="采取措施并转送").click()
        page.locator("[name=measure][value=interim_down]").check(force=True)
        page.locator("[name=reasoning]").first.fill(REASONING)
        page.get_by_role("button", name="提交决定").first.click()
        page.locator("#confirm-dialog button[value=yes]").click()
        page.wait_for_url(f"**/desk/cases/{reference}/")
        self.desk = page
        self.has_gone(anyone, number)

    def has_gone(self, anyone: Page, number: str) -> None:
        answer = anyone.reload()
        assert answer is not None
        assert answer.status == 410
        self.errors.clear()  # Chromium counts the 410 that was asked for
        expect(anyone.get_by_text("该文档暂不可访问").first).to_be_visible()
        assert "侵权" not in anyone.content()
        assert "林" not in anyone.locator("main").inner_text()
        self.open(f"/documents/?q={number}", anyone)
        expect(anyone.locator(f"a[href='/documents/{number}/']")).to_have_count(0)

    def seller_reads(self, reference: str, email: str) -> None:
        page = self.sign_in(email)
        page.get_by_role("link", name="转送通知书").first.click()
        letter = page.locator("main")
        expect(letter).to_contain_text(reference)
        expect(letter).to_contain_text("林*")
        for secret in ("林岚", "13800001111", "lin@example.com", "书院街"):
            assert secret not in page.content()

    def case_file(self, reference: str) -> str:
        """Ask for the case file, have it rendered, download it; return its text."""
        page = self.desk
        page.get_by_role("button", name="生成全文版").click()
        page.wait_for_url("**/case-files/*/")
        work_off_the_queue()
        page.reload()
        with page.expect_download() as download:
            page.get_by_role("button", name="下载 PDF").click()
        path = self.folder / f"{reference}.pdf"
        download.value.save_as(path)
        text = subprocess.run(
            ["pdftotext", "-raw", str(path), "-"],
            capture_output=True,
            check=True,
            text=True,
        )
        assert reference in text.stdout
        return text.stdout

    def becomes_final(self, reference: str) -> None:
        """Nobody answers: the window ends, the case closes, both sides are told."""
        window = Deadline.objects.open().get(clock="window")
        call_command("tick", at=window.due_at, verbosity=0)
        case = Case.objects.get(reference=reference)
        assert case.state == "closed"
        told = Notice.objects.filter(case=case, facts__act="finalise")
        assert {letter.audience for letter in told} == {"claimant", "uploader"}
        self.author.reload()
        expect(self.author.get_by_text("已结案").first).to_be_visible()
        assert ledger.verify().breaks == ()
