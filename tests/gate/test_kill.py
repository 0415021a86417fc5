"""A worker that is killed while it screens costs its lease and nothing else."""

import multiprocessing
import os
import signal
import time
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from cases.gate import screening
from cases.models import Submission
from evidence import ledger, pipeline
from evidence.progress import LEASE, Stage
from tests.gate.sellers import handed_in, make_seller, on_sale, words
from tests.sizes import SIZE

# Where the worker dies: in the reading, after it, and between findings and result.
MOMENTS = (
    (pipeline, "read_text"),
    (screening, "_judge"),
    (screening, "severest"),
)


def work_until_killed(pk: int, moment: int, at: datetime, reached: Event) -> None:
    def wait(*_: object, **__: object) -> None:
        reached.set()
        time.sleep(60)

    setattr(*MOMENTS[moment], wait)
    screening.screen(pk, at=at)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_the_gate_is_gone_on_with_by_the_next() -> None:
    on_sale(words(95))
    seller, by = make_seller()
    fork = multiprocessing.get_context("fork")
    for number in range(max(SIZE.kills, len(MOMENTS))):
        row = handed_in(seller, by, words(95)[: 700 + number])
        died_at = timezone.now() - 2 * LEASE
        connections.close_all()
        reached = fork.Event()
        worker = fork.Process(
            target=work_until_killed,
            args=(row.pk, number % len(MOMENTS), died_at, reached),
        )
        worker.start()
        assert reached.wait(30)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()

        assert Submission.objects.get(pk=row.pk).stage == Stage.RUNNING
        call_command("tick", at=died_at + LEASE + timedelta(seconds=1), verbosity=0)
        call_command("db_worker", batch=True, interval=0, startup_delay=False)
        row = Submission.objects.get(pk=row.pk)
        assert (row.stage, row.state) == (Stage.DONE, "held")
        assert [act.step for act in row.acts.all()] == ["screen", "hold"]
        assert row.findings.filter(likeness="document").count() == 1
    assert ledger.verify().breaks == ()
