"""Bad faith is set aside without judging the document, and one undo brings it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import proofs
from cases.abuse import bring_back, invalidate, open_reports_like
from cases.errors import NotPermitted
from cases.models import Notice, Restriction, SpentProof
from cases.policies import set_policy
from cases.priority import accuracy_of, factors_of
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence.actors import Actor
from moderation.desk.report_forms import words_of_reporters
from reports.letters import letter_of
from reports.report_letters import blotting_of
from tests.factories import AT, make_document, make_text, make_user
from tests.reporting.matters import again, appeal_of, decide, report, staff

pytestmark = pytest.mark.django_db


def filed_by(user_id: int, count: int, reason: str = "E5") -> list[Any]:
    by = Actor(user_id=user_id)
    return [report(reason=reason, by=by).report for _ in range(count)]


def test_a_sweep_takes_one_reporters_open_reports_and_an_undo_brings_them_back() -> (
    None
):
    user = make_user()
    mine = filed_by(user.pk, 3)
    shared = report(mine[0].document, "A7").report
    decide(again(mine[2].case), by=staff())
    rows = list(open_reports_like(mine[0]))
    assert set(rows) == set(mine[:2])
    with pytest.raises(NotPermitted):
        invalidate(rows, by=staff(), at=AT)
    senior = staff("senior")
    assert invalidate(rows, by=senior, at=AT) == 2
    assert again(mine[1].case).state == "closed"
    assert again(shared.case).state == "submitted", "somebody else reported it too"
    assert bring_back(rows, by=senior, at=AT) == 2
    assert again(mine[1].case).state == "submitted"
    assert again(mine[1].case).deadlines.open().count() == 1


def test_an_urgent_case_stays_for_a_person_whatever_becomes_of_its_reporter() -> None:
    filed = report(reason="B1").report
    invalidate([filed], by=staff(), at=AT)
    assert again(filed.case).state == "submitted"


def test_accuracy_counts_once_enough_is_decided_and_weighs_in_the_queue() -> None:
    user = make_user()
    for each in filed_by(user.pk, 5, "A7"):
        decide(again(each.case), by=staff())
    assert accuracy_of(user.pk).per_cent == 100
    case = again(filed_by(user.pk, 1)[0].case)
    assert any(factor.points == 80 for factor in factors_of(case))


def test_a_proven_reporter_restricts_a_p0_within_the_caps_of_the_day() -> None:
    by = staff("compliance")
    set_policy("interim_decided", 5, by=by, at=AT)
    set_policy("interim_reporter_daily", 1, by=by, at=AT)
    user = make_user()
    for each in filed_by(user.pk, 5, "A7"):
        decide(again(each.case), by=staff(), level="")
    assert not visibility_after(user.pk), "five reports that did not hold prove nothing"
    other = make_user()
    for each in filed_by(other.pk, 5, "A7"):
        decide(again(each.case), by=staff())
    Restriction.objects.update(placed_at=AT - timedelta(days=3))
    assert visibility_after(other.pk)
    assert not visibility_after(other.pk), "once a day, as compliance has set"


def visibility_after(user_id: int) -> bool:
    document = make_document()
    report(document, "B1", by=Actor(user_id=user_id))
    return visibility(document).is_down


def test_a_copy_of_what_was_removed_for_p0_is_held_at_once() -> None:
    text = make_text("已经下架的同一篇文字")
    first = make_document(text=text)
    decide(again(report(first, "B1").report.case), by=staff(), level="remove")
    copy = make_document(text=text)
    report(copy, "B1")
    assert visibility(copy).is_down


def test_the_desk_refuses_a_reporters_own_words_and_names() -> None:
    filed = report(
        statement="金丝雀亲眼看到第二页的名单", name="欧阳金丝雀", email="c@example.com"
    ).report
    quoted = "如所述，金丝雀亲眼看到第二页的名单。"
    for text in (quoted, "据欧阳金丝雀说", "见 c@example.com"):
        assert words_of_reporters(filed.case, text), text
    assert not words_of_reporters(filed.case, "第二页列有名单，未见同意的说明。")


def test_the_sweep_page_lists_takes_and_undoes() -> None:
    user = make_user()
    mine = filed_by(user.pk, 2)
    client = Client()
    client.force_login(make_user(duty="senior"))
    page = reverse("desk_reporter", args=[mine[0].public_id])
    body = client.get(page).content.decode()
    assert all(each.number in body for each in mine)
    ticked = [str(each.public_id) for each in mine]
    client.post(page, {"sweep": "1", "report": ticked})
    assert again(mine[0].case).state == "closed"
    client.post(page, {"undo": "1", "report": ticked})
    assert again(mine[0].case).state == "submitted"


def test_what_is_late_comes_first_within_its_priority_and_says_so() -> None:
    from moderation.desk.report_queue import urgent

    first = report(reason="E5").report.case
    loud = make_document()
    for _ in range(4):
        report(loud, "E5", at=AT + timedelta(days=9))
    at = AT + timedelta(days=12)
    assert urgent(staff(), at).first() == first
    labels = [factor.label for factor in factors_of(again(first), at=at)]
    assert "已超过处理期限" in labels


def test_counts_of_limits_are_forgotten_when_their_window_is_long_over() -> None:
    from cases.limits import forget, spend
    from cases.models import UseCount

    spend("report_address", "198.51.100.7", at=AT)
    assert forget(at=AT + timedelta(hours=3)) == 0
    assert forget(at=AT + timedelta(days=3)) == 1
    assert not UseCount.objects.exists()


def test_a_spent_proof_is_kept_as_long_as_it_could_be_sent_again() -> None:
    SpentProof.objects.create(digest="0" * 64, spent_at=AT)
    assert proofs.forget(at=AT + proofs.LIFE) == 0
    assert proofs.forget(at=AT + proofs.LIFE + timedelta(minutes=1)) == 1


def letters_of(filed: Any) -> list[str]:
    rows = Notice.objects.filter(report=filed).order_by("pk")
    return [str(letter_of(row).body) for row in rows]


def test_who_filed_what_is_set_aside_is_told_so_and_only_they() -> None:
    document = make_document()
    aside, other = (report(document).report for _ in range(2))
    invalidate([aside], by=staff(), at=AT)
    [body] = letters_of(aside)
    assert "未予采纳" in body
    assert letters_of(other) == []


def test_who_stands_again_after_the_decision_is_told_its_outcome_once() -> None:
    document = make_document()
    aside, _other = (report(document, "A8").report for _ in range(2))
    invalidate([aside], by=staff(), at=AT)
    decide(again(aside.case), by=staff())
    at, senior = AT + timedelta(days=1), staff("senior")
    assert bring_back([aside], by=senior, at=at) == 1
    aside.refresh_from_db()
    assert aside.outcome == "upheld"
    _told, body = letters_of(aside)
    assert "举报成立" in body
    assert "申请复议" in body
    assert bring_back([aside], by=senior, at=at) == 0
    assert len(letters_of(aside)) == 2


def test_words_of_answers_and_appeals_and_the_account_are_a_reporters_too() -> None:
    user = make_user(email="wang@example.com")
    filed = report(by=Actor(user_id=user.pk)).report
    case = again(filed.case)
    examiner = staff()
    claim(case, by=examiner, at=AT)
    advance(case, "request_info", by=examiner, at=AT, question="请说明在第几页。")
    told = "第九页左下角盖着我单位的旧公章，一看便知"
    supplied = {"report": filed.pk, "answer": told}
    advance(again(case), "supply", by=Actor(user_id=user.pk), at=AT, **supplied)
    decide(again(case), by=examiner)
    appealed = appeal_of(again(case), filed)
    for text in (told, appealed.statement, "联系 WANG@example.com 核实"):
        assert words_of_reporters(again(case), f"经查，{text}。"), text


def test_a_reporters_name_is_blotted_out_however_it_is_cased() -> None:
    filed = report(name="Ouyang", email="c@example.com").report
    assert blotting_of(filed.case)("据 OUYANG 和 C@Example.com 所述") == (
        "据 ****** 和 ************* 所述"
    )
