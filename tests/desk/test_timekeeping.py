"""The desk's clocks: alarms, what comes, the calendar, the subscription."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cases.chronicle import last_day_of
from cases.models import CalendarYear, Deadline
from evidence.actors import Role
from evidence.models import LedgerEntry
from moderation.feeds import calendar_of
from moderation.models import CalendarFeed, User
from tests.factories import AT, make_case, make_user

pytestmark = pytest.mark.django_db


def signed_in(client: Client, duty: str = Role.COMPLIANCE) -> User:
    user = make_user(duty=duty)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_a_deadline_that_ran_out_is_told_on_every_page_of_the_desk(
    client: Client,
) -> None:
    signed_in(client)
    make_case(state="accepted", at=timezone.now() - timedelta(days=3))
    page = client.get(reverse("desk_queue")).content.decode()
    assert "1 个期限已届满而没有执行或完成" in page
    assert reverse("desk_deadlines") in page


def test_alarms_and_what_comes_are_listed_with_their_reasons(client: Client) -> None:
    signed_in(client)
    late = make_case(state="accepted", at=timezone.now() - timedelta(days=3))
    soon = make_case(state="measured", at=timezone.now() - timedelta(days=13))
    page = client.get(reverse("desk_deadlines")).content.decode()
    assert "“采取措施与转送”已于" in page
    assert f"{late.reference}</a>" in page
    assert f"{soon.reference}</a>" in page
    assert "条件具备" in page


def test_an_empty_house_says_so(client: Client) -> None:
    signed_in(client)
    page = client.get(reverse("desk_deadlines")).content.decode()
    assert "没有即将执行的期限" in page


def test_compliance_enters_a_year_and_the_dates_are_counted_again(
    client: Client,
) -> None:
    signed_in(client)
    row = make_case(state="measured").deadlines.get(clock="window")
    Deadline.objects.filter(pk=row.pk).update(
        started_at=row.started_at + timedelta(days=50), provisional=True
    )
    address = reverse("desk_calendar_year", args=[2027])
    typed = {
        "days_off": "2027-01-01/2027-01-03\n2027-01-06",
        "work_days": "2027-01-09",
        "is_official": "on",
        "source": "国务院办公厅通知",
        "version": 0,
    }
    answer = client.post(address, typed, follow=True)
    assert "1 个期限重新计算" in answer.content.decode()
    year = CalendarYear.objects.get()
    assert year.days_off == ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-06"]
    row.refresh_from_db()
    assert not row.provisional
    assert client.post(address, typed).status_code == 409


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("days_off", "2026-12-31", "不在 2027 年"),
        ("days_off", "May Day", "不是日期"),
        ("days_off", "2027-05-05/2027-05-01", "不是一段日期"),
        ("work_days", "2027-01-04", "不是周六或周日"),
        ("work_days", "2027-01-02", "同时列为放假和上班"),
        ("source", "", "必填"),
    ],
)
def test_what_cannot_be_an_arrangement_is_sent_back(
    client: Client, field: str, typed: str, told: str
) -> None:
    signed_in(client)
    form = {"days_off": "2027-01-02", "source": "通知", "version": 0, field: typed}
    answer = client.post(reverse("desk_calendar_year", args=[2027]), form)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not CalendarYear.objects.exists()


def test_a_year_is_not_whole_without_a_day_off(client: Client) -> None:
    signed_in(client)
    form = {"is_official": "on", "source": "通知", "version": 0}
    answer = client.post(reverse("desk_calendar_year", args=[2027]), form)
    assert "没有列出任何放假日期" in answer.content.decode()


def test_counsel_subscribes_by_an_address_that_is_shown_once(client: Client) -> None:
    user = signed_in(client, Role.LEGAL)
    case = make_case(state="measured")
    page = client.post(reverse("desk_feed"))
    address = page.context["feed"]
    assert address in page.content.decode()
    token = address.rstrip("/").rpartition("/")[2]
    assert token not in str(CalendarFeed.objects.values_list().get())
    assert address not in client.get(reverse("desk_deadlines")).content.decode()
    feed = Client().get(address)
    assert feed["Content-Type"].startswith("text/calendar")
    [event] = Calendar.from_ical(feed.content).walk("VEVENT")
    assert str(event["summary"]).startswith(f"上传人答复期届满 {case.reference}")
    assert event["dtstart"].dt.isoformat() == "2026-11-17"
    assert "林岚" not in feed.content.decode()
    User.objects.filter(pk=user.pk).update(duty="")
    assert Client().get(address).status_code == 404


def test_what_runs_in_minutes_has_its_minute_in_the_calendar() -> None:
    row = make_case(state="measured").deadlines.get(clock="window")
    row.unit, row.due_at = "minute", AT + timedelta(minutes=30)
    [event] = Calendar.from_ical(calendar_of([row], site="", at=AT)).walk("VEVENT")
    assert event["dtstart"].dt == AT + timedelta(minutes=30)


def test_no_moment_in_the_calendar_needs_a_zone_that_it_does_not_define() -> None:
    """RFC 5545, 3.2.19: whoever names a TZID brings its VTIMEZONE."""
    row = make_case(state="measured").deadlines.get(clock="window")
    row.unit = "hour"
    feed = calendar_of([row], site="", at=AT).decode()
    assert "DTSTART:20261117T160000Z" in feed
    assert "TZID" not in feed


@pytest.mark.parametrize(
    ("clock", "profile", "due_at"),
    [
        ("waiting", "dmca", "2026-03-17T00:00-04:00"),
        ("window", "dsa:zone=Europe/Berlin", "2026-03-17T00:00+01:00"),
        ("waiting", "civil", "2026-03-17T00:00+08:00"),
    ],
)
def test_a_last_day_is_named_where_it_is_counted(
    clock: str, profile: str, due_at: str
) -> None:
    row = Deadline(clock=clock, profile=profile, due_at=datetime.fromisoformat(due_at))
    assert last_day_of(row).isoformat() == "2026-03-16"


def test_a_new_address_ends_the_old_one_and_both_are_in_the_ledger(
    client: Client,
) -> None:
    signed_in(client, Role.LEGAL)
    old = client.post(reverse("desk_feed")).context["feed"]
    new = client.post(reverse("desk_feed")).context["feed"]
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    client.post(reverse("desk_feed_close"))
    assert Client().get(new).status_code == 404
    kinds = LedgerEntry.objects.filter(stream="site").order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == [
        "feed.open",
        "feed.open",
        "feed.close",
    ]
