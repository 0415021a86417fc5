"""DSA 20(1) counted by the calendar of a member state (Regulation (EEC, Euratom) No
1182/71, articles 2 and 3), each date worked by hand.

Easter: 5 April 2026, 28 March 2027. Summer time there: 29 March to 25 October 2026,
28 March to 31 October 2027.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cases.calendar_entries import Arrangement, enter
from cases.member_states import STATES
from cases.models import Deadline
from cases.periods import due
from cases.profiles import profile_of
from cases.questions import answer, read
from evidence.actors import Actor, Role
from tests.clocks import oracle
from tests.clocks.test_golden import Golden, night, question
from tests.factories import AT, make_case, make_user

GERMANY = "dsa:calendar=DE"


def berlin(day: str) -> str:
    """Ten in the morning there, in summer or in winter."""
    return f"{day}T09:00:00+01:00"


GOLDEN = [
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2026-03-02"),
            night("2026-09-03", "+02:00"),
        ),
        "2 March is not counted; the corresponding day is Wed 2 September, to 24:00.",
    ),
    Golden(
        *("dsa6m", "DSA:calendar=DE"),
        *("2026-03-02T22:59:59Z", night("2026-09-03", "+02:00")),
        "One second before midnight of 2 March in Berlin.",
    ),
    Golden(
        *("dsa6m", "DSA:calendar=DE"),
        *("2026-03-02T23:00:00Z", night("2026-09-04", "+02:00")),
        "Midnight in Berlin, already seven in the morning in China: 3 September.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2025-11-01"),
            night("2026-05-05", "+02:00"),
        ),
        "Fri 1 May 2026 is a public holiday, a weekend follows: Mon 4.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2026-06-26"),
            night("2026-12-29", "+01:00"),
        ),
        "26 December is a holiday and a Saturday: Mon 28.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2026-07-01"),
            night("2027-01-05", "+01:00"),
        ),
        "Fri 1 January 2027, then a weekend: Mon 4. What China arranges for 2027 does "
        "not matter: nothing is provisional.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2026-04-01"),
            night("2026-10-02", "+02:00"),
        ),
        "Thu 1 October is in 国庆 in China and a working day in Germany.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2026-04-03"),
            night("2026-10-06", "+02:00"),
        ),
        "Sat 3 October is Germany's own holiday: Mon 5, where China's block runs to 7.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2025-08-31"),
            night("2026-03-03", "+01:00"),
        ),
        "February has no 31st; its last day, Sat 28, is made up in China and a "
        "Saturday in Germany: Mon 2 March.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2026-09-26"),
            night("2027-03-31", "+02:00"),
        ),
        "Good Friday 26 March 2027; the weekend; Easter Monday: Tue 30, summer time.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=FR",
            berlin("2026-09-26"),
            night("2027-03-27", "+01:00"),
        ),
        "Good Friday is no public holiday in France.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=FR",
            berlin("2027-01-14"),
            night("2027-07-16", "+02:00"),
        ),
        "Wed 14 July: Thu 15.",
    ),
    Golden(
        *(
            "dsa6m",
            "DSA:calendar=DE",
            berlin("2026-07-06"),
            night("2027-01-07", "+01:00"),
        ),
        "Wed 6 January 2027 is a holiday in some Länder and not in Germany.",
    ),
    Golden(
        *("dsa6m", "DSA:calendar=DE-BY", berlin("2026-07-06")),
        night("2027-01-08", "+01:00"),
        "In Bavaria it is one: Thu 7.",
    ),
    Golden(
        *("dsa6m", "DSA:zone=Atlantic/Azores,calendar=PT"),
        *("2026-04-10T23:30:00Z", night("2026-10-13", "+00:00")),
        "10 April on the Azores too, an hour behind Lisbon; Sat 10 October: Mon 12.",
    ),
    Golden(
        *("dsa6m", "DSA:calendar=DE,weekends=work"),
        *(berlin("2025-11-02"), night("2026-05-05", "+02:00")),
        "Sat 2 May: Saturdays and Sundays roll by the Regulation itself, whatever is "
        "read into 民法典 203.",
    ),
    Golden(
        *("dsa6m", "DSA:calendar=CN", berlin("2026-04-03"), night("2026-10-09")),
        "China's calendar, said aloud: 3 October is in 国庆 to 7: Thu 8.",
    ),
    Golden(
        *("appeal15", "DSA:calendar=DE", berlin("2026-04-16"), night("2026-05-07")),
        "A period of the house keeps China's calendar: 1 May, 劳动节 to 5: Wed 6.",
    ),
]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.reasoning)
def test_six_months_worked_by_hand(golden: Golden) -> None:
    found = answer(read(question(golden)))
    assert found.due is not None
    assert (found.due.isoformat(), found.provisional) == (golden.due, False)


starts = st.datetimes(
    datetime(2019, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)
)


@given(starts, st.sampled_from(["DE", "FR"]))
def test_months_end_where_walking_by_the_statutes_of_the_state_ends(
    start: datetime, state: str
) -> None:
    profile = profile_of(f"dsa:calendar={state}")
    found = due(start, profile.term("dsa6m"), profile)
    assert found.at == oracle.months_in_the_union(start, 6, state)
    assert not found.provisional


@pytest.mark.parametrize("state", STATES)
def test_every_member_state_has_a_calendar_and_a_zone(state: str) -> None:
    profile = profile_of(f"DSA:calendar={state}")
    start = datetime(2026, 6, 24, 12, tzinfo=UTC)
    found = due(start, profile.term("dsa6m"), profile)
    # Thu 24 December is a holiday in some, Christmas in all, then a weekend.
    last = (found.at.astimezone(profile.readings.zone) - timedelta(seconds=1)).date()
    assert last == date(2026, 12, 24) or last >= date(2026, 12, 28)
    assert state != "DE" or last == date(2026, 12, 24)


@pytest.mark.parametrize(
    "text",
    [
        *("dsa:calendar=US", "dsa:calendar=de", "dsa:calendar="),
        *("dsa:calendar=DE-XX", "dsa:calendar=DE-", "dsa:calendar=DE-Augsburg"),
        # China's statutes are counted by China's calendar.
        *("civil:calendar=DE", "dmca:calendar=DE", "regulation:calendar=DE"),
    ],
)
def test_a_calendar_that_cannot_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        profile_of(text)


def test_the_reasons_name_whose_calendar_and_whose_midnight() -> None:
    asked = {"rule": "dsa6m", "profile": GERMANY, "start": berlin("2025-11-01")}
    told = answer(read(asked)).told()
    for words in (
        "2025-11-01 09:00 Europe/Berlin",
        "计至对应日 2026-05-01",
        "德国的公共假日、星期六和星期日",
        "顺延至其后第一个工作日 2026-05-04",
        "最后一日 Europe/Berlin 时间二十四时届满",
    ):
        assert words in told["why"]
    assert "1182/71" in told["article"]


@pytest.mark.django_db
def test_the_row_keeps_whose_calendar_and_china_moves_it_no_more(
    settings: Settings,
) -> None:
    settings.CLOCK_PROFILES = [GERMANY]
    make_case(state="measured", profile=GERMANY, at=AT)
    window = Deadline.objects.get(clock="window")
    assert (window.calendar, window.profile) == ("de", GERMANY)
    assert not window.provisional
    last = (window.due_at.astimezone(profile_of(GERMANY).readings.zone)).date()
    day_off = last - timedelta(days=1)
    year = Arrangement(day_off.year, (day_off,), (), True, "notice")
    by = Actor(user_id=make_user().pk, parties=frozenset(), duty=Role.COMPLIANCE)
    enter(year, by=by, at=AT, expect_version=0)
    assert Deadline.objects.get(clock="window").due_at == window.due_at


@pytest.mark.django_db
def test_the_desk_tells_two_releases_of_one_statute_apart(
    settings: Settings, client: Client
) -> None:
    settings.CLOCK_PROFILES = [GERMANY, "dsa", "civil:N=7", "cap=whole"]
    user = make_user(duty=Role.MODERATOR)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    by = Actor(user_id=user.pk, parties=frozenset(), duty=Role.MODERATOR)
    case = make_case(state="claimed", by=by)
    page = client.get(reverse("desk_case", args=[case.reference])).content.decode()
    for words in ("德国的公共假日", "合理期限 7 日", "以二十个工作日为限"):
        assert page.count(words) == 1


@pytest.mark.django_db
def test_the_public_rules_say_whose_calendar_counts(
    settings: Settings, client: Client
) -> None:
    settings.CLOCK_PROFILES = [GERMANY]
    assert "德国的公共假日" in client.get(reverse("rules")).content.decode()
