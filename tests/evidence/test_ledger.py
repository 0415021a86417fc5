"""The ledger: its canonical form never changes, and every tampering is named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from evidence import ledger, ledger_triggers
from evidence.actors import SYSTEM
from evidence.canonical import canonical, instant
from evidence.ledger import Act, LedgerEntry, LedgerHead

GOLDEN = Path(__file__).parent / "golden" / "ledger.jsonl"
AT = datetime(2026, 11, 2, 1, 30, 0, 5, tzinfo=UTC)


def write(stream: str = "BQ-2026-000001", count: int = 5) -> None:
    acts = [Act(stream, "case.claim", {"case": number}) for number in range(count)]
    with transaction.atomic():
        ledger.append_all(acts, by=SYSTEM, roles=["system"] * count, at=AT)


def test_the_canonical_form_and_the_hash_are_those_of_the_golden_file() -> None:
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        golden = json.loads(line)
        fields = golden["entry"] | {"at": datetime.fromisoformat(golden["entry"]["at"])}
        assert canonical(golden["entry"]["payload"]).decode() == golden["payload"]
        assert LedgerEntry(**fields).sealed() == golden["hash"]


def test_an_instant_is_written_in_utc_with_microseconds() -> None:
    china = timezone(timedelta(hours=8))
    assert instant(AT.astimezone(china)) == "2026-11-02T01:30:00.000005Z"


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), b"x", {1: "a"}, "\ud800", "a\x00b", datetime(2026, 1, 1), {2}],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- each in its own words
        canonical(value)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc名"), inner),
)


@given(json_values)
def test_canonical_json_survives_a_round_trip(value: Any) -> None:
    written = canonical(value)
    assert canonical(json.loads(written)) == written


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        ledger.append_all([], by=SYSTEM, roles=[], at=AT)


def end(stream: str) -> ledger.End:
    head = LedgerHead.objects.get(stream=stream)
    return ledger.End(head.length, head.hash)


def note(number: int, seen: ledger.End, stream: str = "site") -> int:
    """Append one act to what was seen of the stream, and return its number."""
    acts = [Act(stream, "case.claim", {"case": number})]
    [entry] = ledger.append_all(acts, by=SYSTEM, roles=["system"], at=AT, seen=seen)
    return entry.seq


@pytest.mark.django_db
def test_an_act_is_chained_to_what_was_seen_without_reading_the_head_again() -> None:
    write("site", 2)
    seen = end("site")
    with CaptureQueriesContext(connection) as queries:
        assert note(1, seen) == 3
    assert len(queries) == 2
    assert ledger.verify().breaks == ()


@pytest.mark.django_db
def test_an_act_on_a_head_that_has_moved_is_chained_to_where_it_is_now() -> None:
    write("site", 2)
    stale = end("site")
    assert [note(number, stale) for number in range(3)] == [3, 4, 5]
    assert ledger.verify().breaks == ()


@pytest.mark.django_db
def test_the_end_of_another_stream_of_the_same_length_is_not_taken_for_this_one() -> (
    None
):
    write("site", 2)
    write("BQ-2026-000001", 2)
    assert note(1, end("site"), stream="BQ-2026-000001") == 3
    assert ledger.verify().breaks == ()


@pytest.mark.django_db
def test_what_was_seen_of_one_stream_is_not_taken_for_several() -> None:
    write("site", 2)
    acts = [Act(stream, "case.claim", {}) for stream in ("site", "BQ-2026-000001")]
    with pytest.raises(ValueError, match="too many"):
        ledger.append_all(
            acts, by=SYSTEM, roles=["system"] * 2, at=AT, seen=end("site")
        )


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


TABLE = ledger_triggers.TABLE
TAMPERINGS: dict[str, tuple[Callable[[], None], int]] = {
    "payload edited": (
        lambda: run(f"UPDATE {TABLE} SET payload = '{{\"case\":9}}' WHERE seq = 3"),
        3,
    ),
    "time moved": (
        lambda: run(f"UPDATE {TABLE} SET at = %s WHERE seq = 2", AT + timedelta(1)),
        2,
    ),
    "actor changed": (
        lambda: run(f"UPDATE {TABLE} SET actor = 'user:1' WHERE seq = 4"),
        4,
    ),
    "entry deleted": (lambda: run(f"DELETE FROM {TABLE} WHERE seq = 2"), 2),
    "tail cut off": (lambda: run(f"DELETE FROM {TABLE} WHERE seq > 3"), 4),
    "stream emptied": (lambda: run(f"DELETE FROM {TABLE}"), 1),
    "head removed": (lambda: run("DELETE FROM evidence_ledgerhead"), 1),
    "payload made unspeakable": (
        lambda: run(f"UPDATE {TABLE} SET payload = '{{\"case\":1.5}}' WHERE seq = 5"),
        5,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_found_and_its_first_entry_named(name: str) -> None:
    write()
    tamper, seq = TAMPERINGS[name]
    for statement in ledger_triggers.DROP[connection.vendor]:
        run(statement)
    tamper()
    found = ledger.verify()
    assert [(b.stream, b.seq) for b in found.breaks] == [("BQ-2026-000001", seq)]


@pytest.mark.django_db
def test_streams_are_verified_apart() -> None:
    write("BQ-2026-000001")
    write("site", 2)
    found = ledger.verify()
    assert (found.entries, found.streams, found.breaks) == (7, 2, ())
    assert ledger.verify("site").entries == 2
    assert LedgerHead.objects.get(stream="site").length == 2
