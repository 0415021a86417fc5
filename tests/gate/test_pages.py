"""The seller's pages and the desk's: what they show, refuse and keep."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from cases.gate.screening import screen
from cases.models import Submission, SubmissionNotice
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.intake import receive_text
from evidence.ledger import LedgerEntry
from evidence.models import Document, SellerAccount, Text
from evidence.progress import Stage
from tests.factories import (
    AT,
    make_document,
    make_party,
    make_submission,
    make_text,
    make_user,
    make_work,
)
from tests.gate.sellers import make_seller, on_sale, read, words
from tests.rights.people import signed_in

pytestmark = pytest.mark.django_db
REASONING = "逐段核对后，相同部分为通用表述，准予发布。"
# A name that turns round, opens a tag and begins a formula.
HOSTILE = "=cmd|\u202excod.exe <img src=x onerror=alert(1)>;.txt"


def a_seller() -> tuple[Client, SellerAccount]:
    user = make_user()
    account, _actor = make_seller(user=user)
    return signed_in(user), account


def a_moderator() -> Client:
    return signed_in(make_user(duty=Role.MODERATOR))


def upload(content: str, name: str = "教案.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def hand_in(
    client: Client, seller: SellerAccount, *uploads: SimpleUploadedFile, **fields: str
) -> list[Submission]:
    """Through the page, and screened as the worker would."""
    before = Submission.objects.count()
    form = {"seller": seller.pk, "uploads": uploads, "key": "", **fields}
    answer = client.post("/seller/submissions/new/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    rows = list(Submission.objects.order_by("pk")[before:])
    for row in rows:
        screen(row.pk, at=AT)
    return [Submission.objects.get(pk=row.pk) for row in rows]


def test_several_files_are_handed_in_at_once_and_named_by_their_files() -> None:
    client, seller = a_seller()
    rows = hand_in(
        client, seller, upload(words(40)), upload(words(41), "讲义.txt"), price="8.50"
    )
    assert [row.title for row in rows] == ["教案", "讲义"]
    assert {row.price_cents for row in rows} == {850}
    page = client.get("/seller/submissions/").content.decode()
    for shown in ("教案", "讲义", rows[0].reference, "可发布"):
        assert shown in page


def test_a_batch_shows_how_far_it_is_until_it_is_done() -> None:
    client, seller = a_seller()
    form = {"seller": seller.pk, "uploads": [upload(words(42)), upload(words(43))]}
    client.post("/seller/submissions/new/", form)
    page = client.get("/seller/submissions/").content.decode()
    assert "本批 2 份，已处理 0 份" in page
    assert 'hx-get="/seller/submissions/progress/' in page
    for row in Submission.objects.all():
        screen(row.pk, at=AT)
    fragment = client.get("/seller/submissions/progress/").content.decode()
    assert "hx-get" not in fragment
    assert "本批" not in fragment


def test_a_batch_has_a_page_that_counts_its_files_to_their_ends() -> None:
    client, seller = a_seller()
    names = ("好.txt", "空白.txt", "程序.docx", "坏.txt", "在等.txt")
    contents = (words(45), " \u3000\n", "MZ\x90", words(46), words(47))
    files = [upload(*each) for each in zip(contents, names, strict=True)]
    form = {"seller": seller.pk, "uploads": files, "key": ""}
    answer = client.post("/seller/submissions/new/", form)
    rows = list(Submission.objects.order_by("pk"))
    assert answer["Location"] == f"/seller/submissions/{rows[0].reference}/batch/"
    page = client.get(answer["Location"]).content.decode()
    assert "共 5 份，已完成 0 份" in page
    assert f'hx-get="{answer["Location"]}"' in page

    for row in rows[:3]:
        screen(row.pk, at=AT)
    Submission.objects.filter(pk=rows[3].pk).update(
        stage=Stage.FAILED, error="worker_died"
    )
    part = client.get(answer["Location"], headers={"HX-Request": "true"})
    told = part.content.decode()

    assert "<html" not in told
    for shown in (
        "共 5 份，已完成 4 份",
        'value="4" max="5"',
        "无可比对文字",
        "既不是文档，也不是文本",
        "多次处理均未完成",
        f"/seller/submissions/{rows[3].reference}/retry/",
    ):
        assert shown in told, shown
    assert 'href="{}"'.format(answer["Location"]) in told  # for those without script
    screen(rows[4].pk, at=AT)
    assert "hx-get" not in client.get(answer["Location"]).content.decode()


def test_what_others_handed_in_at_the_same_moment_is_no_part_of_a_batch() -> None:
    client, seller = a_seller()
    [mine] = hand_in(client, seller, upload(words(48)))
    other, theirs = a_seller()
    [foreign] = hand_in(other, theirs, upload(words(49)))
    Submission.objects.update(received_at=AT)
    page = client.get(f"/seller/submissions/{mine.reference}/batch/").content.decode()
    assert mine.reference in page
    assert foreign.reference not in page
    address = f"/seller/submissions/{foreign.reference}/batch/"
    assert client.get(address).status_code == 404


def test_the_desk_sees_how_far_everything_is_and_lets_failures_run_again() -> None:
    desk = a_moderator()
    texts = [receive_text(words(n).encode(), name="a.txt", at=AT) for n in (50, 51)]
    receive_text(b"MZ\x90\0" * 9, name="a.docx", at=AT)
    Text.objects.filter(pk=texts[0].pk).update(stage=Stage.FAILED, error="worker_died")
    page = desk.get("/desk/intake/").content.decode()
    for shown in ("共 3 份，已完成 2 份", "多次处理均未完成", "既不是文档，也不是文本"):
        assert shown in page
    assert 'hx-get="/desk/intake/"' in page
    part = desk.get("/desk/intake/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part

    assert desk.post("/desk/intake/retry/").status_code == 302

    assert Text.objects.get(pk=texts[0].pk).stage == Stage.QUEUED
    assert "没有失败的文件" in desk.get("/desk/intake/").content.decode()


def test_a_form_that_is_sent_twice_hands_in_once() -> None:
    client, seller = a_seller()
    for _ in range(2):
        form = {"seller": seller.pk, "uploads": [upload(words(44))], "key": "abc"}
        assert client.post("/seller/submissions/new/", form).status_code == 302
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"uploads": []}, "uploads"),
        ({"uploads": [upload("", "空.txt")]}, "uploads"),
        ({"price": "-1"}, "price"),
        ({"price": "1.001"}, "price"),
        ({"number": "../x"}, "number"),
        ({"seller": 0}, "seller"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_beside_the_field(
    fields: dict[str, object], field: str
) -> None:
    client, seller = a_seller()
    form = {"seller": seller.pk, "uploads": [upload(words(45, 100))], **fields}
    page = client.post("/seller/submissions/new/", form)
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert not Submission.objects.exists()


def test_the_number_of_another_sellers_listing_is_refused_on_the_page() -> None:
    client, seller = a_seller()
    make_document(number="700900")
    form = {"seller": seller.pk, "uploads": [upload(words(46))], "number": "700900"}
    page = client.post("/seller/submissions/new/", form)
    assert "不属于这个卖家账号" in page.content.decode()
    assert not Submission.objects.exists()


def test_the_seller_reads_their_own_side_and_nothing_of_a_work() -> None:
    secret = words(47)
    work = make_work(
        party=make_party(name="林岚"), title="未公开的手稿", text=read(secret)
    )
    client, seller = a_seller()
    [row] = hand_in(client, seller, upload(secret[:700] + words(48, 400)))
    page = client.get(f"/seller/submissions/{row.reference}/").content.decode()
    assert row.state == "held"
    assert secret[100:140] in page
    assert secret[900:940] not in page
    for word in ("未公开的手稿", "林岚", str(work.public_id)):
        assert word not in page
    assert "内容不公开" in page


def test_the_seller_reads_number_and_title_of_what_everybody_may_see() -> None:
    listed = on_sale(words(49))
    client, seller = a_seller()
    [row] = hand_in(client, seller, upload(words(49)[:900]))
    page = client.get(f"/seller/submissions/{row.reference}/").content.decode()
    assert f"/documents/{listed.number}/" in page
    assert "施工方案" in page


def test_a_cleared_file_is_published_by_one_button() -> None:
    client, seller = a_seller()
    [row] = hand_in(client, seller, upload(words(50)), title="春天的教案", price="3")
    step = f"/seller/submissions/{row.reference}/publish/"
    answer = client.post(step, {"version": row.version})
    document = Document.objects.get()
    assert answer["Location"] == f"/documents/{document.number}/"
    page = Client().get(answer["Location"]).content.decode()
    assert "春天的教案" in page
    assert document.seller == seller
    # Stale: the page was open elsewhere.
    assert client.post(step, {"version": row.version}).status_code == 409


def test_from_a_refusal_by_a_person_to_a_second_look() -> None:
    on_sale(words(51))
    client, seller = a_seller()
    [row] = hand_in(client, seller, upload(words(51)[:900]))
    address = f"/desk/gate/{row.reference}/"
    first, second = a_moderator(), a_moderator()
    assert row.reference in first.get("/desk/gate/").content.decode()
    assert "逐段对照" in first.get(address).content.decode()
    reasons = {"step": "refuse", "ground": "copied", "version": row.version}
    page = first.post(f"{address}decide/", reasons)
    assert page.status_code == 200  # without reasons nothing is decided
    reasons["reasoning"] = "与在售文档逐段相同，卖家未提供授权材料。"
    assert first.post(f"{address}decide/", reasons).status_code == 302
    assert second.post(f"{address}decide/", reasons).status_code == 409

    own = f"/seller/submissions/{row.reference}/"
    page = client.get(own).content.decode()
    assert "未通过：与他人的作品或文档有实质相同的内容" in page
    letter = SubmissionNotice.objects.get()
    paper = client.get(f"/letters/submissions/{letter.public_id}/").content.decode()
    for said in (reasons["reasoning"], "申请人工复核", row.reference):
        assert str(said) in paper
    assert letter.number in client.get("/seller/").content.decode()
    version = Submission.objects.get().version
    contest = {"version": version, "reasoning": "太短"}
    assert client.post(f"{own}contest/", contest).status_code == 200
    contest["reasoning"] = "本文由我在 2024 年撰写，附底稿可查。"
    assert client.post(f"{own}contest/", contest).status_code == 302

    assert "底稿可查" in second.get(address).content.decode()
    assert "须由他人处理" in first.get(address).content.decode()
    release = {"step": "release", "version": version + 1, "reasoning": REASONING}
    assert first.post(f"{address}decide/", release).status_code == 403
    assert second.post(f"{address}decide/", release).status_code == 302
    assert Submission.objects.get().state == "cleared"
    assert ledger.verify().breaks == ()


def test_a_file_that_cannot_be_read_says_what_to_do() -> None:
    client, seller = a_seller()
    [row] = hand_in(client, seller, SimpleUploadedFile("程序.docx", b"MZ\x90\0" * 9))
    page = client.get(f"/seller/submissions/{row.reference}/").content.decode()
    assert row.state == "unreadable"
    assert "重新上传" in page


def test_what_failed_has_a_button_to_try_again() -> None:
    client, seller = a_seller()
    row = make_submission(seller=seller)
    Submission.objects.update(stage=Stage.FAILED, error="worker_died")
    page = client.get(f"/seller/submissions/{row.reference}/").content.decode()
    assert "重试" in page
    client.post(f"/seller/submissions/{row.reference}/retry/")
    assert Submission.objects.get().stage == Stage.QUEUED


def test_progress_shows_until_the_screening_has_ended() -> None:
    client, seller = a_seller()
    row = make_submission(seller=seller)
    address = f"/seller/submissions/{row.reference}/"
    assert "every 2s" in client.get(address).content.decode()
    assert "HX-Refresh" not in client.get(f"{address}progress/")
    screen(row.pk, at=AT)
    assert client.get(f"{address}progress/")["HX-Refresh"] == "true"


def test_hostile_names_are_shown_as_text_on_every_page_and_in_headers() -> None:
    on_sale(words(52))
    client, seller = a_seller()
    [row] = hand_in(client, seller, upload(words(52)[:900], HOSTILE))
    desk = a_moderator()
    reasons = {"step": "refuse", "ground": "copied", "version": row.version}
    reasons["reasoning"] = "与在售文档逐段相同，卖家未提供授权材料。"
    pages = [
        client.get("/seller/submissions/"),
        client.get(f"/seller/submissions/{row.reference}/"),
        desk.get("/desk/gate/"),
        desk.get(f"/desk/gate/{row.reference}/"),
    ]
    desk.post(f"/desk/gate/{row.reference}/decide/", reasons)
    letter = SubmissionNotice.objects.get()
    pages.append(client.get(f"/letters/submissions/{letter.public_id}/"))
    for page in pages:
        content = page.content.decode()
        assert "&lt;img src=x onerror=alert(1)&gt;" in content
        assert "<img src=x" not in content
        assert "\u202e" not in content
    download = desk.post(f"/desk/gate/{row.reference}/file/")
    assert download["Content-Type"] == "application/octet-stream"
    assert download["Content-Disposition"].startswith("attachment")
    assert "\u202e" not in download["Content-Disposition"]
    assert b"".join(download).decode() == words(52)[:900]
    assert LedgerEntry.objects.filter(kind="submission.file").count() == 1


def test_compliance_sets_the_policy_on_its_page() -> None:
    compliance = signed_in(make_user(duty=Role.COMPLIANCE))
    page = compliance.get("/desk/gate/policy/").content.decode()
    assert "固定" in page
    form = {"likeness": "removed_copy", "outcome": "refused", "reason": "法务意见"}
    assert compliance.post("/desk/gate/policy/", form).status_code == 302
    page = compliance.get("/desk/gate/policy/").content.decode()
    assert "法务意见" in page
    # What the table does not allow cannot be chosen, whoever asks.
    for wrong in ({"likeness": "work", "outcome": "cleared"}, {"likeness": "x"}):
        answer = compliance.post("/desk/gate/policy/", form | wrong)
        assert answer.status_code in (200, 404)
    assert LedgerEntry.objects.filter(kind="gate.rule_set").count() == 1


@pytest.mark.parametrize("address", ["/seller/submissions/", "/desk/gate/?state=all"])
def test_lists_ask_as_much_of_one_row_as_of_thirty(
    address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user(duty=Role.MODERATOR)
    seller, _by = make_seller(user=user)
    client = signed_in(user)
    make_submission(seller=seller, state="cleared")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(29):
        make_submission(seller=seller, state="held")
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_nobody_reads_what_another_seller_handed_in() -> None:
    _client, seller = a_seller()
    other, _account = a_seller()
    row = make_submission(seller=seller, state="held", text=make_text(words(53)))
    assert other.get(f"/seller/submissions/{row.reference}/").status_code == 404
    assert row.reference not in other.get("/seller/submissions/").content.decode()
    assert Text.objects.filter(pk=row.text_id).exists()
    assert not Submission.objects.visible_to(Actor(user_id=1)).exists()
