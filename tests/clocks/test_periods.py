"""The arithmetic of periods, against a slow second reckoning (oracle.py)."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendars import LIBRARY, ChineseCalendar, Corrections, is_business_day
from cases.citations import CODES
from cases.explanations import SENTENCES, told
from cases.periods import due
from cases.profiles import PROFILES, profile_of
from cases.terms import TERMS, Term
from tests.clocks import oracle

CIVIL = profile_of("civil")
starts = st.datetimes(
    datetime(2025, 1, 1), datetime(2026, 11, 20), timezones=st.just(UTC)
)
# Every date that they lead to lies in a year whose calendar is known to the oracle.
early = st.datetimes(
    datetime(2025, 1, 1), datetime(2026, 5, 20), timezones=st.just(UTC)
)


def end(
    start: datetime, code: str, profile: str = "civil", **facts: object
) -> datetime:
    chosen = profile_of(profile)
    return due(start, chosen.term(code), chosen, **facts).at  # type: ignore[arg-type]


@given(starts, st.integers(1, 30), st.booleans())
def test_days_end_where_walking_day_by_day_ends(
    start: datetime, length: int, weekends: bool
) -> None:
    profile = f"civil:N={length},weekends={'rest' if weekends else 'work'}"
    expected = oracle.calendar_days(start, length, weekends=weekends)
    assert end(start, "civil1196", profile) == expected


@given(starts, st.integers(1, 20), st.integers(0, 10))
def test_an_extension_adds_working_days_to_the_last_day(
    start: datetime, length: int, extension: int
) -> None:
    expected = oracle.calendar_days(start, length, extension=extension)
    found = end(start, "civil1196", f"民法典:N={length}", extension=extension)
    assert found == expected


@given(starts, st.integers(1, 30), st.integers(0, 20))
def test_the_cap_on_the_whole_period_is_twenty_working_days(
    start: datetime, length: int, extension: int
) -> None:
    profile = f"civil:N={length},cap=whole"
    uncapped = end(start, "civil1196", f"civil:N={length}", extension=extension)
    found = end(start, "civil1196", profile, extension=extension)
    assert found == min(uncapped, oracle.working_days(start, 20))


@given(starts, st.sampled_from(["sla_p2", "sla_p3"]))
def test_working_days_count_make_up_days(start: datetime, code: str) -> None:
    assert end(start, code) == oracle.working_days(start, TERMS[code].length)


@given(starts, st.sampled_from(["dmca_earliest", "dmca_latest"]))
def test_business_days_are_those_of_new_york(start: datetime, code: str) -> None:
    assert end(start, code, "dmca") == oracle.business_days(start, TERMS[code].length)


@given(early)
def test_months_end_on_the_corresponding_day(start: datetime) -> None:
    assert end(start, "dsa6m", "dsa") == oracle.months(start, 6)


spans = st.lists(st.tuples(st.integers(-200, 4000), st.integers(0, 900)), max_size=4)


@given(starts, st.sampled_from(["sla_p0", "sla_p1"]), spans)
def test_hours_run_on_after_every_pause(
    start: datetime, code: str, spans: list[tuple[int, int]]
) -> None:
    minute = timedelta(minutes=1)
    pauses = [
        (start + begins * minute, start + (begins + length) * minute)
        for begins, length in spans
    ]
    found = end(start, code, pauses=pauses)
    assert found == oracle.running_hours(start, TERMS[code].length, pauses)


@given(starts, spans)
def test_no_statutory_period_stands_still(
    start: datetime, spans: list[tuple[int, int]]
) -> None:
    pauses = [
        (start + timedelta(hours=a), start + timedelta(hours=a + b)) for a, b in spans
    ]
    for code in ("ec43", "civil1196", "cure10", "appeal15", "dsa6m", "dmca_latest"):
        assert end(start, code, pauses=pauses) == end(start, code)


@given(starts, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_who_files_later_is_never_due_earlier(
    start: datetime, later: timedelta
) -> None:
    for term in TERMS.values():
        assert due(start, term, CIVIL).at <= due(start + later, term, CIVIL).at


@pytest.mark.parametrize("year", range(2019, 2027))
def test_the_calendar_agrees_with_a_second_library(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert LIBRARY.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", range(2020, 2032))
def test_federal_holidays_are_those_of_the_statute(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        if day >= date(2021, 6, 17):
            assert is_business_day(day) == oracle.business(day), day
        day += timedelta(days=1)


def test_only_years_whose_make_up_days_are_known_are_published() -> None:
    published = [year for year in range(2001, 2030) if LIBRARY.is_published(year)]
    assert published == list(range(2001, 2027))


def test_a_period_into_an_unpublished_year_is_provisional_and_says_so() -> None:
    start = datetime(2026, 12, 20, 2, tzinfo=UTC)
    for code in ("ec43", "sla_p3", "retention3y", "dsa6m"):
        found = due(start, TERMS[code], CIVIL)
        assert found.provisional == (code != "sla_p3"), code
        assert ("放假安排尚未载入" in told(found.why)) == found.provisional
    assert due(start + timedelta(days=3), TERMS["sla_p3"], CIVIL).provisional


def test_what_compliance_enters_stands_over_the_library() -> None:
    start = datetime(2026, 12, 20, 2, tzinfo=UTC)
    works = {date(2027, 1, 4): False, date(2027, 1, 9): True}
    china = ChineseCalendar(Corrections(works, frozenset({2027})))
    found = due(start, TERMS["ec43"], CIVIL, china=china)
    assert (found.at, found.provisional) == (oracle.end_of(date(2027, 1, 5)), False)
    assert china.is_working_day(date(2027, 1, 9))


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_every_step_of_every_count_has_its_sentence(term: Term) -> None:
    start = datetime(2026, 9, 30, 1, tzinfo=UTC)
    pause = (start + timedelta(hours=1), start + timedelta(days=2))
    found = due(start, term, CIVIL, pauses=[pause], extension=3)
    assert {step.code for step in found.why} <= SENTENCES.keys()
    assert told(found.why)


def test_a_profile_is_read_from_code_name_and_options() -> None:
    profile = profile_of("民法典:N=7,cap=whole,weekends=work")
    assert (profile.base, profile.days) == ("civil", 7)
    assert (profile.readings.cap, profile.readings.weekends) == ("whole", False)
    assert profile_of(profile.code) == profile
    assert {profile_of(name).code for name in CODES} == set(PROFILES)


@pytest.mark.parametrize(
    "text", ["", "刑法", "civil:N=0", "civil:N=x", "civil:cap=none", "dsa:zone=Moon/1"]
)
def test_a_profile_that_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"clock profile|time zone"):
        profile_of(text)
