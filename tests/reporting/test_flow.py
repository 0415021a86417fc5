"""What the steps of a report bring about: rows, letters, clocks, restrictions."""

from datetime import timedelta

import pytest

from cases.errors import AlreadyReported, CaseMovedOn, NotPermitted
from cases.firing import fire_due
from cases.models import (
    AuthorityTask,
    Case,
    Deadline,
    Notice,
    Report,
    Restriction,
    Ruling,
    Strike,
)
from cases.priority import score_of
from cases.receipts import report_for
from cases.reporting import split, withdraw
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence import ledger
from evidence.actors import Actor
from tests.factories import AT, make_document, make_text
from tests.reporting.matters import (
    again,
    appeal_of,
    decide,
    facts_for,
    make_report_case,
    report,
    staff,
)

pytestmark = pytest.mark.django_db


def open_clocks(case: Case) -> list[str]:
    """Of the case itself: its seller's account has a machine of its own."""
    clocks = case.deadlines.open().exclude(clock="account")
    return sorted(clocks.values_list("clock", flat=True))


def test_a_report_has_a_number_a_code_a_snapshot_and_its_clock() -> None:
    receipt = report(reason="E5")
    filed = receipt.report
    assert filed.number == "HZ-2026-000001"
    assert filed.case.reference == "JB-2026-000001"
    assert filed.case.reported_documents.get().snapshot.listing["title"] == "施工方案"
    assert open_clocks(filed.case) == ["sla_p3"]
    assert report_for(filed.number, receipt.code) == filed
    assert receipt.code not in str(filed.__dict__)


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer() -> None:
    receipt = report()
    assert report_for(receipt.report.number, "AAAA-" * 7) is None
    assert report_for("HZ-2026-999999", receipt.code) is None
    assert report_for("", "") is None


def test_reports_of_one_document_are_one_case_with_the_earlier_clock() -> None:
    document = make_document()
    first = report(document, "E5").report
    later = AT + timedelta(hours=3)
    second = report(document, "A8", at=later).report
    case = again(first.case)
    assert second.case == case
    assert (case.priority, case.reason) == (1, "A8")
    assert open_clocks(case) == ["sla_p1"]
    third = report(document, "E1", at=later).report
    assert third.case == case
    assert again(case).reason == "A8"
    assert Deadline.objects.filter(case=case, ending="void").count() == 1


def test_uploads_of_one_text_are_one_case_with_a_snapshot_each() -> None:
    text = make_text("同一篇文章")
    first = report(make_document(text=text)).report
    second = report(make_document(text=text)).report
    assert second.case == first.case
    assert first.case.reported_documents.count() == 2


def test_a_senior_takes_the_folding_apart_and_it_stays_apart() -> None:
    text = make_text("同一篇文章")
    one, other = make_document(text=text), make_document(text=text)
    case = report(one).report.case
    second = report(other).report
    with pytest.raises(NotPermitted):
        split(case, [second], by=staff(), at=AT)
    apart = split(case, [second], by=staff("senior"), at=AT)
    assert Report.objects.get(pk=second.pk).case == apart
    assert report(other).report.case == apart
    assert report(one).report.case == case


def test_merged_cases_share_one_decision_and_come_apart_again() -> None:
    first = make_report_case("merged")
    master = first.merged_into
    assert master.reports.count() == 2
    assert master.score == score_of(master), "two reporters weigh more than one"
    assert open_clocks(first) == []
    senior = staff("senior")
    advance(first, "unmerge", by=senior, at=AT)
    assert again(first).reports.count() == 1
    for case in (again(first), again(master)):
        assert case.score == score_of(case)
    assert open_clocks(again(first)) == ["sla_p2"]


def test_claiming_and_giving_back_are_steps_of_the_case() -> None:
    from cases.services import release

    by, case = staff(), make_report_case()
    claim(case, by=by, at=AT)
    assert again(case).state == "in_review"
    release(again(case), by=by, at=AT)
    assert again(case).state == "submitted"


def test_who_reported_or_sells_the_document_never_handles_the_case() -> None:
    moderator = staff()
    document = make_document()
    case = report(document, by=moderator).report.case
    with pytest.raises(NotPermitted):
        claim(case, by=moderator, at=AT)


def test_the_same_person_reports_a_document_once_for_one_group() -> None:
    by, document = Actor(user_id=staff().user_id), make_document()
    first = report(document, "E1", by=by).report
    with pytest.raises(AlreadyReported) as told:
        report(document, "E5", by=by)
    assert told.value.number == first.number
    assert report(document, "A7", by=by).report.case == first.case


def test_a_decision_restricts_tells_both_sides_once_and_strikes_provisionally() -> None:
    document = make_document()
    case = report(document, "A8").report.case
    report(document, "A8")
    case = decide(again(case), by=staff())
    assert visibility(document).is_down
    assert sorted(Notice.objects.values_list("kind", "audience")) == [
        ("account", "uploader"),
        ("outcome", "reporter"),
        ("outcome", "reporter"),
        ("statement", "uploader"),
    ]
    assert Strike.objects.get().final_at is None
    assert set(case.reports.values_list("outcome", flat=True)) == {"upheld"}
    assert open_clocks(case) == ["contest"]


def test_numbers_of_letters_do_not_tell_the_uploader_how_many_reported() -> None:
    document = make_document()
    case = report(document, "A8").report.case
    for _ in range(3):
        report(document, "A8")
    case = decide(again(case), by=staff())
    numbers = case.notices.filter(seller__isnull=False).order_by("pk")
    told = [each.number.removeprefix(case.stream) for each in numbers]
    assert told == ["-001", "-002"]
    assert Notice.objects.filter(report__isnull=False).count() == 4


def test_without_a_measure_the_uploader_is_not_told_that_somebody_complained() -> None:
    case = decide(make_report_case(), by=staff(), level="")
    assert list(Notice.objects.values_list("audience", flat=True)) == ["reporter"]
    assert not Restriction.objects.exists()
    assert case.outcome == "not_upheld"


def test_an_overturned_decision_lifts_its_own_restriction_and_tells_everybody() -> None:
    document = make_document()
    case = report(document, "A8").report.case
    report(document, "A8")
    case = decide(again(case), by=staff())
    appeal = appeal_of(case)
    assert again(case).state == "under_appeal"
    told = Notice.objects.count()
    advance(
        appeal,
        "overturn",
        by=staff("senior"),
        at=AT,
        answer="重新查看后，该页并无所述内容。",
        outcome="not_upheld",
        measures={},
    )
    case = again(case)
    assert (case.state, case.outcome) == ("decided", "not_upheld")
    assert not visibility(document).is_down
    fresh = list(Notice.objects.order_by("pk").values_list("kind", flat=True))[told:]
    assert sorted(fresh) == ["account", *["appeal"] * 3]
    assert Ruling.objects.latest("pk").override_of == Ruling.objects.first()
    assert not Strike.objects.filter(void_at__isnull=True).exists()


def test_one_side_appeals_once_and_a_ruling_on_appeal_is_not_contested_again() -> None:
    case = make_report_case("under_appeal")
    with pytest.raises(CaseMovedOn):
        appeal_of(case)


def test_a_ruling_on_a_case_opened_again_can_be_contested_whatever_came_before() -> (
    None
):
    case = make_report_case("under_appeal")
    appeal = case.appeals.get()
    answer = "再次查看后，该页内容与原决定所述一致。"
    advance(appeal, "uphold", by=staff("senior"), at=AT, answer=answer)
    fire_due(at=AT + timedelta(days=40))
    later = AT + timedelta(days=60)
    ground = "收到新的证据，重新办理。"
    advance(again(case), "reopen", by=staff("compliance"), at=later, ground=ground)
    case = decide(again(case), by=staff("senior"), at=later)
    assert appeal_of(case).ruling == case.rulings.latest("pk")
    with pytest.raises(CaseMovedOn):
        appeal_of(again(case))


def test_the_time_for_an_appeal_ends_in_a_frozen_file() -> None:
    case = make_report_case("decided")
    fire_due(at=AT + timedelta(days=30))
    case = again(case)
    assert case.state == "closed"
    frozen = ledger.entries_of([case.stream]).get(kind="case.frozen")
    assert len(frozen.payload["sha256"]) == 64


def test_an_open_appeal_keeps_the_case_from_closing() -> None:
    case = make_report_case("under_appeal")
    late = AT + timedelta(days=30)
    fire_due(at=late)
    assert again(case).state == "under_appeal"
    assert not Deadline.objects.due(late).filter(clock="contest").exists()
    answer = "再次查看后，该页内容与原决定所述一致。"
    advance(case.appeals.get(), "uphold", by=staff("senior"), at=late, answer=answer)
    fire_due(at=late + timedelta(days=30))
    assert again(case).state == "closed"


def test_without_an_answer_a_question_lapses() -> None:
    case = make_report_case("need_info")
    fire_due(at=AT + timedelta(days=20))
    case = again(case)
    assert (case.state, case.outcome) == ("closed", "invalid")
    assert Notice.objects.filter(kind="outcome").count() == 1


def test_compliance_opens_a_closed_case_again_with_a_clock_of_its_own() -> None:
    case = make_report_case("closed")
    by = staff("compliance")
    advance(case, "reopen", by=by, at=AT + timedelta(days=40), ground="主管部门来函")
    assert open_clocks(again(case)) == ["sla_p2"]
    decide(again(case), by=staff(), at=AT + timedelta(days=40))
    assert Ruling.objects.count() == 2


def test_the_last_report_taken_back_ends_the_case_and_an_urgent_one_goes_on() -> None:
    document = make_document()
    one, other = report(document).report, report(document).report
    for each, state in ((one, "submitted"), (other, "withdrawn")):
        speaker = Actor(user_id=None, reports=frozenset({each.pk}))
        withdraw(each, by=speaker, at=AT)
        assert again(one.case).state == state
    urgent = report(reason="A8").report
    speaker = Actor(user_id=None, reports=frozenset({urgent.pk}))
    with pytest.raises(CaseMovedOn):
        withdraw(urgent, by=speaker, at=AT)


def test_a_lone_anonymous_p0_alarms_at_once_and_restricts_nothing() -> None:
    document = make_document()
    case = report(document, "B1").report.case
    assert open_clocks(again(case)) == ["alarm", "sla_p0"]
    alarm = case.deadlines.get(clock="alarm")
    assert alarm.due_at == AT + timedelta(minutes=30)
    assert AuthorityTask.objects.get().case == case
    assert not visibility(document).is_down


def test_an_authority_restricts_before_review_and_it_ends_unless_confirmed() -> None:
    document = make_document()
    case = report(document, "A1", source="authority").report.case
    assert visibility(document).is_down
    assert Notice.objects.filter(kind="interim").count() == 1
    fire_due(at=AT + timedelta(hours=3))
    assert not visibility(document).is_down
    assert Notice.objects.filter(kind="interim").count() == 2
    other = make_document()
    case = report(other, "A1", source="authority").report.case
    by = staff()
    claim(again(case), by=by, at=AT)
    advance(again(case), "confirm", by=by, at=AT)
    fire_due(at=AT + timedelta(hours=3))
    assert visibility(other).is_down


def test_a_stale_page_does_not_decide() -> None:
    case, by = make_report_case(), staff()
    claim(case, by=by, at=AT)
    with pytest.raises(CaseMovedOn):
        advance(case, "decide", by=by, at=AT, expect_version=0, **facts_for(case))


def test_the_ledger_of_reports_holds_and_keeps_no_words() -> None:
    receipt = report(statement="这句话不进台账", name="某某", email="x@example.com")
    assert ledger.verify().breaks == ()
    rows = ledger.entries_of([receipt.report.case.stream])
    for word in ("这句话", "某某", "x@example.com"):
        assert not any(word in str(row.payload) for row in rows)
