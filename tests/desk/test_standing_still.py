"""A clock that stands still is due nowhere: somebody else is at work meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import alarms
from cases.curing import cure
from cases.firing import note_missed
from cases.models import Case, Deadline
from cases.registration import Proof
from cases.services import advance
from evidence.actors import Role
from evidence.models import Party
from moderation.access import actor_of
from moderation.desk import figures, queue, report_queue
from moderation.desk.dossier import deadline_rows
from moderation.desk.words import Due, due_first
from tests.cases.journeys import PAPER
from tests.desk.matters import make_examiner, signed_in
from tests.factories import AT, make_case, make_party, make_user
from tests.reporting.matters import make_report_case

pytestmark = pytest.mark.django_db
# The form check had 24 hours; the complainant has ten days to mend the notice.
LATER = AT + timedelta(days=3)
DEFECTS = {"codes": ["D03"], "defects": {"D03": "登记证书缺少第二页。"}}


def deficient(claimant: Party | None = None, at: datetime = AT) -> Case:
    by, _client = make_examiner(Role.MODERATOR)
    case = make_case(state="claimed", by=by, claimant=claimant, at=at)
    advance(case, "find_defects", by=by, at=at, **DEFECTS)
    assert Deadline.objects.get(clock="review").paused_at == at
    return case


def test_the_queue_shows_the_clock_that_runs() -> None:
    deficient()
    [row] = queue.with_columns(Case.objects.all())
    assert row.clock == "cure"
    assert row.due_at > LATER


def test_a_case_that_waits_for_its_complainant_is_not_late() -> None:
    deficient()
    notes = [figure.note for figure in figures.figures(at=LATER)]
    assert "没有超时案件" in notes


def test_the_desk_says_that_it_stands_still() -> None:
    rows = {row.clock: row for row in deadline_rows(deficient(), LATER)}
    assert (rows["形式审查"].due, rows["形式审查"].is_late) == (None, False)
    assert rows["形式审查"].ending == "暂停计时"
    assert rows["补正期"].due is not None


def test_the_complainant_reads_that_it_stands_still() -> None:
    user = make_user()
    case = deficient(make_party(user=user), timezone.now() - timedelta(days=3))
    address = reverse("my_case", args=[case.reference])
    page = signed_in(user).get(address).content.decode()
    assert "暂停计时" in page
    assert "已超期" not in page


def test_a_date_that_may_still_move_is_late_for_nobody() -> None:
    case = make_case(state="accepted")
    Deadline.objects.filter(clock="measure").update(provisional=True)
    rows = {row.clock: row for row in deadline_rows(case, LATER)}
    measure = rows["采取措施与转送"]
    assert (measure.due, measure.ending, measure.is_late) == (None, "日期待定", False)


@pytest.mark.parametrize("facts", [{"provisional": True}, {"awaits_arrival": True}])
def test_the_queue_is_not_late_by_a_date_that_may_still_move(
    facts: dict[str, bool],
) -> None:
    make_case(state="accepted")
    rows = Deadline.objects.filter(clock="measure")
    ends = rows.get().due_at
    [case] = queue.with_columns(Case.objects.all())
    assert (told(case, LATER).is_late, told(case, LATER).is_soon) == (True, True)
    rows.update(**facts)
    [case] = queue.with_columns(Case.objects.all())
    due = told(case, LATER)
    assert (due.words, due.is_late, due.is_soon) == ("日期待定", False, False)
    assert told(case, ends - timedelta(hours=2)).words == "2 小时"
    notes = [figure.note for figure in figures.figures(at=LATER)]
    assert "没有超时案件" in notes


def test_the_page_of_the_queue_says_that_the_date_is_open() -> None:
    _actor, client = make_examiner()
    make_case(state="accepted", at=timezone.now() - timedelta(days=3))
    Deadline.objects.update(provisional=True)
    page = client.get("/desk/").content.decode()
    assert "日期待定" in page
    assert "已超时" not in page


def test_a_report_is_not_late_by_a_date_that_may_still_move() -> None:
    case = make_report_case()
    late = AT + timedelta(days=30)
    [row] = report_queue.with_columns(report_queue.with_lateness(_only(case), late))
    assert row.is_late
    Deadline.objects.update(provisional=True)
    [row] = report_queue.with_columns(report_queue.with_lateness(_only(case), late))
    assert not row.is_late
    assert told(row, late).words == "日期待定"


def told(case: Any, at: datetime) -> Due:
    due = due_first(case, at)
    assert due is not None
    return due


def test_a_report_that_waits_for_its_reporter_is_not_late() -> None:
    case = make_report_case("need_info")
    late = AT + timedelta(days=6)
    [row] = report_queue.with_columns(report_queue.with_lateness(_only(case), late))
    assert not row.is_late
    assert row.clock == "supply"


def alarms_of(row: Deadline, at: datetime) -> list[tuple[alarms.Kind, datetime]]:
    return [
        (each.kind, each.since) for each in alarms.alarms(at=at) if each.deadline == row
    ]


def test_past_its_date_a_clock_that_stands_still_is_neither_missed_nor_an_alarm() -> (
    None
):
    """Until it has stood for thirty days: then somebody has to look why."""
    case = deficient()
    row = Deadline.objects.get(clock="review")
    assert row.due_at < AT + timedelta(days=2)
    last = AT + alarms.STANDING
    for at in (LATER, last - timedelta(seconds=1)):
        assert alarms_of(row, at) == []
        assert row not in alarms.alarming(at)
    # The complainant's own ten days did run out, and are told of by themselves.
    assert [each.clock for each in Deadline.objects.due(last)] == ["cure"]
    assert note_missed(at=last) == 0
    assert alarms_of(row, last) == [(alarms.Kind.STANDING, AT)]
    [told] = [each for each in alarms.alarms(at=last) if each.deadline == row]
    assert told.sentence == "“形式审查”暂停已超过三十日。"
    rows = {each.clock: each for each in deadline_rows(case, last)}
    assert (rows["形式审查"].due, rows["形式审查"].ending) == (None, "暂停计时")


def test_the_page_of_the_clocks_names_it_from_the_thirtieth_day_on() -> None:
    def page_after(days: int) -> str:
        begun = timezone.now() - timedelta(days=days)
        Deadline.objects.filter(clock="review").update(paused_at=begun)
        return client.get(reverse("desk_deadlines")).content.decode()

    _actor, client = make_examiner(Role.COMPLIANCE)
    case = deficient(at=timezone.now() - timedelta(days=3))
    assert case.reference not in page_after(29)
    page = page_after(30)
    assert "“形式审查”暂停已超过三十日" in page
    assert f"{case.reference}</a>" in page


def test_it_runs_on_from_where_it_stood_when_the_notice_is_mended() -> None:
    """Nine days are not counted, and the 24 hours are whole again."""
    user = make_user()
    case = deficient(make_party(user=user))
    before = Deadline.objects.get(clock="review").due_at
    at = AT + timedelta(days=9)
    proofs = {"D03": [Proof("registration", PAPER)]}
    cure(case, answers={"D03": "补交。"}, proofs=proofs, by=actor_of(user), at=at)
    row = Deadline.objects.get(clock="review")
    assert (row.due_at, row.paused_at) == (before + timedelta(days=9), None)
    assert alarms_of(row, row.due_at - timedelta(seconds=1)) == []
    assert alarms_of(row, row.due_at) == [(alarms.Kind.OVERDUE, row.due_at)]


def _only(case: Case) -> Any:
    return Case.objects.filter(pk=case.pk)
