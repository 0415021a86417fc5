"""kill -9 at any moment of an upload or of its processing: nothing acknowledged is
lost, nothing is left half done."""

import multiprocessing
import random
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from evidence import ledger, pipeline
from evidence.intake import path_of
from evidence.models import Blob, Exhibit, Party, Text, Work
from evidence.progress import LEASE, ProgressQuerySet, Stage
from evidence.staging import ABANDONED
from evidence.sweeping import sweep
from tests.matching.memory import make_text as make_words
from tests.rights.people import make_holder, work_form
from tests.sizes import SIZE

LONGEST = 1.5  # of a kill's moment, in times that the first upload took


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def bring_works(client: Client, party: Party, number: int, said: Connection) -> None:
    """Upload and process for ever; say which titles the site has acknowledged."""
    while True:
        title = f"第 {number} 部"
        words = make_words(300, number)
        answer = client.post(
            "/rights/works/new/", work_form(party, title=title, pasted=words)
        )
        if answer.status_code == 302:
            said.send(title)
        pipeline.process(Work.objects.latest("pk").sample_id, at=timezone.now())
        number += 1


def killed_at(moment: float, client: Client, party: Party, number: int) -> set[str]:
    """Return what was acknowledged before the process was killed: the first work, and
    those that came until the moment, which is counted in times that the first took."""
    connections.close_all()  # a forked connection would be shared
    fork = multiprocessing.get_context("fork")
    heard, said = fork.Pipe(duplex=False)
    process = fork.Process(target=bring_works, args=(client, party, number, said))
    started = time.monotonic()
    process.start()
    said.close()
    with heard:
        titles = {heard.recv()}
        time.sleep(moment * (time.monotonic() - started))
        process.kill()
        process.join()
        while True:
            try:
                titles.add(heard.recv())
            except EOFError:
                return titles


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_nothing_acknowledged_is_lost() -> None:
    client, party = make_holder()
    chance, acknowledged = random.Random(7), set[str]()
    for number in range(SIZE.crashes):
        moment = chance.uniform(0, LONGEST)
        acknowledged |= killed_at(moment, client, party, 1_000 * number)

    kept = dict(Work.objects.values_list("title", "sample__blob"))
    assert acknowledged <= kept.keys()
    assert set(kept.values()) <= set(Text.objects.values_list("blob", flat=True))
    assert Exhibit.objects.count() == len(kept)
    for blob in Blob.objects.all():
        assert path_of(blob).stat().st_size == blob.size_bytes
    assert ledger.verify().breaks == ()


@pytest.mark.django_db(transaction=True)
def test_what_was_killed_is_finished_and_cleared_away_later() -> None:
    client, party = make_holder()
    chance = random.Random(11)
    for number in range(SIZE.crashes):
        killed_at(chance.uniform(0, LONGEST), client, party, 1_000 * number)

    later = timezone.now() + max(LEASE, ABANDONED) + timedelta(minutes=1)
    call_command("tick", at=later, verbosity=0)
    for text in ProgressQuerySet(Text).claimable(later):
        pipeline.process(text.pk, at=later)

    assert not Text.objects.exclude(stage=Stage.DONE, state="ok").exists()
    assert Blob.objects.count() <= Text.objects.count() + 1  # and the shared proof
    assert sweep().faults == []
    assert not list(Path(path_of(Blob(stored_as="blobs/incoming"))).iterdir())
