"""Statements that are compiled once: other values give other rows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.test.utils import CaptureQueriesContext

from evidence.compiled import Change, Rows
from evidence.models import LedgerEntry, LedgerHead, SellerAccount
from evidence.writing import insert, update_each
from tests.factories import make_party

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
            assert change(streams, length) == len(streams)
        assert len(queries) == 1
        rows = LedgerHead.objects.filter(stream__in=streams)
        assert {row.length for row in rows} == {length}


def test_a_compiled_query_gives_what_is_read_beside_its_rows() -> None:
    heads("a", "b")
    LedgerHead.objects.filter(stream="b").update(length=7)
    other = LedgerHead.objects.filter(pk=OuterRef("hash"))
    beside = Rows(
        lambda name: LedgerHead.objects.filter(stream=name).annotate(
            twice=F("length") * 2, nothing=Subquery(other.values("length"))
        )
    )
    for name, twice in (("a", 0), ("b", 14)):
        [row] = beside(name)
        assert (row.stream, row.twice, row.nothing) == (name, twice, None)


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="keeps plans")
def test_the_server_keeps_the_plans_of_compiled_statements() -> None:
    heads("a", "b")
    found = Rows(lambda names: LedgerHead.objects.filter(stream__in=names))
    insert([entry(1)])
    with connection.cursor() as cursor:
        for name in ("a", "b"):
            found([name])
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [statement for (statement,) in cursor.fetchall()]
    for table in (LedgerHead, LedgerEntry):
        assert len([each for each in kept if table._meta.db_table in each]) == 1


def test_rows_come_with_what_they_are_joined_to_and_are_not_new() -> None:
    party = make_party()
    seller = SellerAccount.objects.create(marketplace_id="7", mask="M", party=party)
    other = SellerAccount.objects.create(marketplace_id="8", mask="N")
    found = Rows(
        lambda pks: (
            SellerAccount.objects.filter(pk__in=pks)
            .select_related("party")
            .defer("mask")
        )
    )
    with CaptureQueriesContext(connection) as queries:
        [first], [second] = found([seller.pk]), found([other.pk])
        assert (first.party, second.party) == (party, None)
    assert len(queries) == 2
    assert not first._state.adding
    assert first.mask == "M"


def test_a_shape_that_is_not_known_is_refused() -> None:
    dictionaries = Rows(lambda at: LedgerEntry.objects.filter(at=at).values("seq"))
    with pytest.raises(TypeError, match="ValuesIterable"):
        dictionaries(AT)
