"""The copyright line through the services: states, rows, letters, clocks."""

import pytest
from django.db import DatabaseError, connection, transaction

from cases.errors import CaseMovedOn, NoClockProfile, NotPermitted
from cases.firing import fire_due
from cases.models import Case, CaseItem, Deadline, Notice, Restriction
from cases.restrictions import visibility
from cases.services import advance, claim, open_steps
from evidence import ledger
from evidence.actors import SYSTEM
from tests.factories import AT, make_case, make_moderator

pytestmark = pytest.mark.django_db


def test_a_submitted_notice_gets_a_number_a_snapshot_and_a_receipt() -> None:
    case = make_case()
    assert case.reference == "BQ-2026-000001"
    assert case.items.get().snapshot is not None
    assert list(case.notices.values_list("kind", flat=True)) == ["receipt"]
    assert case.deadlines.get().clock == "review"


def test_a_measure_restricts_forwards_and_starts_the_window() -> None:
    case = make_case(state="measured")
    item = case.items.get()
    assert case.state == "in_process"
    assert visibility(item.document).is_down
    kinds = set(Notice.objects.filter(item=item).values_list("kind", "audience"))
    assert kinds == {("forwarding", "uploader"), ("decision", "claimant")}
    window = Deadline.objects.open().get()
    assert (window.clock, window.item_id) == ("window", item.pk)


def test_an_unanswered_measure_becomes_final_when_its_window_ends() -> None:
    case = make_case(state="measured")
    window = Deadline.objects.open().get()
    assert fire_due(at=AT) == 0
    assert fire_due(at=window.due_at) == 1
    assert fire_due(at=window.due_at) == 0
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.items.get().state) == ("closed", "final")
    assert Restriction.objects.active().count() == 1


def test_a_case_without_measure_closes_and_restricts_nothing() -> None:
    case = make_case(state="no_measure", items=2)
    assert case.state == "closed"
    assert not Restriction.objects.exists()


def test_second_moderator_is_told_the_case_moved_on() -> None:
    first, second = make_moderator(), make_moderator()
    case = make_case(state="claimed", by=first)
    with pytest.raises(CaseMovedOn):
        claim(case, by=second, at=AT)
    with pytest.raises(NotPermitted):
        advance(case, "accept", by=second, at=AT, profile="civil")
    advance(case, "accept", by=first, at=AT, profile="civil")
    with pytest.raises(CaseMovedOn):
        advance(case, "accept", by=first, at=AT, profile="civil")


def test_acceptance_asks_for_a_released_clock_profile() -> None:
    moderator = make_moderator()
    case = make_case(state="claimed", by=moderator)
    with pytest.raises(NoClockProfile):
        advance(case, "accept", by=moderator, at=AT, profile="regulation")


def test_a_stale_form_changes_nothing() -> None:
    moderator = make_moderator()
    case = make_case(state="accepted", by=moderator)
    item = case.items.get()
    with pytest.raises(CaseMovedOn):
        advance(
            item,
            "measure_and_forward",
            by=moderator,
            at=AT,
            expect_version=item.version + 1,
            measure="interim_down",
            reasoning="",
        )
    assert CaseItem.objects.get(pk=item.pk).state == "pending"


def test_a_reloaded_row_has_the_state_that_the_database_holds() -> None:
    case = make_case(state="accepted")
    stale = Case.objects.get(pk=case.pk)
    item = case.items.get()
    advance(item, "drop", by=SYSTEM, at=AT, ground="other", reasoning="")
    item.refresh_from_db()
    stale.refresh_from_db()
    assert (item.state, stale.state) == ("dropped", "closed")
    with pytest.raises(AttributeError):
        item.state = "pending"


def test_open_steps_follow_the_machine_and_the_person() -> None:
    moderator = make_moderator()
    case = make_case(state="claimed", by=moderator)
    opened = {name for name, _rule in open_steps(case, moderator)}
    assert opened == {"accept", "find_defects", "split", "merge"}
    assert open_steps(case, make_moderator()) == []


def test_every_step_of_the_line_is_in_a_chain_that_verifies() -> None:
    case = make_case(state="final")
    found = ledger.verify()
    assert found.breaks == ()
    kinds = list(ledger.entries_of([case.stream]).values_list("kind", flat=True))
    assert kinds == [
        "copyright.submit",
        "document.snapshot",
        "case.claim",
        "copyright.accept",
        "item.measure_and_forward",
        "copyright.start",
        "item.finalise",
        "copyright.close",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_ledgerentry SET kind = 'other'",
        "DELETE FROM evidence_ledgerentry",
    ],
)
def test_the_ledger_refuses_change_and_deletion(statement: str) -> None:
    make_case()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
