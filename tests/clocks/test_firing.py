"""Deadline rows: what starts, moves and fires them, and what nobody may miss."""

import json
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from cases import alarms, deadlines
from cases.alarms import Kind
from cases.arrivals import record_arrival
from cases.calendar_entries import Arrangement, enter
from cases.calendars import CHINA
from cases.chronicle import why
from cases.clocks import CLOCKS
from cases.designations import EMAIL, SITE, arrival
from cases.errors import CaseMovedOn, ExtensionTooLong, NotPermitted
from cases.firing import coming, fire_due, note_missed
from cases.models import Case, CaseItem, Deadline, Heartbeat, Statement
from cases.models.heartbeats import SCHEDULER, beat
from cases.profiles import PROFILES, profile_of
from cases.services import Taken, advance
from cases.timekeeping import keep_time
from evidence import ledger
from evidence.actors import SYSTEM, Actor, Role
from evidence.ledger import LedgerEntry
from tests.factories import AT, make_case, make_moderator

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMPLIANCE = Actor(user_id=9, duty=Role.COMPLIANCE)
LATE = datetime(2026, 12, 20, 10, tzinfo=CHINA)


def window() -> Deadline:
    return Deadline.objects.get(clock="window")


def stuck(at: datetime = AT) -> Deadline:
    """A window whose document the machine will not let become final."""
    case = make_case(state="no_measure", at=at)
    rows = Deadline.objects.filter(case=case, clock="measure")
    rows.update(clock="window", term="window", ended_at=None, ending="")
    return rows.model.objects.get(case=case, clock="window")


@pytest.mark.django_db
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_window_names_the_article_of_its_own_law(profile: str, settings: Any) -> None:
    settings.CLOCK_PROFILES = [profile]
    make_case(state="measured", profile=profile)
    migration = import_module("cases.migrations.0028_articles_of_windows")
    kept = window().article
    assert kept == str(profile_of(profile).window_term.article)
    migration.generalise(apps, None)
    assert (window().article == "期限规则所列条款") is (profile != "dsa")
    migration.name(apps, None)
    assert window().article == kept


@pytest.mark.django_db
def test_a_row_keeps_all_that_its_date_was_counted_from() -> None:
    case = make_case(state="measured")
    row = window()
    assert (row.term, row.length, row.unit, row.calendar) == ("window", 15, "day", "cn")
    source = "法律未规定具体天数，十五日为本站自行设定的期限"
    article = f"《民法典》第一千一百九十六条第一款（{source}）"
    assert (row.profile, row.article) == ("civil", article)
    assert row.subject_id == case.items.get().pk
    assert row.trigger.kind == "item.measure_and_forward"
    assert row.due_at == datetime(2026, 11, 18, tzinfo=CHINA)
    assert "计算 15 日，计至 2026-11-17" in why(row)


@pytest.mark.django_db
def test_a_refused_step_raises_an_alarm_and_is_told_to_the_ledger_once() -> None:
    row = stuck()
    late = row.due_at + DAY
    assert fire_due(at=late) == 0
    [alarm] = [each for each in alarms.alarms(at=late) if each.deadline]
    assert alarm.kind == Kind.REFUSED
    assert alarm.sentence == str(CaseMovedOn.sentence)
    assert fire_due(at=late + HOUR) == 0
    told = LedgerEntry.objects.get(kind="deadline.refuse")
    assert told.payload["reason"] == "CaseMovedOn"
    assert ledger.verify().breaks == ()


@pytest.mark.django_db
def test_a_row_that_cannot_be_handled_holds_up_no_other() -> None:
    broken = stuck()
    Deadline.objects.filter(pk=broken.pk).update(subject_id=0)
    make_case(state="measured")
    assert fire_due(at=AT + 30 * DAY) == 1
    broken.refresh_from_db()
    assert broken.refusal == "Unforeseen"


@pytest.mark.django_db
def test_days_without_a_scheduler_are_caught_up_in_order_and_once_each() -> None:
    for day in (5, 3, 4):
        make_case(state="measured", at=AT + day * DAY)
    due = Deadline.objects.filter(clock="window").order_by("due_at")
    expected = list(due.values_list("subject_id", flat=True))
    at = AT + 40 * DAY
    assert keep_time(at=at)["fired"] == 3
    assert keep_time(at=at)["fired"] == 0
    fired = LedgerEntry.objects.filter(kind="item.finalise").order_by("id")
    assert [entry.payload["id"] for entry in fired] == expected
    assert set(due.values_list("ended_at", "ending")) == {(at, "fired")}


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_do_no_harm() -> None:
    make_case(state="measured", items=12)
    counts: list[int] = []

    def schedule() -> None:
        try:
            counts.append(fire_due(at=AT + 40 * DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 12
    assert LedgerEntry.objects.filter(kind="item.finalise").count() == 12


@pytest.mark.django_db
@pytest.mark.parametrize("hours", range(0, 24 * 45, 97))
def test_no_deadline_runs_out_without_an_alarm(hours: int) -> None:
    make_case(state="measured")
    make_case(state="accepted")
    stuck()
    at = AT + timedelta(hours=hours)
    fire_due(at=at - 20 * HOUR)
    out = Deadline.objects.open().filter(due_at__lt=at)
    told = {each.deadline.pk for each in alarms.alarms(at=at) if each.deadline}
    assert set(out.values_list("pk", flat=True)) <= told


@pytest.mark.django_db
def test_a_missed_house_clock_is_told_to_the_ledger_once() -> None:
    make_case(state="accepted")
    at = AT + 2 * DAY
    assert [note_missed(at=at), note_missed(at=at)] == [1, 0]
    assert LedgerEntry.objects.filter(kind="deadline.miss").count() == 1
    assert Deadline.objects.get(clock="measure").missed_at == at


@pytest.mark.django_db
def test_the_calendar_is_entered_by_who_may_and_never_over_another() -> None:
    year = Arrangement(2027, (date(2027, 1, 1),), (), True, "国办发明电")
    with pytest.raises(NotPermitted):
        enter(year, by=make_moderator(), at=AT, expect_version=0)
    enter(year, by=COMPLIANCE, at=AT, expect_version=0)
    with pytest.raises(CaseMovedOn):
        enter(year, by=COMPLIANCE, at=AT, expect_version=0)
    told = LedgerEntry.objects.get(kind="calendar.enter").payload
    assert (told["days_off"], told["is_official"]) == (["2027-01-01"], True)


@pytest.mark.django_db
def test_a_silent_scheduler_is_alarmed() -> None:
    make_case(state="measured")
    at = window().due_at + HOUR
    assert alarms.scheduler_alarms(at)
    beat(SCHEDULER, at=at)
    assert not alarms.scheduler_alarms(at + 4 * timedelta(minutes=1))
    assert alarms.scheduler_alarms(at + HOUR)
    assert Heartbeat.objects.count() == 1


@pytest.mark.parametrize(
    ("entries", "designated", "arrived"),
    [
        ({SITE: AT}, SITE, AT),
        ({SITE: AT}, "", None),
        ({EMAIL: AT}, "", AT),
        ({SITE: AT, EMAIL: AT + HOUR}, "", AT + HOUR),
        ({SITE: AT + HOUR, EMAIL: AT}, SITE, AT + HOUR),
        ({EMAIL: AT}, SITE, None),
        ({"sms": AT, EMAIL: AT + HOUR}, "", AT + HOUR),
    ],
)
def test_arrival_is_entry_into_the_designated_system_or_the_first_of_the_others(
    entries: dict[str, datetime], designated: str, arrived: datetime | None
) -> None:
    assert arrival(entries, designated) == arrived


def with_clock(patch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Run the window under other rules: those of clocks that begin elsewhere."""
    patch.setitem(CLOCKS, "window", replace(CLOCKS["window"], **changes))


@pytest.mark.django_db
def test_a_clock_from_arrival_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with_clock(monkeypatch, term="appeal15", recipient=Role.UPLOADER)
    case = make_case(state="measured")
    row = window()
    assert row.awaits_arrival
    assert fire_due(at=row.due_at) == 0
    assert Kind.UNARRIVED in {
        each.kind for each in alarms.alarms(at=AT + 3 * DAY) if each.deadline
    }
    letter = case.notices.get(kind="forwarding")
    entered = AT + 2 * DAY
    for _ in range(2):
        record_arrival(letter, system=EMAIL, entered_at=entered, by=SYSTEM, at=entered)
    row = window()
    assert (row.started_at, row.awaits_arrival) == (entered, False)
    assert row.due_at == datetime(2026, 11, 20, tzinfo=CHINA)
    assert LedgerEntry.objects.filter(kind="notice.arrive").count() == 1
    assert fire_due(at=row.due_at) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("is_designated", [True, False])
def test_a_letter_in_the_designated_mailbox_has_arrived(
    monkeypatch: pytest.MonkeyPatch, is_designated: bool
) -> None:
    with_clock(monkeypatch, term="appeal15", recipient=Role.CLAIMANT)
    moderator = make_moderator()
    case = make_case(state="accepted", by=moderator)
    if not is_designated:
        Statement.objects.filter(case=case).update(declarations=[{"code": "truth"}])
    facts = {"measure": "interim_down", "reasoning": "两份文本有整段相同。"}
    advance(case.items.get(), "measure_and_forward", by=moderator, at=AT, **facts)
    assert window().awaits_arrival is not is_designated


def taken(case: Case, name: str, **facts: Any) -> list[Taken]:
    item = CaseItem.objects.get(case=case)
    return [Taken(item, name, item.state, facts, {})]


@pytest.mark.django_db
def test_an_extension_is_counted_ledgered_and_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_clock(monkeypatch, term="civil1196", extends=(("item", "extend"),))
    case = make_case(state="measured")
    with connection.cursor(), pytest.raises(ExtensionTooLong):
        deadlines.run(taken(case, "extend", days=21), at=AT)
    deadlines.run(taken(case, "extend", days=3), at=AT)
    assert window().due_at == datetime(2026, 11, 21, tzinfo=CHINA)
    told = LedgerEntry.objects.get(kind="deadline.move").payload
    assert told["cause"] == "extend"
    assert told["to"] == "2026-11-20T16:00:00.000000Z"


@pytest.mark.django_db
def test_a_house_clock_stands_still_and_a_statutory_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = {"pauses": (("item", "ask"),), "resumes": (("item", "told"),)}
    with_clock(monkeypatch, term="sla_p1", **steps)
    case = make_case(state="measured")
    deadlines.run(taken(case, "ask"), at=AT + HOUR)
    assert fire_due(at=AT + 2 * DAY) == 0
    assert not Deadline.objects.due(AT + 2 * DAY).exists()
    deadlines.run(taken(case, "told"), at=AT + 3 * HOUR)
    assert window().due_at == AT + 26 * HOUR
    assert "暂停计时" in why(window())
    Deadline.objects.update(term="ec43")
    deadlines.run(taken(case, "ask"), at=AT + 4 * HOUR)
    assert window().paused_at is None


@pytest.mark.django_db
def test_what_we_received_earlier_counts_from_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_clock(monkeypatch, term="dmca_earliest", starts=(("item", "forward"),))
    case = make_case(state="measured")
    [act] = taken(case, "forward", received_at=AT - 3 * DAY)
    act.entry = LedgerEntry.objects.filter(kind="item.measure_and_forward").get()
    deadlines.run([act], at=AT)
    assert window().started_at == AT - 3 * DAY


@pytest.mark.django_db
def test_deadlines_names_what_will_fire_and_whether_it_may() -> None:
    case = make_case(state="measured")
    blocked = stuck()
    at = window_of(case).due_at - 2 * DAY
    found = {
        each.deadline.case_id: each.refused for each in coming(at=at, within=3 * DAY)
    }
    assert found[case.pk] is None
    assert isinstance(found[blocked.case_id], CaseMovedOn)
    out = StringIO()
    call_command(
        "deadlines",
        "--within",
        "72h",
        "--at",
        at.isoformat(),
        stdout=out,
        stderr=StringIO(),
    )
    assert f"{case.reference}/1  window → finalise  holds" in out.getvalue()
    assert "REFUSED" in out.getvalue()


@pytest.mark.django_db
def test_deadlines_names_apart_the_clocks_that_only_people_can_stop() -> None:
    case = make_case(state="accepted")
    asked = ("deadlines", "--within", "72h", "--at", AT.isoformat())
    out = StringIO()
    call_command(*asked, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["deadlines"] == []
    [measure] = told["people"]
    assert (measure["case"], measure["clock"]) == (case.reference, "measure")
    assert not measure["overdue"]
    out = StringIO()
    call_command(*asked, stdout=out, stderr=StringIO())
    assert f"{case.reference}/1  measure  by a person" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["9999-12-31T00:00:00Z", "0001-01-01", "tomorrow"])
def test_an_instant_that_no_clock_reaches_is_wrong_usage(at: str) -> None:
    with pytest.raises(CommandError, match=at):
        call_command("deadlines", "--within", "72h", "--at", at)


def window_of(case: Case) -> Deadline:
    return Deadline.objects.get(case=case, clock="window")
