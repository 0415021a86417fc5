"""Uploads stop at their limits, and what is refused is told with what to do."""

import errno
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connections, transaction
from pytest_django import Settings

from evidence.actors import SYSTEM, Actor, Role
from evidence.allowances import AllowanceSpent, spend
from evidence.intake import receive
from evidence.models import Allowance, Blob, Work
from evidence.staging import Staged
from evidence.sweeping import sweep
from tests.factories import AT
from tests.rights.people import make_holder, work_form

SELLER = Actor(user_id=7)
SPENT = 3
NEW = "/rights/works/new/"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def refuse_to_write(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(place, name, full)


@pytest.mark.django_db
def test_a_body_that_says_it_is_too_large_is_not_read(settings: Settings) -> None:
    settings.UPLOAD_REQUEST_BYTES = 10_000
    client, party = make_holder()

    page = client.post(NEW, work_form(party, pasted="x" * 10_001))

    assert page.status_code == 413
    assert "拆分" in page.content.decode()
    assert not Work.objects.exists()


@pytest.mark.django_db
def test_a_file_stops_at_the_limit_and_leaves_nothing(
    settings: Settings, media: Path
) -> None:
    settings.UPLOAD_MAX_BYTES = 200_000
    client, party = make_holder()
    files = {"proof-0-file": SimpleUploadedFile("证书.pdf", b"%PDF-" + bytes(300_000))}

    page = client.post(NEW, work_form(party, **files))

    assert page.status_code == 413
    assert not files_in(media)
    assert not Work.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "name"),
    [
        (tempfile, "mkstemp"),  # before the first byte
        (Staged, "write"),  # while the upload arrives
        (os, "fsync"),  # while it goes to its place
        (os, "replace"),
    ],
)
def test_a_full_disk_is_told_and_leaves_no_row(
    media: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str
) -> None:
    client, party = make_holder()
    refuse_to_write(monkeypatch, place, name)

    page = client.post(NEW, work_form(party))

    assert page.status_code == 507
    assert "没有保存" in page.content.decode()
    assert not Work.objects.exists()
    assert not Blob.objects.exists()
    assert not files_in(media)


@pytest.mark.django_db
def test_a_database_without_room_is_told_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    client, party = make_holder()
    monkeypatch.setattr(Blob.objects, "get_or_create", full)

    assert client.post(NEW, work_form(party)).status_code == 507


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "value"), [("UPLOAD_DAY_FILES", 1), ("UPLOAD_DAY_BYTES", 100)]
)
def test_a_day_that_is_used_up_is_told_with_when_to_come_back(
    settings: Settings, limit: str, value: int
) -> None:
    setattr(settings, limit, value)
    client, party = make_holder()

    page = client.post(NEW, work_form(party))

    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 86_401
    assert "明天" in page.content.decode()
    assert not Work.objects.exists()
    assert not Allowance.objects.exclude(files=0).exists()


@pytest.mark.django_db
def test_a_day_ends_at_midnight_in_china(settings: Settings) -> None:
    settings.UPLOAD_DAY_FILES = 2
    late = AT.replace(hour=23, minute=59, second=30)
    for _ in range(2):
        spend(SELLER, 10, at=AT)
    with pytest.raises(AllowanceSpent) as refused:
        spend(SELLER, 10, at=late)

    assert refused.value.retry_after == 31
    spend(SELLER, 10, at=late + timedelta(seconds=30))
    spend(Actor(user_id=8), 10, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize("by", [SYSTEM, Actor(user_id=1, duty=Role.MODERATOR)])
def test_the_house_itself_has_no_limit(settings: Settings, by: Actor) -> None:
    settings.UPLOAD_DAY_FILES = 0
    receive(b"words", name="a.txt", at=AT, by=by)

    assert not Allowance.objects.exists()


def bring(number: int) -> None:
    try:
        receive(b"%d" % number, name="a.txt", at=AT, by=SELLER)
    except AllowanceSpent:
        sys.exit(SPENT)


@pytest.mark.django_db(transaction=True)
def test_processes_share_a_day(settings: Settings) -> None:
    settings.UPLOAD_DAY_FILES = 3
    connections.close_all()  # a forked connection would be shared
    fork = multiprocessing.get_context("fork")
    bringing = [fork.Process(target=bring, args=(number,)) for number in range(6)]
    for process in bringing:
        process.start()
    for process in bringing:
        process.join()

    ends = [process.exitcode for process in bringing]
    assert sorted(ends) == [0, 0, 0, SPENT, SPENT, SPENT]
    assert Allowance.objects.get().files == Blob.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_what_fails_afterwards_gives_its_part_of_the_day_back() -> None:
    with transaction.atomic():
        receive(b"words", name="a.txt", at=AT, by=SELLER)
        transaction.set_rollback(True)

    assert not Allowance.objects.exclude(files=0).exists()


@pytest.fixture
def small_disk(media: Path) -> Iterator[Path]:
    """A disk of a megabyte under the stored files, where one may be mounted."""
    media.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(media)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk may be mounted here")
    yield media
    subprocess.run(["umount", str(media)], check=True)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_a_disk_that_is_really_full_keeps_what_it_has(small_disk: Path) -> None:
    client, party = make_holder()
    assert client.post(NEW, work_form(party)).status_code == 302
    large = "字" * 400_000  # 1.2 MB

    page = client.post(NEW, work_form(party, title="很长的作品", pasted=large))

    assert page.status_code == 507
    assert Work.objects.count() == 1
    assert sweep().faults == []
    assert not list((small_disk / "blobs" / "incoming").iterdir())
    assert client.post(NEW, work_form(party, title="又一部")).status_code == 302
