"""并案: what a case that is folded into another was bound by goes along with it, and
comes back with it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.errors import CaseMovedOn
from cases.models import AuthorityTask, Case, Notice
from cases.reporting import split
from cases.services import advance, claim
from evidence import ledger
from evidence.actors import SYSTEM, Actor
from tests.factories import AT, make_document
from tests.reporting.matters import again, decide, report, staff
from tests.reporting.test_flow import open_clocks
from tests.reporting.test_papers import filed as paper

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=20)


def merged(case: Case, into: Case, *, at: datetime = LATER) -> None:
    advance(case, "merge", by=SYSTEM, at=at, into=into.pk)


def due(case: Case) -> dict[str, datetime]:
    return dict(case.deadlines.open().values_list("clock", "due_at"))


def two() -> tuple[Any, Any]:
    """A P0 that nobody has seen, and a calm case of the same day."""
    urgent = report(reason="B1").report.case
    calm = report(reason="E5", at=AT + timedelta(minutes=5)).report.case
    return again(urgent), again(calm)


def test_a_p0_is_as_urgent_in_the_case_that_takes_it_in() -> None:
    urgent, into = two()
    clocks = due(urgent)
    merged(urgent, into)
    into = again(into)
    assert (into.priority, into.reason) == (0, "B1")
    assert due(into) == clocks, "the earlier clock and the alarm run on"
    assert not due(urgent)
    assert AuthorityTask.objects.get().case == into


def test_what_was_not_the_same_has_everything_back_as_it_was() -> None:
    urgent, into = two()
    before = due(urgent), due(into)
    merged(urgent, into)
    senior = staff("senior")
    for _ in range(2):
        advance(urgent, "unmerge", by=senior, at=LATER + timedelta(minutes=1))
        assert (due(urgent), due(into)) == before
        assert (again(into).priority, again(into).reason) == (3, "E5")
        assert AuthorityTask.objects.get().case == urgent
        merged(urgent, into, at=LATER + timedelta(minutes=2))
        assert due(into) == before[0]


def test_a_case_of_reports_that_no_longer_count_is_no_more_urgent_than_they_were() -> (
    None
):
    """Its only report was found to be abuse, and the case was opened again."""
    urgent, into = two()
    into.reports.update(invalidated_at=LATER)
    before = due(into)
    merged(urgent, into)
    advance(urgent, "unmerge", by=staff("senior"), at=LATER + timedelta(minutes=1))
    assert (again(into).priority, again(into).reason) == (3, "E5")
    assert due(into) == before


def test_a_case_that_came_first_keeps_its_own_clock() -> None:
    into = report(reason="E5").report.case
    late = report(reason="E5", at=AT + timedelta(days=1)).report.case
    before = due(into)
    merged(late, into, at=AT + timedelta(days=1))
    assert due(into) == before


def test_a_decided_case_takes_none_in_and_gives_none_back() -> None:
    urgent, into = two()
    merged(urgent, into)
    other = report(reason="E5").report.case
    decide(again(into), by=staff())
    with pytest.raises(CaseMovedOn):
        merged(other, into)
    assert again(other).state == "submitted"
    with pytest.raises(CaseMovedOn):
        advance(urgent, "unmerge", by=staff("senior"), at=LATER)
    assert urgent.reports.count() == 0
    assert Notice.objects.filter(kind="outcome").count() == 2


def test_no_case_takes_itself_in() -> None:
    case = report(reason="E5").report.case
    with pytest.raises(CaseMovedOn):
        merged(case, case)


def test_what_joins_a_case_that_waits_for_an_answer_ends_the_waiting() -> None:
    urgent, into = two()
    by = staff()
    claim(into, by=by, at=LATER)
    advance(into, "request_info", by=by, at=LATER, question="请说明在第几页。")
    merged(urgent, into)
    assert (again(into).state, again(into).priority) == ("in_review", 0)


def test_the_next_report_joins_the_case_that_came_apart() -> None:
    urgent, into = two()
    document = urgent.reported_documents.get().document
    merged(urgent, into)
    advance(urgent, "unmerge", by=staff("senior"), at=LATER)
    assert report(document, "E5").report.case == urgent
    assert again(into).reports.count() == 1


def test_reports_taken_out_stay_out_and_no_case_is_left_empty() -> None:
    urgent, into = two()
    senior = staff("senior")
    merged(urgent, into)
    [one] = into.reports.filter(folded_from=urgent)
    apart = split(into, [one], by=senior, at=LATER)
    with pytest.raises(CaseMovedOn):
        advance(urgent, "unmerge", by=senior, at=LATER)
    assert apart.reports.get() == one


def test_reports_taken_out_are_timed_from_when_they_came_in() -> None:
    document = make_document()
    case = report(document, "E5").report.case
    second = report(document, "A8", at=LATER).report
    apart = split(case, [second], by=staff("senior"), at=LATER + timedelta(hours=3))
    assert due(apart) == {"sla_p1": LATER + timedelta(hours=24)}


def test_the_alarm_of_what_proves_calm_is_silent() -> None:
    document, by = make_document(), staff()
    case = report(document, "E5").report.case
    claim(again(case), by=by, at=AT)
    report(document, "B1")
    assert "alarm" in open_clocks(case)
    advance(case, "reclassify", by=by, at=AT, reason="E5", priority=3)
    assert "alarm" not in open_clocks(case)


def test_every_paper_is_answered_though_one_was_answered_before() -> None:
    document = make_document()
    case = paper(document, "E5").case
    AuthorityTask.objects.update(done_at=AT, paper_number="复〔2026〕1号")
    assert paper(document, "E5").case == case
    assert case.authority_tasks.filter(done_at__isnull=True).count() == 1
    assert case.authority_tasks.count() == 2
    case.authority_tasks.update(done_at=AT)
    advance(case, "reclassify", by=SYSTEM, at=AT, reason="B1", priority=0)
    grounds = case.authority_tasks.order_by("pk").values_list("ground", flat=True)
    assert list(grounds) == ["paper", "paper", "minors"]


def test_the_time_of_a_paper_goes_along_with_its_case() -> None:
    ends = AT + timedelta(hours=5)
    case = paper(make_document(), "E5", ends_at=ends).case
    into = report(reason="B1").report.case
    merged(case, into)
    assert due(into)["paper"] == ends
    assert not Actor(user_id=None).parties


HOURS = [(0, 1, 4), (1, 0, 4), (4, 1, 0), (1, 4, 0)]


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("chained", [False, True])
def test_of_three_the_earliest_of_those_still_there_runs_on(
    hours: tuple[int, ...], turned: bool, chained: bool
) -> None:
    """chained: the first went into the second, which then went into the third. The
    second gives up the reports of the first only with it."""
    cases = [
        report(reason="A8", at=AT + timedelta(hours=each)).report.case for each in hours
    ]
    first, second, into = cases
    own = {case: due(case) for case in cases}
    ways = [(first, second if chained else into), (second, into)]
    later, senior = AT + timedelta(hours=6), staff("senior")
    for turn, (case, target) in enumerate(ways):
        merged(case, target, at=later + timedelta(minutes=turn))
    assert due(into) == min(own.values(), key=earliest)
    gone, left = (second, first) if turned else (first, second)
    advance(gone, "unmerge", by=senior, at=later + timedelta(minutes=2))
    assert due(gone) == own[gone]
    assert due(into) == min(own[left], own[into], key=earliest)
    advance(left, "unmerge", by=senior, at=later + timedelta(minutes=3))
    assert {case: due(case) for case in cases} == own


def earliest(clocks: dict[str, datetime]) -> datetime:
    return min(clocks.values())


def test_a_question_of_the_case_that_stays_makes_its_own_clock_stand_still() -> None:
    """The clock that comes back stood still for as long as the one that goes."""
    by, early = staff(), report(reason="A8").report.case
    into = report(reason="A8", at=AT + timedelta(minutes=5)).report.case
    own = due(into)["sla_p1"]
    merged(early, into)
    claim(again(into), by=by, at=LATER)
    advance(again(into), "request_info", by=by, at=LATER, question="请说明在第几页。")
    back = LATER + timedelta(hours=3)
    advance(early, "unmerge", by=staff("senior"), at=back)
    [row] = into.deadlines.open().filter(clock="sla_p1")
    assert row.paused_at == LATER
    advance(again(into), "go_on", by=SYSTEM, at=back + timedelta(hours=4))
    [row] = into.deadlines.open().filter(clock="sla_p1")
    assert row.pauses
    assert row.due_at >= own
    assert ledger.verify().breaks == ()
