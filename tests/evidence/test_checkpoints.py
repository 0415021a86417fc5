"""Checkpoints: whatever is done to the ledger in the database is found and named."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cases.alarms import sealing_alarms
from cases.models.heartbeats import SCHEDULER, beat
from evidence import ledger, ledger_triggers, merkle
from evidence.actors import SYSTEM
from evidence.canonical import canonical
from evidence.checkpoints import (
    LedgerBroken,
    seal,
    seal_when_due,
    verifying_key,
    witnessed,
)
from evidence.ledger import GENESIS, Act, LedgerEntry, LedgerHead, verify
from evidence.witness import NAME, BrokenWitness, read
from moderation.housekeeping import keep_house
from tests.sizes import SIZE

AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STREAMS = {"BQ-2026-000001": 9, "BQ-2026-000002": 7, "document:1": 1, "site": 12}
ENTRY, HEAD = ledger_triggers.TABLE, "evidence_ledgerhead"


def write(stream: str, count: int) -> None:
    acts = [Act(stream, "case.claim", {"case": number}) for number in range(count)]
    with transaction.atomic():
        ledger.append_all(acts, by=SYSTEM, roles=["system"] * count, at=AT)


def write_all() -> None:
    for stream, count in STREAMS.items():
        write(stream, count)


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def move(stream: str, seq: int, to: int) -> None:
    run(f"UPDATE {ENTRY} SET seq = %s WHERE stream = %s AND seq = %s", to, stream, seq)


def rehash(stream: str, first: int, *, head: bool = True) -> None:
    """Seal everything anew from an entry on, as who knows the code would."""
    rows = LedgerEntry.objects.filter(stream=stream).order_by("seq")
    prev = rows.filter(seq=first - 1).values_list("hash", flat=True).first() or GENESIS
    for row in rows.filter(seq__gte=first):
        row.prev = prev
        prev = row.sealed()
        # Unique hashes: the old one is in nobody's way.
        statement = f"UPDATE {ENTRY} SET prev = %s, hash = %s WHERE id = %s"
        run(statement, row.prev, prev, row.pk)
    if head:
        last = rows.last()
        assert last is not None
        statement = f"UPDATE {HEAD} SET length = %s, hash = %s WHERE stream = %s"
        run(statement, last.seq, last.hash, stream)


def edit(stream: str, seq: int, dice: random.Random) -> int:
    column, value = dice.choice(
        [
            ("payload", '{"case":99}'),
            ("actor", "user:1"),
            ("role", "legal"),
            ("kind", "case.release"),
            ("at", AT + DAY),
            ("payload_version", 2),
            ("prev", "f" * 64),
            ("hash", "e" * 64),
        ]
    )
    where = "WHERE stream = %s AND seq = %s"
    run(f"UPDATE {ENTRY} SET {column} = %s {where}", value, stream, seq)
    return seq


def delete(stream: str, seq: int, dice: random.Random) -> int:
    run(f"DELETE FROM {ENTRY} WHERE stream = %s AND seq = %s", stream, seq)
    return seq


def swap(stream: str, seq: int, dice: random.Random) -> int:
    other = dice.choice([n for n in range(1, STREAMS[stream] + 1) if n != seq] or [seq])
    if other == seq:
        return edit(stream, seq, dice)
    move(stream, seq, 9_999)
    move(stream, other, seq)
    move(stream, 9_999, other)
    return min(seq, other)


def insert(stream: str, seq: int, dice: random.Random) -> int:
    """Put an entry in between, everything after it one further and hashed anew."""
    for each in range(STREAMS[stream], seq - 1, -1):
        move(stream, each, each + 1)
    LedgerEntry.objects.create(
        stream=stream,
        seq=seq,
        at=AT,
        actor="user:1",
        role="legal",
        kind="case.claim",
        payload={},
        prev=GENESIS,
        hash=f"{dice.getrandbits(256):064x}",
    )
    rehash(stream, seq)
    return seq


def append(stream: str, seq: int, dice: random.Random) -> int:
    """Hang one on behind, rightly chained, that the head knows nothing of."""
    last = LedgerEntry.objects.get(stream=stream, seq=STREAMS[stream])
    fake = LedgerEntry(
        stream=stream,
        seq=last.seq + 1,
        at=AT,
        actor="user:1",
        role="legal",
        kind="case.claim",
        payload={},
        prev=last.hash,
    )
    fake.hash = fake.sealed()
    fake.save()
    return last.seq + 1


def cut(stream: str, seq: int, dice: random.Random) -> int:
    """Cut off the tail; every other time the head is brought into line."""
    run(f"DELETE FROM {ENTRY} WHERE stream = %s AND seq >= %s", stream, seq)
    if dice.random() < 0.5 and seq > 1:
        kept = LedgerEntry.objects.get(stream=stream, seq=seq - 1)
        statement = f"UPDATE {HEAD} SET length = %s, hash = %s WHERE stream = %s"
        run(statement, kept.seq, kept.hash, stream)
    return seq


def lose(stream: str, seq: int, dice: random.Random) -> int:
    run(f"DELETE FROM {ENTRY} WHERE stream = %s", stream)
    run(f"DELETE FROM {HEAD} WHERE stream = %s", stream)
    return 1


def reseal(stream: str, seq: int, dice: random.Random) -> int:
    statement = f"UPDATE {ENTRY} SET actor = %s WHERE stream = %s AND seq = %s"
    run(statement, "user:1", stream, seq)
    rehash(stream, seq)
    return seq


def behead(stream: str, seq: int, dice: random.Random) -> int:
    run(f"DELETE FROM {HEAD} WHERE stream = %s", stream)
    return 1


def renumber(stream: str, seq: int, dice: random.Random) -> int:
    """Give two entries each other's row: what is read by rows is in another order."""
    if STREAMS[stream] == 1:
        return edit(stream, seq, dice)
    first = min(seq, STREAMS[stream] - 1)
    rows = LedgerEntry.objects.filter(stream=stream, seq__in=(first, first + 1))
    one, two = rows.order_by("seq").values_list("pk", flat=True)
    for old, new in ((one, -1), (two, one), (-1, two)):
        run(f"UPDATE {ENTRY} SET id = %s WHERE id = %s", new, old)
    return first + 1


Tampering = Callable[[str, int, random.Random], int]
TAMPERINGS: list[Tampering] = [
    *(edit, delete, swap, insert, append),
    *(cut, lose, reseal, behead, renumber),
]


@pytest.fixture
def sealed(db: None) -> None:
    """A ledger of which everything was sealed, and that anybody may change."""
    write_all()
    assert seal(at=AT)
    for statement in ledger_triggers.DROP[connection.vendor]:
        run(statement)


@pytest.mark.usefixtures("sealed")
def test_every_random_tampering_is_found_and_its_first_entry_named() -> None:
    dice = random.Random(20261126)
    witness = witnessed()
    for number in range(SIZE.tamperings):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        stream = dice.choice(list(STREAMS))
        seq = dice.randint(1, STREAMS[stream])
        with transaction.atomic():
            point = transaction.savepoint()
            bad = tamper(stream, seq, dice)
            found = [(each.stream, each.seq) for each in verify(witness=witness).breaks]
            assert found == [(stream, bad)], (number, tamper.__name__, stream, seq)
            transaction.savepoint_rollback(point)
    assert verify(witness=witness).breaks == ()


@pytest.mark.usefixtures("sealed")
def test_verify_ledger_names_a_stream_that_is_gone_with_its_head() -> None:
    lose("document:1", 1, random.Random())
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stdout=out, stderr=StringIO())
    told = "BAD stream=document:1 seq=1 reason=the whole stream is missing\n"
    assert out.getvalue() == told


@pytest.mark.usefixtures("sealed")
def test_nothing_is_sealed_over_a_ledger_that_was_changed() -> None:
    write("site", 1)
    lose("document:1", 1, random.Random())
    with pytest.raises(LedgerBroken, match="document:1 is gone"):
        seal(at=AT + DAY)


@pytest.mark.usefixtures("sealed")
def test_what_was_written_later_is_sealed_within_the_hour() -> None:
    assert seal(at=AT) is None
    write("site", 3)
    assert seal_when_due(at=AT + HOUR / 2) is None
    second = seal_when_due(at=AT + HOUR)
    assert second is not None
    assert (second.number, second.streams) == (2, len(STREAMS))
    assert second.entries == sum(STREAMS.values()) + 3
    reseal("site", STREAMS["site"] + 2, random.Random())
    [found] = verify(witness=witnessed()).breaks
    assert (found.stream, found.seq) == ("site", STREAMS["site"] + 2)


@pytest.mark.usefixtures("sealed")
def test_a_file_that_breaks_is_found_at_the_next_round(settings: Settings) -> None:
    assert seal_when_due(at=AT + HOUR / 2) is None
    path = settings.LEDGER_WITNESS / NAME
    path.write_bytes(path.read_bytes().replace(b'"streams":', b'"streamz":', 1))
    with pytest.raises(BrokenWitness):
        seal_when_due(at=AT + HOUR / 2)


@pytest.mark.usefixtures("sealed")
def test_a_file_that_stays_as_it_is_is_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seal_when_due(at=AT + HOUR / 2)
    monkeypatch.setattr("evidence.checkpoints.read", None)
    assert seal_when_due(at=AT + HOUR / 2) is None


@pytest.mark.usefixtures("sealed")
def test_an_operator_sets_how_often_is_sealed(settings: Settings) -> None:
    settings.LEDGER_SEAL_EVERY = DAY
    write("site", 1)
    assert seal_when_due(at=AT + HOUR) is None
    assert seal_when_due(at=AT + DAY)


SPELLINGS = ('{"case": 7, "case": 0}', '{"case":0}', '{ "case": 0}')


@pytest.mark.skipif(connection.vendor != "sqlite", reason="it keeps one spelling")
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("spelt", SPELLINGS)
def test_a_payload_that_can_be_read_in_two_ways_is_named(spelt: str) -> None:
    """Who asks in SQL reads the first of two equal keys, who asks here the last."""
    run(f"UPDATE {ENTRY} SET payload = %s WHERE stream = 'site' AND seq = 1", spelt)
    [found] = verify(witness=witnessed()).breaks
    assert (found.stream, found.seq) == ("site", 1)


@pytest.fixture
def file(sealed: None, settings: Settings) -> Path:
    write("site", 1)
    seal(at=AT + DAY)
    path: Path = settings.LEDGER_WITNESS / NAME
    return path


def change(line: bytes) -> bytes:
    return line.replace(b'"streams":4', b'"streams":5')


@pytest.mark.parametrize(
    ("tamper", "number"),
    [
        (lambda lines: [change(lines[0]), lines[1]], 1),
        (lambda lines: [lines[1]], 1),
        (lambda lines: [lines[0], change(lines[1])], 2),
        (lambda lines: [lines[1], lines[0]], 1),
        (lambda lines: [lines[0], lines[0], lines[1]], 2),
        (lambda lines: [b"?", lines[1]], 1),
    ],
)
def test_a_checkpoint_that_was_changed_lost_or_moved_is_named(
    file: Path, tamper: Callable[[list[bytes]], list[bytes]], number: int
) -> None:
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"".join(line + b"\n" for line in tamper(lines)))
    with pytest.raises(BrokenWitness) as error:
        witnessed()
    assert error.value.number == number
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stdout=out, stderr=StringIO())
    assert out.getvalue().startswith(f"BAD stream=checkpoints seq={number} ")


def test_who_has_another_key_cannot_seal(file: Path) -> None:
    foreign = Ed25519PrivateKey.generate().public_key()
    assert read(file.parent, verifying_key()).last
    with pytest.raises(BrokenWitness, match="signature"):
        read(file.parent, foreign)


def test_a_writer_that_died_in_its_line_leaves_no_damage(file: Path) -> None:
    with file.open("ab") as torn:
        torn.write(b'{"number":3,"at')
    assert witnessed().last
    write("site", 1)
    third = seal(at=AT + 2 * DAY)
    assert third is not None
    assert third.number == 3
    assert witnessed().last == third


class Authority:
    """Stands for a time stamping authority."""

    def stamp(self, digest: bytes) -> bytes:
        return b"stamped:" + digest


class Unreachable:
    def stamp(self, digest: bytes) -> bytes:
        raise OSError("no route")


@pytest.mark.django_db
def test_a_configured_authority_stamps_each_checkpoint(
    settings: Settings,
) -> None:
    settings.TIMESTAMP_AUTHORITY = f"{__name__}.Authority"
    write_all()
    checkpoint = seal(at=AT)
    assert checkpoint is not None
    token = settings.LEDGER_WITNESS / "checkpoint-000001.tsr"
    assert token.read_bytes() == b"stamped:" + bytes.fromhex(checkpoint.digest)


@pytest.mark.django_db
def test_a_checkpoint_stands_although_the_authority_cannot_be_reached(
    settings: Settings,
) -> None:
    settings.TIMESTAMP_AUTHORITY = f"{__name__}.Unreachable"
    write_all()
    assert seal(at=AT) == witnessed().last
    settings.TIMESTAMP_AUTHORITY = f"{__name__}.Authority"
    seal_when_due(at=AT + HOUR / 2)
    assert (settings.LEDGER_WITNESS / "checkpoint-000001.tsr").exists()


@pytest.mark.usefixtures("sealed")
def test_the_desk_is_told_when_the_ledger_can_no_longer_be_sealed() -> None:
    beat(SCHEDULER, at=AT)
    assert keep_house(at=AT)["sealed"] == 0
    assert not sealing_alarms(AT)
    lose("document:1", 1, random.Random())
    later = AT + 2 * DAY
    beat(SCHEDULER, at=later)
    assert keep_house(at=later)["sealed"] == 0
    [alarm] = sealing_alarms(later)
    assert "verify_ledger" in alarm.sentence


@pytest.mark.django_db
def test_nobody_is_called_for_time_by_default(settings: Settings) -> None:
    write_all()
    seal(at=AT)
    assert [path.name for path in settings.LEDGER_WITNESS.iterdir()] == [NAME]


@given(st.lists(st.binary(max_size=4), max_size=40), st.integers(0, 60))
def test_a_path_leads_from_its_leaf_to_the_root_and_from_no_other(
    leaves: list[bytes], index: int
) -> None:
    top, size = merkle.root(leaves), len(leaves)
    if index >= size:
        assert not merkle.leads_to(b"", index, size, [], top)
        return
    beside = merkle.path(leaves, index)
    assert merkle.leads_to(leaves[index], index, size, beside, top)
    assert not merkle.leads_to(leaves[index] + b"!", index, size, beside, top)
    assert not merkle.leads_to(leaves[index], index, size, [*beside, top], top)


def test_the_root_is_that_of_rfc_6962() -> None:
    """The test vectors of the Certificate Transparency implementations."""
    leaves = [
        *(b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"),
        bytes.fromhex("5051525354555657"),
        bytes.fromhex("606162636465666768696a6b6c6d6e6f"),
    ]
    expected = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle.root(leaves).hex() == expected
    assert merkle.root([]).hex().startswith("e3b0c44298fc1c14")


def test_a_leaf_is_canonical() -> None:
    assert canonical(["site", 2, "ab"]) == b'["site",2,"ab"]'


def test_a_stream_without_entries_is_no_break(db: None) -> None:
    LedgerHead.objects.create(stream="site")
    assert verify().breaks == ()
