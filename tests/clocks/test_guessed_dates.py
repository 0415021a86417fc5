"""Dates of a year whose arrangement is not loaded: alarmed, waited for, recounted."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases import alarms
from cases.alarms import Kind
from cases.calendar_entries import Arrangement, enter
from cases.calendars import CHINA
from cases.firing import fire_due, note_missed
from cases.models import Deadline
from cases.timekeeping import settle
from tests.clocks.test_firing import COMPLIANCE, DAY, LATE, window
from tests.factories import AT, make_case

pytestmark = pytest.mark.django_db


def test_nothing_is_done_on_a_guessed_date() -> None:
    """It is alarmed from the start, and acts once the calendar has been entered."""
    make_case(state="measured", at=LATE)
    assert window().provisional
    at = window().due_at + DAY
    assert {each.kind for each in alarms.alarms(at=LATE)} == {
        Kind.PROVISIONAL,
        Kind.CALENDAR,
    }
    assert fire_due(at=at) == 0
    year = Arrangement(
        2027, (date(2027, 1, 1), date(2027, 1, 4)), (), True, "国办发明电"
    )
    assert enter(year, by=COMPLIANCE, at=at, expect_version=0) == 1
    assert not window().provisional
    assert window().due_at == datetime(2027, 1, 6, tzinfo=CHINA)
    assert fire_due(at=window().due_at) == 1


def guessed(**facts: Any) -> Deadline:
    """The clock of the measure, with a date that is not certain yet."""
    make_case(state="accepted")
    rows = Deadline.objects.filter(clock="measure")
    rows.update(provisional=True, **facts)
    return rows.get()


def test_a_clock_is_missed_only_when_its_date_is_certain() -> None:
    row = guessed()
    at = row.due_at + DAY
    assert note_missed(at=at) == 0
    Deadline.objects.filter(pk=row.pk).update(provisional=False)
    assert note_missed(at=at) == 1


@pytest.mark.parametrize(
    ("facts", "later", "kind"),
    [
        ({}, DAY, Kind.PROVISIONAL),
        ({"paused_at": AT}, DAY, Kind.PROVISIONAL),
        ({"paused_at": AT}, 31 * DAY, Kind.STANDING),
        ({"refusal": "CalendarMissing", "refused_at": AT}, DAY, Kind.REFUSED),
    ],
)
def test_an_alarm_says_of_a_guessed_date_what_is_true_of_it(
    facts: dict[str, Any], later: timedelta, kind: Kind
) -> None:
    row = guessed(**facts)
    told = alarms.alarms(at=row.due_at + later)
    assert [each.kind for each in told if each.deadline == row] == [kind]


@pytest.mark.parametrize(
    ("days_off", "work_days", "before", "after"),
    [
        # Seven 工作日 from 23 December: to Mon 4 January as far as is known.
        ((date(2027, 1, 4),), (), "late", "met"),
        ((), (date(2027, 1, 2),), "met", "late"),
    ],
)
def test_what_ended_by_a_guessed_date_is_judged_by_the_certain_one(
    days_off: tuple[date, ...], work_days: tuple[date, ...], before: str, after: str
) -> None:
    ended_at = datetime(2027, 1, 4 + (before == "late"), 18, tzinfo=CHINA)
    row = guessed(
        term="sla_p3",
        unit="working_day",
        length=7,
        started_at=datetime(2026, 12, 23, 10, tzinfo=CHINA),
        due_at=datetime(2027, 1, 5, tzinfo=CHINA),
        ended_at=ended_at,
        ending=before,
    )
    new_year = date(2027, 1, 1)
    year = Arrangement(2027, (new_year, *days_off), work_days, True, "国办发明电")
    assert enter(year, by=COMPLIANCE, at=ended_at, expect_version=0) == 1
    row.refresh_from_db()
    assert (row.ending, row.provisional, row.ended_at) == (after, False, ended_at)


def test_nothing_is_settled_while_the_year_is_unknown() -> None:
    make_case(state="measured", at=LATE)
    assert settle(at=LATE) == 0
