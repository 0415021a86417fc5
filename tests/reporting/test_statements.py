"""What sellers read of a ruling: reasons where they are restricted, and only there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.appeals import may_still_appeal
from cases.firing import fire_due
from cases.models import Notice, Restriction
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence import ledger
from reports.letters import letter_of
from tests.factories import AT, make_document, make_text, make_user
from tests.gate.sellers import make_seller, on_sale
from tests.reporting.matters import (
    FACTS,
    again,
    appeal_of,
    decide,
    facts_for,
    report,
    staff,
)

pytestmark = pytest.mark.django_db
ANSWER = "再次查看后认定，第二页的名单没有授权，应当下架。"


def test_who_was_held_back_and_is_cleared_reads_that_nothing_is_left() -> None:
    case = again(report(reason="B1").report.case)
    by = staff()
    claim(case, by=by, at=AT)
    advance(again(case), "restrict", by=by, at=AT, policy="examiner")
    decide(again(case), by=by, level="")
    body = letter_of(Notice.objects.get(case=case, kind="statement")).body
    assert "不采取措施" in body
    assert "此前的限制已经解除" in body
    for wrong in (FACTS, "措施自", "记 0 分"):
        assert wrong not in body


def test_who_is_first_restricted_on_appeal_reads_the_reasons_and_may_contest() -> None:
    seller, _by = make_seller()
    document = make_document(seller=seller)
    case = decide(report(document, "A8").report.case, by=staff(), level="")
    appeal = appeal_of(case)
    later = AT + timedelta(days=10)
    changed = {"outcome": "upheld", "measures": {document.number: "interim_down"}}
    advance(appeal, "overturn", by=staff("senior"), at=later, answer=ANSWER, **changed)
    body = letter_of(Notice.objects.get(kind="appeal", seller=seller)).body
    for told in (ANSWER, str(case.rulings.latest("pk").why.label), "申请复议"):
        assert told in body, told
    assert "以一次为限" not in body
    assert may_still_appeal(again(case), None, seller)
    fire_due(at=AT + timedelta(days=20))
    assert may_still_appeal(again(case), None, seller), "the days run from the change"
    assert not may_still_appeal(again(case), appeal.report, None)


@pytest.mark.parametrize("automated", [True, False])
def test_a_ruling_on_appeal_says_whether_a_machine_took_part_in_the_finding(
    *, automated: bool
) -> None:
    seller, _by = make_seller()
    document = make_document(seller=seller)
    case, by = report(document, "C2").report.case, staff()
    claim(case, by=by, at=AT)
    facts = facts_for(case, "", automated=automated)
    advance(case, "decide", by=by, at=AT, **facts)
    changed = {"outcome": "upheld", "measures": {document.number: "interim_down"}}
    appeal = appeal_of(again(case))
    advance(appeal, "overturn", by=staff("senior"), at=AT, answer=ANSWER, **changed)
    body = letter_of(Notice.objects.get(kind="appeal", seller=seller)).body
    assert ("使用了自动比对" in body) == automated
    assert ("没有使用自动手段" in body) != automated


def test_the_desk_reads_what_was_reported_though_it_is_down(client: Client) -> None:
    document = on_sale("固定时第二页的名单在此。")
    filed = report(document, "B1", quote="文中没有的一句话").report
    Restriction.objects.create(
        document=document,
        reported=filed.case.reported_documents.get(),
        level="interim_down",
        placed_at=AT,
    )
    assert visibility(document).is_down
    client.force_login(make_user(duty="moderator"))
    page = client.get(reverse("desk_report", args=[filed.case.reference]))
    assert "文中没有的一句话" in page.content.decode()
    where = reverse(
        "desk_report_snapshot", args=[filed.case.reference, document.number]
    )
    assert where in page.content.decode()
    answer = client.post(where)
    assert answer.getvalue()
    assert f'filename="{document.number}.txt"' in answer["Content-Disposition"]
    entries = ledger.entries_of([filed.case.stream])
    assert entries.filter(kind="case.snapshot").count() == 1


def test_each_account_of_one_person_can_contest(client: Client) -> None:
    user, text = make_user(), make_text("两个账号先后上传的同一篇文字。")
    accounts = [make_seller(name, user=user)[0] for name in ("毛强", "毛强二店")]
    for account in accounts:
        case = report(make_document(text=text, seller=account), "A8").report.case
    decide(again(case), by=staff())
    client.force_login(user)
    page = reverse("seller_appeal", args=[case.reference])
    said = {"ground": "facts", "statement": "名单系公开信息，请重新查看第二页。"}
    for _ in accounts:
        assert client.get(page).context["is_open"]
        assert client.post(page, said).status_code == 302
    filed = case.appeals.order_by("pk").values_list("seller", flat=True)
    assert list(filed) == [account.pk for account in accounts]
    assert not client.get(page).context["is_open"]
