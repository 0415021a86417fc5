"""Statements that are compiled once: other values give other rows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from evidence.compiled import Change, Rows
from evidence.models import LedgerEntry, LedgerHead
from evidence.writing import insert, update_each

AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def heads(*names: str) -> None:
    LedgerHead.objects.bulk_create([LedgerHead(stream=name) for name in names])


def entry(seq: int, at: datetime = AT) -> LedgerEntry:
    return LedgerEntry(
        stream="site",
        seq=seq,
        at=at,
        actor="system",
        role="system",
        kind="case.claim",
        payload={"case": seq, "名": ["一"]},
        prev="",
        hash=f"{seq:064x}",
    )


def test_a_compiled_query_finds_by_the_values_of_each_time() -> None:
    heads("a", "b", "c")
    found = Rows(
        lambda streams: LedgerHead.objects.filter(stream__in=streams).order_by("stream")
    )
    for names in (["a"], ["b"], ["a", "c"], ["none"], []):
        kept = [name for name in names if name != "none"]
        assert [row.stream for row in found(names)] == kept


def test_a_compiled_query_takes_instants_and_gives_values_back() -> None:
    insert([entry(1), entry(2, AT + timedelta(hours=1))])
    since = Rows(
        lambda at, kind: LedgerEntry.objects.filter(at__gte=at, kind=kind).values_list(
            "seq", "payload"
        )
    )
    assert len(since(AT, "case.claim")) == 2
    assert since(AT + timedelta(minutes=1), "case.claim") == [
        (2, {"case": 2, "名": ["一"]})
    ]
    assert since(AT, "case.release") == []


def test_a_compiled_change_is_one_statement_and_touches_the_named_row() -> None:
    heads("a", "b")
    change = Change(
        lambda streams, length: (
            LedgerHead.objects.filter(stream__in=streams),
            {"length": length},
        )
    )
    for length, streams in ((3, ["a"]), (4, ["b"]), (5, ["a", "b"])):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            change(streams, length)
        assert len(queries) == 1
        rows = LedgerHead.objects.filter(stream__in=streams)
        assert {row.length for row in rows} == {length}


def test_rows_are_inserted_together_and_know_their_ids() -> None:
    rows = [entry(seq) for seq in range(1, 301)]
    with CaptureQueriesContext(connection) as queries:
        insert(rows)
    assert len(queries) == 1
    stored = dict(LedgerEntry.objects.values_list("pk", "seq"))
    assert stored == {row.pk: row.seq for row in rows}
    assert LedgerEntry.objects.get(seq=7).payload == {"case": 7, "名": ["一"]}


def test_a_row_that_breaks_a_rule_of_the_database_is_refused() -> None:
    insert([entry(1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([entry(1)])


def test_each_row_gets_values_of_its_own_in_one_statement() -> None:
    heads(*(f"{number:03d}" for number in range(300)))
    rows = list(LedgerHead.objects.order_by("stream"))
    for number, row in enumerate(rows[:299]):
        row.length, row.hash = number, f"{number:064x}"
    with CaptureQueriesContext(connection) as queries:
        update_each(rows[:299], ["length", "hash"])
    assert len(queries) == 1
    assert list(LedgerHead.objects.order_by("stream").values_list("length")) == [
        *((number,) for number in range(299)),
        (0,),
    ]
