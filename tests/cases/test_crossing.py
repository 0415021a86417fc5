"""Two people merge the same two cases crosswise: one is first, nobody sees an error."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from cases.errors import CaseError
from cases.merging import merge
from cases.models import Case
from cases.services import advance
from evidence import ledger
from evidence.actors import SYSTEM, Actor
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_moderator,
    make_party,
    make_user,
    make_work,
)
from tests.reporting.matters import report

PAIRS = 24
Pairs = Sequence[tuple[int, int]]
Act = Callable[[Case, Case, Actor], None]


def notices(by: Actor) -> list[Case]:
    party = make_party(user=make_user())
    work, document = make_work(party=party), make_document()
    return [
        make_case(
            state="claimed",
            claimant=party,
            documents=[document, make_document()],
            work=work,
            by=by,
        )
        for _ in range(2)
    ]


def merge_notices(case: Case, into: Case, by: Actor) -> None:
    merge(case, into, by=by, at=AT)


def fold_reports(case: Case, into: Case, by: Actor) -> None:
    advance(case, "merge", by=SYSTEM, at=AT, into=into.pk)


def across(pairs: Pairs, act: Act, by: Actor, turn: bool, start: Barrier) -> None:
    for pair in pairs:
        one, other = reversed(pair) if turn else pair
        start.wait()
        try:
            act(Case.objects.get(pk=one), Case.objects.get(pk=other), by)
        except CaseError:
            continue


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["copyright", "report"])
def test_of_two_crossing_mergers_one_is_taken_and_no_process_fails(kind: str) -> None:
    by = make_moderator()
    pairs = []
    for _ in range(PAIRS):
        if kind == "copyright":
            one, other = notices(by)
        else:
            one, other = (report(reason="E5").report.case for _ in range(2))
        pairs.append((one.pk, other.pk))
    act = merge_notices if kind == "copyright" else fold_reports
    # A forked connection would be shared: every process opens its own.
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(2)
    workers = [
        fork.Process(target=across, args=(pairs, act, by, turn, start))
        for turn in (False, True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    failed = [worker.exitcode for worker in workers]
    for worker in workers:
        worker.kill()
    assert failed == [0, 0]
    for pair in pairs:
        states = set(Case.objects.filter(pk__in=pair).values_list("state", flat=True))
        assert states == {"merged", "submitted"}
    assert ledger.verify().breaks == ()
