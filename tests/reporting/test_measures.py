"""Measures of a report case: how long they stand, and what the marketplace is told."""

from datetime import timedelta
from typing import Any

import pytest

from cases.abuse import invalidate
from cases.errors import CaseMovedOn
from cases.firing import fire_due
from cases.models import Case, Effect, Notice, Restriction, Ruling
from cases.priority import score_of
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence import ledger
from evidence.models import Document
from moderation.desk.report_forms import RuleForm
from moderation.marketplace import InProcessMarketplace, deliver_effects
from reports.letters import letter_of
from tests.factories import AT, make_document
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
WEEK = timedelta(days=7)


class Told(InProcessMarketplace):
    """Writes down what it is told."""

    def __init__(self) -> None:
        super().__init__(AT)
        self.heard: list[tuple[str, str, str]] = []

    def restrict(self, number: str, claim: str, level: str, *, key: str) -> None:
        self.heard.append((number, claim, level))

    def lift(self, number: str, claim: str, *, key: str) -> None:
        self.heard.append((number, claim, ""))


def heard() -> list[tuple[str, str, str]]:
    told = Told()
    deliver_effects(at=AT + 10 * WEEK, to=told)
    return told.heard


def decided_for(days: int, document: Document | None = None) -> Case:
    case = again(report(document, "A8").report.case)
    by = staff()
    claim(case, by=by, at=AT)
    advance(case, "decide", by=by, at=AT, **facts_for(case, days=days))
    return again(case)


def overturn(case: Case, **changed: Any) -> None:
    facts: dict[str, Any] = {
        "answer": "重新查看后，改为较轻的处理。",
        "outcome": "not_upheld",
        "measures": {},
    }
    appeal = appeal_of(case)
    advance(appeal, "overturn", by=staff("senior"), at=AT, **facts | changed)


def test_the_marketplace_is_told_of_the_measure_and_of_its_lifting() -> None:
    document = make_document()
    case = decide(report(document, "A8").report.case, by=staff())
    overturn(case)
    [(number, claim, level), lifted] = heard()
    assert (number, level) == (document.number, "interim_down")
    assert lifted == (document.number, claim, "")
    assert not Effect.objects.filter(kind__contains="income").exists()


def test_a_measure_that_is_replaced_is_told_once_at_its_new_level() -> None:
    document = make_document()
    case = decide(report(document, "A8").report.case, by=staff())
    changed = {document.number: "stop_download"}
    overturn(case, outcome="partly_upheld", measures=changed)
    assert [level for _number, _claim, level in heard()] == [
        "interim_down",
        "stop_download",
    ]


def test_two_cases_on_one_document_are_two_claims_on_the_marketplace() -> None:
    document = make_document()
    for _ in range(2):
        decide(report(document, "A8").report.case, by=staff())
    assert len({claim for _number, claim, _level in heard()}) == 2


def test_what_is_held_before_review_and_let_go_is_told_to_the_marketplace() -> None:
    case = make_report_case(reason="B1")
    by = staff()
    claim(case, by=by, at=AT)
    advance(case, "restrict", by=by, at=AT, policy="examiner")
    fire_due(at=AT + timedelta(hours=3))
    assert [level for *_which, level in heard()] == ["interim_down", ""]


def test_a_measure_with_a_term_ends_by_itself_and_only_in_its_own_case() -> None:
    document = make_document()
    timed = decided_for(7, document)
    fire_due(at=AT + WEEK - timedelta(minutes=1))
    assert visibility(document).is_down
    standing = decided_for(0, document)
    fire_due(at=AT + WEEK)
    assert visibility(document).is_down, "the other case holds it still"
    [row] = Restriction.objects.active()
    assert row.reported is not None
    assert row.reported.case_id == standing.pk
    entry = ledger.entries_of([timed.stream]).get(kind="report.end_measures")
    assert (entry.at, entry.role) == (AT + WEEK, "system")
    letter = Notice.objects.get(case=timed, kind="restoration")
    assert (letter.audience, letter.entry) == ("uploader", entry)
    assert "措施已经解除" in letter_of(letter).body
    assert again(timed).outcome == "upheld", "the decision itself stands"
    assert [level for *_which, level in heard()] == ["interim_down", "interim_down", ""]


def test_the_statement_of_reasons_says_until_when_the_measure_stands() -> None:
    timed, endless = decided_for(7), decided_for(0)
    said = letter_of(Notice.objects.get(case=timed, kind="statement")).body
    assert "（北京时间）期满，届时自行解除" in said
    said = letter_of(Notice.objects.get(case=endless, kind="statement")).body
    assert "持续至本站另行决定" in said
    assert Ruling.objects.get(case=timed).days == 7


def test_a_ruling_on_appeal_brings_its_own_term() -> None:
    document = make_document()
    case = decided_for(7, document)
    changed = {document.number: "stop_download"}
    overturn(case, outcome="partly_upheld", measures=changed, days=15)
    [clock] = case.deadlines.open().filter(clock="duration")
    assert clock.due_at == AT + timedelta(days=15)
    fire_due(at=clock.due_at)
    assert not Restriction.objects.active().exists()


def test_a_term_without_a_measure_is_refused_at_the_desk() -> None:
    case = make_report_case("in_review")
    posted = {
        "version": case.version,
        "outcome": "not_upheld",
        "basis": case.reason,
        "facts_found": "第二页所列名单含有个人电话号码，未见授权，足以认定。",
        "days": "7",
    }
    form = RuleForm(posted, case=case)
    assert not form.is_valid()
    assert set(form.errors) == {"days"}


def test_what_holds_a_document_back_is_not_folded_or_asked_about() -> None:
    case, by = make_report_case(reason="B1"), staff()
    claim(case, by=by, at=AT)
    advance(case, "restrict", by=by, at=AT, policy="examiner")
    other = report(reason="B1").report.case
    with pytest.raises(CaseMovedOn):
        advance(case, "merge", by=by, at=AT, into=other.pk)


def test_what_turns_out_not_to_be_urgent_is_held_back_no_more() -> None:
    case, by = make_report_case(reason="B1"), staff("senior")
    claim(case, by=by, at=AT)
    advance(case, "restrict", by=by, at=AT, policy="examiner")
    advance(case, "reclassify", by=by, at=AT, reason="E5", priority=3)
    assert not Restriction.objects.active().exists()
    invalidate(list(case.reports.all()), by=by, at=AT)
    assert again(case).state == "closed"


def test_a_case_of_another_reason_has_the_points_of_that_reason() -> None:
    case, by = make_report_case(reason="B1"), staff("senior")
    claim(case, by=by, at=AT)
    before = again(case).score
    advance(case, "reclassify", by=by, at=AT, reason="E5", priority=3)
    assert again(case).score == score_of(again(case)) < before


def test_what_was_decided_is_not_dropped_when_it_is_opened_again() -> None:
    case = make_report_case("closed", reason="E5")
    compliance, senior = staff("compliance"), staff("senior")
    advance(case, "reopen", by=compliance, at=AT, ground="主管部门来函，须重新办理。")
    invalidate(list(case.reports.all()), by=senior, at=AT)
    assert again(case).state == "in_review"
    assert Restriction.objects.active().exists()
