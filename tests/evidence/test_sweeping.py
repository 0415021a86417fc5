"""The sweep names what was changed, lost, added, and clears what broke off."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from evidence import rounds
from evidence.intake import path_of, receive
from evidence.models import Blob, LedgerEntry, SweepRound
from evidence.rounds import open_faults, sweep_some
from evidence.staging import ABANDONED, clear_incoming, is_arriving
from evidence.sweeping import Swept, sweep
from tests.factories import AT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("our_own_papers"),
]
WORDS = [f"words {number}".encode() for number in range(40)]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def broken_off(content: bytes) -> Blob:
    """Receive bytes in a transaction that does not come to its end."""
    with transaction.atomic():
        blob = receive(content, name="a.txt", at=AT)
        transaction.set_rollback(True)
    return blob


def swept() -> tuple[list[str], int]:
    out, code = StringIO(), 0
    try:
        call_command("sweep_evidence", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return out.getvalue().splitlines(), code


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o640)
    path.write_bytes(content)
    path.chmod(0o440)


def test_whole_evidence_is_counted() -> None:
    assert swept() == (["OK blobs=0"], 0)
    for words in WORDS:
        receive(words, name="a.txt", at=AT)
    assert swept() == ([f"OK blobs={len(WORDS)}"], 0)


def test_each_fault_is_named_in_a_line_of_its_own(media: Path) -> None:
    altered, missing, cut, writable, _whole = (
        receive(words, name="a.txt", at=AT) for words in WORDS[:5]
    )
    overwrite(path_of(altered), b"Words 0")
    path_of(missing).unlink()
    overwrite(path_of(cut), b"wor")
    path_of(writable).chmod(0o644)
    orphan = media / "blobs/ab/cd" / ("abcd" + "0" * 60)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"whose?")
    (orphan.parent / "no hash\n").touch()

    lines, code = swept()

    assert code == 1
    assert sorted(lines) == sorted(
        [
            f"BAD blob={altered.sha256} reason=altered",
            f"BAD blob={missing.sha256} reason=missing",
            f"BAD blob={cut.sha256} reason=size",
            f"BAD blob={writable.sha256} reason=writable",
            f"BAD blob={orphan.name} reason=orphan",
            "BAD blob=ab/cd/no%20hash%0A reason=orphan",
        ]
    )


def test_a_sweep_in_steps_sees_what_a_whole_one_sees() -> None:
    blobs = [receive(words, name="a.txt", at=AT) for words in WORDS]
    path_of(blobs[3]).unlink()
    path_of(blobs[7]).unlink()
    whole, steps, count, after = sweep(), [], 0, ""
    while True:
        step = sweep(after=after, at_most=30)
        steps += step.faults
        count += step.blobs
        after = step.reached
        if not after:
            break

    assert count == whole.blobs == len(WORDS)
    assert sorted(steps, key=str) == sorted(whole.faults, key=str)
    assert len(steps) == 2


def test_an_upload_on_its_way_is_no_orphan(media: Path) -> None:
    with transaction.atomic():
        blob = receive(b"words", name="a.txt", at=AT)
        Blob.objects.all().delete()  # as another connection sees it before the commit
        assert not sweep().faults
        assert is_arriving(blob.sha256)
    assert not is_arriving(blob.sha256)


def test_what_a_killed_upload_left_is_put_away_after_an_hour(media: Path) -> None:
    kept = receive(b"kept", name="a.txt", at=AT)
    incoming = media / "blobs/incoming"
    lost = broken_off(b"lost")
    (incoming / "tmpstaged").write_bytes(b"half")
    (incoming / f"{kept.sha256}.tmpx").touch()
    now = timezone.now()

    assert clear_incoming(at=now) == 0
    assert path_of(lost).is_file()
    assert clear_incoming(at=now + ABANDONED + timedelta(seconds=2)) == 3

    assert not os.listdir(incoming)
    assert not path_of(lost).exists()
    assert swept() == (["OK blobs=1"], 0)


def test_an_abandoned_file_stays_when_somebody_else_is_bringing_it(
    media: Path,
) -> None:
    blob = broken_off(b"words")
    [mark] = (media / "blobs/incoming").iterdir()
    long_ago = (timezone.now() - 2 * ABANDONED).timestamp()
    os.utime(mark, (long_ago, long_ago))
    mark.with_suffix(".another").touch()

    assert clear_incoming(at=timezone.now()) == 1
    assert path_of(blob).is_file()


def test_the_worker_sweeps_in_steps_and_begins_once_a_day(settings: Settings) -> None:
    settings.SWEEP_BYTES = 40
    for words in WORDS:
        receive(words, name="a.txt", at=AT)

    counts = [sweep_some(at=AT + timedelta(minutes=n)) for n in range(12)]

    assert sum(counts) == len(WORDS)
    assert counts[0] in range(2, 10)
    assert counts[-1] == 0
    assert SweepRound.objects.get().blobs == len(WORDS)
    assert sweep_some(at=AT + timedelta(days=1)) > 0


def test_a_fault_is_written_down_once_and_closed_when_mended() -> None:
    blob = receive(b"words", name="a.txt", at=AT)
    overwrite(path_of(blob), b"sword")
    for day in range(2):
        sweep_some(at=AT + timedelta(days=day))
    assert open_faults() == 1

    overwrite(path_of(blob), b"words")
    sweep_some(at=AT + timedelta(days=2))

    assert open_faults() == 0
    kinds = LedgerEntry.objects.filter(kind__startswith="evidence.")
    assert list(kinds.values_list("kind", "payload__reason")) == [
        ("evidence.fault", "altered"),
        ("evidence.mended", "altered"),
    ]


def test_two_workers_do_not_sweep_the_same_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receive(b"words", name="a.txt", at=AT)
    others: list[int] = []

    def while_sweeping(*, after: str, at_most: int) -> Swept:
        others.append(sweep_some(at=AT))
        return sweep(after=after, at_most=at_most)

    monkeypatch.setattr(rounds, "sweep", while_sweeping)

    assert sweep_some(at=AT) == 1
    assert others == [0]
