"""A case that waits for an answer, and one that waits for a senior, waits no longer
than it has to."""

from datetime import timedelta
from typing import Any

import pytest

from cases.abuse import invalidate
from cases.errors import NotPermitted
from cases.firing import fire_due
from cases.models import Assignment, Case
from cases.policies import set_policy
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence.actors import Actor
from evidence.models import Document
from tests.factories import AT, make_document
from tests.reporting.matters import again, make_report_case, report, staff
from tests.reporting.test_flow import open_clocks

pytestmark = pytest.mark.django_db


def asked(document: Document) -> Case:
    """A calm case whose reporters were asked something."""
    by = staff()
    case = again(report(document, "E5").report.case)
    claim(case, by=by, at=AT)
    advance(case, "request_info", by=by, at=AT, question="请说明在第几页。")
    return again(case)


def test_an_urgent_report_ends_the_waiting_and_is_never_closed_unjudged() -> None:
    document = make_document()
    case = asked(document)
    assert report(document, "B1").report.case == case
    assert again(case).state == "in_review"
    assert open_clocks(case) == ["alarm", "sla_p0"]
    fire_due(at=AT + timedelta(days=20))
    assert again(case).state == "in_review"


def test_whoever_joins_ends_the_waiting_for_what_others_were_asked() -> None:
    document = make_document()
    case = asked(document)
    report(document, "E5", at=AT + timedelta(days=1))
    assert again(case).state == "in_review"
    assert open_clocks(case) == ["sla_p3"]
    assert not case.deadlines.open().filter(paused_at__isnull=False).exists()


def test_an_examiner_who_sees_a_p0_waits_for_nobody() -> None:
    case = asked(make_document())
    by = Actor(user_id=case.assignment.user_id, duty="moderator")
    advance(case, "reclassify", by=by, at=AT, reason="B1", priority=0)
    assert again(case).state == "in_review"


def test_the_paper_of_an_authority_restricts_where_a_question_was_open() -> None:
    set_policy("interim_authority", 1, by=staff("compliance"), at=AT)
    document = make_document()
    case = asked(document)
    report(document, "A1", source="authority")
    assert again(case).state == "in_review"
    assert visibility(document).is_down


def test_only_a_report_that_stands_answers_for_itself() -> None:
    document = make_document()
    report(document, "E5")
    case: Any = asked(document)
    aside, other = case.reports.order_by("pk")
    invalidate([aside], by=staff(), at=AT)
    for speaks, about in ((aside, aside), (other, aside)):
        by = Actor(user_id=None, reports=frozenset({speaks.pk}))
        with pytest.raises(NotPermitted):
            advance(case, "supply", by=by, at=AT, report=about.pk, answer="第二页。")
    by = Actor(user_id=None, reports=frozenset({aside.pk, other.pk}))
    advance(case, "supply", by=by, at=AT, report=other.pk, answer="第二页。")
    assert again(case).state == "in_review"


def test_a_senior_takes_an_escalated_case_at_once() -> None:
    case, by = make_report_case(reason="B1"), staff()
    claim(case, by=by, at=AT)
    advance(case, "escalate", by=by, at=AT, ground="minors")
    senior = staff("senior")
    claim(again(case), by=senior, at=AT)
    assert Assignment.objects.get(case=case).user_id == senior.user_id


def test_a_senior_who_escalates_keeps_the_case() -> None:
    case, by = make_report_case(reason="B1"), staff("senior")
    claim(case, by=by, at=AT)
    advance(case, "escalate", by=by, at=AT, ground="minors")
    assert Assignment.objects.get(case=case).user_id == by.user_id
