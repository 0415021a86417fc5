"""Reporting as a guest and a user meet it: form, receipt, status, limits, mail."""

import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cases import limits
from cases.limits import Limit
from cases.models import Case, Report, ReportAttachment
from cases.proofs import new_challenge, spend
from cases.services import advance, claim
from cases.views import reports
from evidence.ledger import LedgerEntry
from evidence.models import SellerAccount
from moderation.access import actor_of
from tests.factories import AT, make_document, make_party, make_user
from tests.reporting.matters import again, appeal_of, decide, report, staff

pytestmark = pytest.mark.django_db
STATEMENT = "金丝雀说第二页抄录了名单里的每一个人。"


def form(**changed: Any) -> dict[str, Any]:
    return {
        "reason": "E5",
        "minors": "no",
        "statement": STATEMENT,
        "good_faith": "on",
        "form_id": str(uuid.uuid4()),
    } | changed


def post(client: Client, number: str, **changed: Any) -> Any:
    return client.post(reverse("report_abuse", args=[number]), form(**changed))


def code_in(page: str) -> str:
    found = re.search(r'id="query-code">([^<]+)<', page)
    assert found
    return found.group(1)


def _without_tokens(page: str) -> str:
    page = re.sub(r'value="[^"]*"', "", page)
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", page)


def test_a_guest_reports_and_asks_for_the_outcome_with_number_and_code() -> None:
    document = make_document()
    answer = post(Client(), document.number)
    filed = Report.objects.get()
    assert (filed.checked, filed.user_id) == ("none", None)
    code = code_in(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    asked = Client()
    page = asked.post(reverse("report_status"), {"number": filed.number, "code": code})
    assert page.status_code == 302
    shown = asked.get(page["Location"])
    assert filed.number in shown.content.decode()
    assert code not in shown.content.decode()


def test_wrong_code_and_unknown_number_read_the_same() -> None:
    receipt = report()
    pages = [
        Client().post(reverse("report_status"), {"number": number, "code": code})
        for number, code in (
            (receipt.report.number, "WRONG"),
            ("HZ-2026-999999", receipt.code),
        )
    ]
    bodies = [_without_tokens(page.content.decode()) for page in pages]
    assert bodies[0] == bodies[1]
    assert "不正确" in bodies[0]


def test_a_report_is_nobodys_to_read_but_its_reporters() -> None:
    filed = report().report
    address = reverse("my_report", args=[filed.public_id])
    assert Client().get(address).status_code == 404
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.get(address).status_code == 404


def test_the_same_form_twice_is_one_report() -> None:
    document, same = make_document(), str(uuid.uuid4())
    client = Client()
    post(client, document.number, form_id=same)
    answer = post(client, document.number, form_id=same)
    assert Report.objects.count() == 1
    assert "没有重复登记" in answer.content.decode()


def test_what_is_listed_no_more_is_reported_by_its_number() -> None:
    document = make_document()
    document.current = None
    document.save(update_fields=["current"])
    page = Client().get(reverse("report_home"), {"number": document.number})
    assert page["Location"] == reverse("report_abuse", args=[document.number])
    assert post(Client(), document.number).status_code == 200
    assert Report.objects.get().case.reported_documents.get().snapshot.listing["title"]


def test_a_passage_is_prefilled_from_the_page() -> None:
    document = make_document()
    address = reverse("report_abuse", args=[document.number])
    page = Client().get(address, {"segment": "3", "quote": "选中的字"}).content.decode()
    assert "预览第 3 段" in page
    assert "选中的字" in page


def test_reasons_that_need_words_say_which() -> None:
    answer = post(Client(), make_document().number, reason="C3", statement="")
    assert "涉及哪些信息" in answer.context["form"].errors["statement"][0]
    assert not Report.objects.exists()


def test_attachments_are_kept_as_they_came() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = [SimpleUploadedFile(f"{n}.png", b"\x89PNG" + bytes([n])) for n in (1, 2)]
    post(Client(), make_document().number, attachments=files)
    assert ReportAttachment.objects.count() == 2
    many = [SimpleUploadedFile(f"{n}.png", b"x") for n in range(6)]
    answer = post(Client(), make_document().number, attachments=many)
    assert answer.context["form"].errors["attachments"]


def test_limits_hold_whatever_a_header_says() -> None:
    client, codes = Client(), []
    for n in range(12):
        codes.append(
            client.post(
                reverse("report_abuse", args=[make_document().number]),
                form(),
                headers={"X-Forwarded-For": f"203.0.113.{n}"},
            ).status_code
        )
    assert codes == [200] * 10 + [429] * 2
    assert Report.objects.count() == 10
    again_asked = post(client, make_document().number)
    assert int(again_asked["Retry-After"]) > 0


def test_a_guest_without_script_confirms_by_mail_once(settings: Any) -> None:
    post(Client(), make_document().number, email="canary@example.com")
    filed = Report.objects.get()
    assert filed.checked == "none"
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    Client().get(link.group(1))
    assert Report.objects.get().checked == "none"
    Client().post(link.group(1))
    assert Report.objects.get().checked == "email"


@pytest.mark.parametrize("trouble", ["too many", "no server"])
def test_a_receipt_and_its_code_are_shown_although_no_mail_can_be_sent(
    trouble: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    if trouble == "no server":
        monkeypatch.setattr(reports, "send_mail", _unreachable)
    else:
        monkeypatch.setitem(limits.LIMITS, "mail_address", Limit("mail_address", 0, 60))
    page = post(Client(), make_document().number, email="canary@example.com")
    assert page.status_code == 200
    assert code_in(page.content.decode())
    assert Report.objects.count() == 1


def _unreachable(*_: Any, **__: Any) -> None:
    raise ConnectionRefusedError


def test_a_report_that_is_not_to_be_on_the_account_is_on_it_nowhere() -> None:
    user = make_user()
    client = Client()
    client.force_login(user)
    post(client, make_document().number, unnamed="on")
    assert Report.objects.get().user is None
    actors = set(LedgerEntry.objects.values_list("actor", flat=True))
    assert f"user:{user.pk}" not in actors


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_addresses_of_one_subscriber_count_as_one(one: str, other: str) -> None:
    mine = limits.address_of({"REMOTE_ADDR": one})
    assert mine == limits.address_of({"REMOTE_ADDR": other})
    assert mine != limits.address_of({"REMOTE_ADDR": "2001:db8:1:3::1"})


def test_accounts_of_one_address_have_a_limit_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "report_address_accounts"
    monkeypatch.setitem(limits.LIMITS, name, Limit(name, 1, 3_600))
    answers = []
    for _ in range(2):
        client = Client()
        client.force_login(make_user())
        answers.append(post(client, make_document().number).status_code)
    assert answers == [200, 429]


def test_a_proof_is_good_for_one_report() -> None:
    import base64
    import hashlib
    import json

    from django.utils import timezone

    now = timezone.now()
    asked = new_challenge(at=now)
    salt = asked["salt"]
    number = next(
        n
        for n in range(60_000)
        if hashlib.sha256(f"{salt}{n}".encode()).hexdigest() == asked["challenge"]
    )
    solved = {**asked, "number": number}
    solution = base64.b64encode(json.dumps(solved).encode()).decode()
    assert spend(solution, at=now)
    assert not spend(solution, at=now)
    dressed = base64.b64encode(json.dumps({**solved, "took": 1}).encode()).decode()
    assert not spend(dressed, at=now)
    wrong = base64.b64encode(json.dumps({**solved, "number": number + 1}).encode())
    assert not spend(wrong.decode(), at=now)
    assert not spend("%%%", at=now)


def test_who_filed_answers_withdraws_and_appeals_on_their_page() -> None:
    user = make_user()
    client = Client()
    client.force_login(user)
    post(client, make_document().number, reason="C1")
    filed = Report.objects.get()
    by = staff()
    claim(filed.case, by=by, at=AT)
    advance(again(filed.case), "request_info", by=by, at=AT, question="请说明页码。")
    page = reverse("my_report", args=[filed.public_id])
    assert "请说明页码" in client.get(page).content.decode()
    client.post(f"{page}supply/", {"answer": "在第二页的中部，有照片为证。"})
    assert again(filed.case).state == "in_review"
    decide(filed.case, by=by, level="")
    client.post(
        f"{page}appeal/", {"ground": "facts", "statement": "请再看一遍第二页的内容。"}
    )
    assert again(filed.case).state == "under_appeal"
    assert "复议" in client.get(page).content.decode()


def test_the_uploader_contests_and_sends_the_mended_file() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    user = make_user()
    seller = SellerAccount.objects.create(
        mask="M****1", party=make_party(user=user, name="上传人")
    )
    case = report(make_document(seller=seller), "A8").report.case
    decide(again(case), by=staff())
    client = Client()
    client.force_login(user)
    page = reverse("seller_appeal", args=[case.reference])
    assert Client().get(page).status_code == 302
    other = Client()
    other.force_login(make_user())
    assert other.get(page).status_code == 404
    asked = {"ground": "mended", "statement": "已经删去第二页的名单。"}
    refused = client.post(page, asked).context["form"].errors
    assert set(refused) == {"document", "file"}
    asked["document"] = str(case.reported_documents.get().document_id)
    asked["file"] = SimpleUploadedFile("新版.docx", b"PK\x03\x04x")  # type: ignore[assignment]
    assert client.post(page, asked).status_code == 302
    assert again(case).appeals.get().original_name == "新版.docx"


def test_nothing_of_a_reporter_reaches_the_uploader() -> None:
    user = make_user()
    seller = SellerAccount.objects.create(
        mask="M****1", party=make_party(user=user, name="上传人")
    )
    document = make_document(seller=seller)
    canaries = ("欧阳金丝雀", "canary@example.com", STATEMENT, "canary-file")
    case = report(
        document,
        "A8",
        statement=STATEMENT,
        name=canaries[0],
        email=canaries[1],
    ).report.case
    report(document, "A8", at=AT)
    decide(again(case), by=staff())
    appeal = appeal_of(again(case))
    advance(
        appeal,
        "amend",
        by=staff("senior"),
        at=AT,
        answer="欧阳金丝雀所称的内容只在第二页，限制预览即可。",
        outcome="partly_upheld",
        measures={document.number: "limit_preview"},
    )
    client = Client()
    client.force_login(user)
    measure = case.account_measures.get()
    pages = [
        reverse("seller_home"),
        reverse("seller_appeal", args=[case.reference]),
        reverse("seller_account", args=[measure.public_id]),
    ]
    letters = case.notices.filter(seller=seller)
    assert letters.count() == 3
    pages += [reverse("letter", args=[each.public_id]) for each in letters]
    numbers = list(Report.objects.values_list("number", flat=True))
    for page in pages:
        body = client.get(page).content.decode()
        for canary in (*canaries, *numbers):
            assert canary not in body, (canary, page)
    facts = str(list(letters.values_list("facts", flat=True)))
    assert not any(canary in facts for canary in canaries)


def test_the_register_names_nobody() -> None:
    seller = SellerAccount.objects.create(
        mask="M****1", party=make_party(name="某卖家")
    )
    document = make_document(seller=seller, title="带有姓名的标题")
    case = report(document, "A8", name="某人").report.case
    decide(again(case), by=staff())
    body = Client().get(reverse("register")).content.decode()
    assert case.reference in body
    for word in ("带有姓名的标题", document.number, "M****1", "某人", "某卖家"):
        assert word not in body


def test_a_reporters_letter_opens_by_the_code_and_not_without() -> None:
    receipt = report(reason="A8")
    case = decide(again(receipt.report.case), by=staff())
    letter = case.notices.get(audience="reporter")
    address = reverse("letter", args=[letter.public_id])
    assert Client().get(address).status_code == 302
    asked = Client()
    asked.post(
        reverse("report_status"),
        {"number": receipt.report.number, "code": receipt.code},
    )
    assert receipt.report.number in asked.get(address).content.decode()
    seller = Client()
    seller.force_login(make_user())
    assert seller.get(address).status_code == 404


def test_actor_of_a_guest_knows_the_codes_shown() -> None:
    from django.contrib.auth.models import AnonymousUser

    assert actor_of(AnonymousUser(), [3]).reports == frozenset({3})
    assert Case.objects.count() == 0
