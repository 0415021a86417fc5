"""The pages of a contested case: what each side fills in, and what it is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cases.declarations import COUNTER_DECLARATIONS, WITHDRAWAL_DECLARATIONS
from cases.models import Case, CounterNotice, DefectFound, Proceeding
from cases.services import advance, claim
from evidence.actors import Actor
from moderation.desk.queue import claim_next
from moderation.models import User
from tests.cases.journeys import EXPLANATION, REASONING, Matter, make_matter

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def paper(name: str = "底稿.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "底稿：一至三稿。".encode())


def formset(prefix: str = "proof", **rows: Any) -> dict[str, Any]:
    return {
        f"{prefix}-TOTAL_FORMS": "3",
        f"{prefix}-INITIAL_FORMS": "0",
        f"{prefix}-0-kind": "manuscript",
        **{f"{prefix}-{name}": value for name, value in rows.items()},
    }


def counter_form(**changed: Any) -> dict[str, Any]:
    return {
        "ground": "own",
        "explanation": EXPLANATION,
        "declared": [each.code for each in COUNTER_DECLARATIONS],
        "signature": "毛强",
        **formset(**{"0-file": paper()}),
        **changed,
    }


def withdrawal(matter: Matter, *, scope: str) -> dict[str, Any]:
    return {
        "version": matter.fresh().version,
        "scope": scope,
        "ground": "settled",
        "declared": [each.code for each in WITHDRAWAL_DECLARATIONS],
        "signature": matter.party.name,
    }


def now_matter(**facts: Any) -> Matter:
    return make_matter(at=timezone.now(), **facts)


def test_the_uploader_answers_on_one_page_and_sees_what_became_of_it() -> None:
    matter = now_matter()
    client = signed_in(matter.uploader)
    home = client.get("/seller/").content.decode()
    url = f"/seller/items/{matter.item.public_id}/"
    assert url in home
    page = client.get(url).content.decode()
    assert "提交反通知" in page
    assert matter.party.name not in page
    answer = client.post(f"{url}answer/", counter_form())
    assert answer.status_code == 302
    assert matter.state() == "counter_review"
    page = client.get(url).content.decode()
    assert EXPLANATION in page
    assert "收件回执" in page


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"signature": "别人"}, "不一致"),
        ({"declared": []}, "全部声明"),
        ({"explanation": "短"}, "20"),
        ({"proof-0-file": ""}, "初步证明材料"),
        ({"ground": "removed"}, "新版文件"),
    ],
)
def test_an_incomplete_answer_is_told_and_nothing_is_filed(
    changed: dict[str, Any], told: str
) -> None:
    matter = now_matter()
    url = f"/seller/items/{matter.item.public_id}/answer/"
    page = signed_in(matter.uploader).post(url, counter_form(**changed))
    assert page.status_code == 200
    assert told in page.content.decode()
    assert CounterNotice.objects.count() == 0


def test_a_stranger_finds_no_such_document() -> None:
    matter = now_matter()
    url = f"/seller/items/{matter.item.public_id}/"
    assert signed_in(matter.claimant).get(url).status_code == 404
    assert signed_in(matter.claimant).post(f"{url}answer/").status_code == 404


def test_a_document_that_was_never_forwarded_has_no_page() -> None:
    """Before a decision the uploader knows nothing of the notice."""
    matter = now_matter(state="accepted")
    url = f"/seller/items/{matter.item.public_id}/"
    assert signed_in(matter.uploader).get(url).status_code == 404


def test_the_desk_asks_for_a_cure_and_forwards_what_was_cured() -> None:
    matter = now_matter()
    uploader, desk = signed_in(matter.uploader), signed_in(matter.moderator)
    counter = matter.answer(timezone.now())
    page = desk.get(f"/desk/cases/{matter.case.reference}/").content.decode()
    assert EXPLANATION in page
    steps = f"/desk/cases/{matter.case.reference}/steps/counter_notice"
    steps = f"{steps}/{counter.public_id}"
    empty = desk.post(f"{steps}/find_defects/", {"version": counter.version})
    assert "至少一项" in empty.content.decode()
    form = {"version": counter.version, "C03": "底稿没有日期。"}
    assert desk.post(f"{steps}/find_defects/", form).status_code == 302
    cure = f"/seller/answers/{counter.public_id}/"
    assert "底稿没有日期。" in uploader.get(cure).content.decode()
    counter = CounterNotice.objects.get()
    form = {"version": counter.version, "C03": "补交修改记录。", **formset()}
    assert uploader.post(cure, form).status_code == 302
    assert DefectFound.objects.get().answer == "补交修改记录。"
    stale = desk.post(f"{steps}/forward/", {"version": counter.version})
    assert stale.status_code == 409
    counter = CounterNotice.objects.get()
    desk.post(f"{steps}/forward/", {"version": counter.version})
    assert matter.state() == "waiting"


def test_the_complainant_tells_of_a_suit_and_proves_it_later() -> None:
    matter = now_matter()
    matter.wait(timezone.now())
    client = signed_in(matter.claimant)
    case_url = f"/cases/{matter.case.reference}/"
    assert "通知已起诉或投诉" in client.get(case_url).content.decode()
    form = {
        "items": [matter.item.pk],
        "kind": "suit",
        "authority": "成都市中级人民法院",
        "begun_on": timezone.localdate().isoformat(),
        **formset(),
    }
    answer = client.post(f"{case_url}proceedings/new/", form)
    assert answer.status_code == 302
    assert matter.state() == "litigating"
    row = Proceeding.objects.get()
    prove = f"{case_url}proceedings/{row.public_id}/"
    assert prove in client.get(case_url).content.decode()
    assert "凭证" in client.post(prove, formset()).content.decode()
    answer = client.post(prove, formset(**{"0-file": paper("受理通知书.txt")}))
    assert answer.status_code == 302
    assert Proceeding.objects.get().state == "proved"


def test_a_suit_of_tomorrow_is_refused() -> None:
    matter = now_matter()
    matter.wait(timezone.now())
    form = {
        "items": [matter.item.pk],
        "kind": "suit",
        "authority": "法院",
        "begun_on": "2999-01-01",
        **formset(),
    }
    url = f"/cases/{matter.case.reference}/proceedings/new/"
    page = signed_in(matter.claimant).post(url, form)
    assert "不能晚于今天" in page.content.decode()
    assert matter.state() == "waiting"


def test_the_complainant_withdraws_one_document_or_all() -> None:
    matter = now_matter(items=2)
    client = signed_in(matter.claimant)
    url = f"/cases/{matter.case.reference}/withdraw/"
    form = withdrawal(matter, scope="part")
    assert "请勾选要撤回的文档" in client.post(url, form).content.decode()
    answer = client.post(url, form | {"items": [matter.item.pk]})
    assert answer.status_code == 302
    assert [matter.state(1), matter.state(2)] == ["dropped", "measured"]
    form["version"] = matter.fresh().version
    client.post(url, form | {"scope": "whole"})
    assert matter.fresh().state == "withdrawn"
    assert client.get(url).status_code == 409


def test_a_complaint_is_withdrawn_though_an_order_holds_its_only_document() -> None:
    now = timezone.now()
    matter = make_matter(at=now - timedelta(days=1))
    matter.order(now)
    client = signed_in(matter.claimant)
    url = f"/cases/{matter.case.reference}/withdraw/"
    assert url in client.get(f"/cases/{matter.case.reference}/").content.decode()
    assert "所选文档" not in client.get(url).content.decode()
    form = withdrawal(matter, scope="whole")
    assert client.post(url, form).status_code == 302
    assert (matter.fresh().state, matter.state()) == ("withdrawn", "litigating")
    assert client.get(url).status_code == 409


def test_a_notice_is_cured_defect_by_defect() -> None:
    matter = now_matter(state="claimed")
    case = matter.case
    facts = {"codes": ["D02", "D05"], "defects": {"D02": "到期。", "D05": "打不开。"}}
    advance(case, "find_defects", by=matter.moderator, at=timezone.now(), **facts)
    client = signed_in(matter.claimant)
    url = f"/cases/{case.reference}/cure/"
    page = client.get(url).content.decode()
    assert "打不开。" in page
    form = {
        "version": matter.fresh().version,
        "D02": "附新的授权书。",
        "D05": "编号改为如下。",
        **formset("proof-D02", **{"0-file": paper("授权书.txt")}),
        **formset("proof-D05"),
    }
    assert client.post(url, form | {"D05": ""}).status_code == 200
    form["proof-D02-0-file"] = paper("授权书.txt")
    assert client.post(url, form).status_code == 302
    assert matter.fresh().state == "submitted"
    assert DefectFound.objects.get(code="D02").exhibits.count() == 1
    desk = signed_in(matter.moderator).get(f"/desk/cases/{case.reference}/")
    assert "附新的授权书。" in desk.content.decode()


def test_the_desk_splits_refuses_and_holds_by_its_buttons() -> None:
    matter = now_matter(items=2, state="claimed")
    case = matter.case
    url = f"/desk/cases/{case.reference}/steps/copyright/{case.public_id}"
    moderator, legal = signed_in(matter.moderator), signed_in(matter.legal)
    form = {"version": case.version, "items": ["1", "2"]}
    assert "留下其余文档" in moderator.post(f"{url}/split/", form).content.decode()
    form["items"] = ["2"]
    assert moderator.post(f"{url}/split/", form).status_code == 302
    assert Case.objects.count() == 2
    words = {"reasoning": REASONING, "document": "函 1 号"}
    version = {"version": matter.fresh().version}
    assert legal.post(f"{url}/hold/", version | words).status_code == 302
    assert matter.fresh().legal_hold
    claim(case, by=matter.legal, at=timezone.now() + timedelta(minutes=31))
    refusal = {"version": matter.fresh().version, "refusal": "no_right"}
    assert legal.post(f"{url}/reject/", refusal | words).status_code == 302
    assert matter.fresh().state == "rejected"


def test_legal_enters_an_order_with_its_paper() -> None:
    matter = now_matter()
    at = timezone.now() + timedelta(minutes=31)
    claim(matter.case, by=matter.legal, at=at)
    client = signed_in(matter.legal)
    page = client.get(f"/desk/cases/{matter.case.reference}/").content.decode()
    url = f"/desk/cases/{matter.case.reference}/steps/proceeding/"
    url = f"{url}{matter.case.public_id}/order/"
    assert url in page
    form = {
        "version": 0,
        "kind": "preservation",
        "authority": "成都市中级人民法院",
        "docket": "行保 1 号",
        "begun_on": timezone.localdate().isoformat(),
        "items": ["1"],
        "measure": "remove",
    }
    assert client.post(url, form).status_code == 200
    assert client.post(url, form | {"paper": paper("裁定.txt")}).status_code == 302
    assert matter.state() == "litigating"


def test_an_answer_brings_its_case_back_to_the_queue_of_the_desk() -> None:
    matter = now_matter()
    at = timezone.now() + timedelta(hours=1)
    assert claim_next(by=matter.legal, at=at) is None
    matter.answer(at)
    assert claim_next(by=matter.legal, at=at) == matter.case


def test_a_notice_that_is_being_cured_waits_for_nobody_at_the_desk() -> None:
    matter = now_matter(state="claimed")
    facts = {"codes": ["D02"], "defects": {"D02": "到期。"}}
    at = timezone.now() + timedelta(hours=1)
    advance(matter.case, "find_defects", by=matter.moderator, at=at, **facts)
    assert claim_next(by=matter.legal, at=at) is None
