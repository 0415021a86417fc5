"""A clock that stands still is due nowhere: somebody else is at work meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Deadline
from cases.services import advance
from evidence.actors import Role
from evidence.models import Party
from moderation.desk import figures, queue, report_queue
from moderation.desk.dossier import deadline_rows
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


def test_a_report_that_waits_for_its_reporter_is_not_late() -> None:
    case = make_report_case("need_info")
    late = AT + timedelta(days=6)
    [row] = report_queue.with_columns(report_queue.with_lateness(_only(case), late))
    assert not row.is_late
    assert row.clock == "supply"


def _only(case: Case) -> Any:
    return Case.objects.filter(pk=case.pk)
