"""Many processes decide the same cases: each is decided once, nobody sees an error."""

import multiprocessing
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from cases.errors import CaseMovedOn
from cases.models import CaseItem, Decision, Notice, Restriction
from cases.services import advance
from evidence import ledger
from evidence.actors import Actor
from evidence.ledger import LedgerEntry
from tests.factories import AT, make_case, make_moderator
from tests.sizes import SIZE


def decide_all(items: Sequence[int], by: Actor, start: Barrier) -> None:
    """Try every item once; a process that comes second is told so and goes on."""
    start.wait()
    for pk in items:
        try:
            advance(
                CaseItem.objects.get(pk=pk),
                "measure_and_forward",
                by=by,
                at=AT,
                measure="interim_down",
                reasoning="初步证据充分。",
            )
        except CaseMovedOn:
            continue


@pytest.mark.django_db(transaction=True)
def test_many_processes_decide_each_case_once_and_without_error() -> None:
    moderator = make_moderator()
    for _ in range(SIZE.contested_cases):
        make_case(state="accepted", by=moderator)
    items = list(CaseItem.objects.order_by("pk").values_list("pk", flat=True))
    # A forked connection would be shared: every process opens its own.
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(SIZE.processes)
    workers = [
        fork.Process(target=decide_all, args=(items, moderator, start))
        for _ in range(SIZE.processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * SIZE.processes
    decided = LedgerEntry.objects.filter(kind="item.measure_and_forward")
    assert decided.count() == SIZE.contested_cases
    assert Decision.objects.count() == SIZE.contested_cases
    assert Restriction.objects.count() == SIZE.contested_cases
    assert Notice.objects.filter(kind="forwarding").count() == SIZE.contested_cases
    assert ledger.verify().breaks == ()
