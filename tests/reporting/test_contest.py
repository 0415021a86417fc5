"""Many processes at once: one document is one case, and a limit is one limit."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
from django.db import connections

from cases.errors import TooMany
from cases.limits import LIMITS, spend
from cases.models import Case, Deadline, Report, UseCount
from cases.priority import factors_of
from evidence import ledger
from evidence.models import Document
from tests.factories import AT, make_document
from tests.reporting.matters import report
from tests.sizes import SIZE

pytestmark = pytest.mark.django_db(transaction=True)


def in_processes(work: Callable[..., None], *facts: Any) -> list[int | None]:
    # A forked connection would be shared: every process opens its own.
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(SIZE.processes)
    workers = [
        fork.Process(target=work, args=(*facts, start)) for _ in range(SIZE.processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [worker.exitcode for worker in workers]


def report_often(number: str, count: int, start: Barrier) -> None:
    document = Document.objects.get(number=number)
    start.wait()
    for _ in range(count):
        report(document, "E5")


def test_reports_of_one_document_at_once_are_one_case_one_clock_and_none_is_lost() -> (
    None
):
    document = make_document()
    each = SIZE.reports // SIZE.processes
    codes = in_processes(report_often, document.number, each)
    assert codes == [0] * SIZE.processes
    case = Case.objects.get()
    assert Report.objects.filter(case=case).count() == each * SIZE.processes
    assert len(set(Report.objects.values_list("number", flat=True))) == SIZE.reports
    assert len(set(Report.objects.values_list("code_digest", flat=True))) == (
        SIZE.reports
    )
    assert Deadline.objects.filter(case=case).count() == 1
    assert case.reported_documents.count() == 1
    kinds = list(ledger.entries_of([case.stream]).values_list("kind", flat=True))
    assert kinds.count("case.reported") == SIZE.reports
    assert kinds.count("report.submit") == 1
    assert case.score == sum(factor.points for factor in factors_of(case))
    assert ledger.verify().breaks == ()


def spend_often(subject: str, start: Barrier) -> None:
    start.wait()
    for _ in range(LIMITS["report_address"].count):
        try:
            spend("report_address", subject, at=AT)
        except TooMany:
            continue


def test_a_limit_is_one_limit_for_all_web_processes() -> None:
    codes = in_processes(spend_often, "198.51.100.7")
    assert codes == [0] * SIZE.processes
    assert UseCount.objects.get().count == LIMITS["report_address"].count
