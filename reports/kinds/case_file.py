"""案件报告: the whole of a case on paper, with its facts as JSON inside the PDF.

Sections are numbered as the paper numbers them: 1–7 and 10–15.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from cases.models import Case
from cases.permissions.desk import role_in
from evidence import ledger, progress
from evidence.actors import SYSTEM, Actor
from evidence.canonical import instant, sha256
from evidence.intake import read_blob, receive
from evidence.ledger import Act
from evidence.progress import Stage
from reports.kinds import case_facts, case_rows, report_facts, report_rows
from reports.kinds.case_facts import Facts
from reports.kinds.case_rows import CaseRows
from reports.kinds.report_rows import ReportRows
from reports.models import CaseFile
from reports.pdf import Attached, PrintingUnavailable, in_chinese, pdf

STEPS = 3
# Longer tables make a PDF that nobody opens; the JSON inside it has every entry.
ENTRIES_PRINTED = 300
Rows = CaseRows | ReportRows


@dataclass(frozen=True, slots=True)
class Paper:
    """How the cases of one procedure are told: read, put into facts, laid on paper."""

    format: str
    rows_of: Callable[[int], Any]
    facts_of: Callable[..., Facts]
    template: str


PAPERS = {
    Case.Kind.COPYRIGHT: Paper(
        *(case_facts.FORMAT, case_rows.rows_of, case_facts.facts_of),
        "reports/case_file.html",
    ),
    Case.Kind.REPORT: Paper(
        *(report_facts.FORMAT, report_rows.rows_of, report_facts.facts_of),
        "reports/report_file.html",
    ),
}


def ask(case: Case, edition: str, *, by: Actor, at: datetime) -> CaseFile:
    """Queue a case file; the caller nudges the worker when this has committed."""
    return CaseFile.objects.create(
        case=case, edition=edition, asked_by=by.label, asked_at=at
    )


def render(pk: int, *, at: datetime) -> None:
    """Bring a waiting case file to its end: rendered, or failed with a reason.

    Returns at once when another worker holds the row or nothing is left to do.
    """
    row = progress.claim(CaseFile, pk, at=at)
    if row is None:
        return
    rows = PAPERS[Case.Kind(row.case.kind)].rows_of(row.case_id)
    if not progress.report(row, 1, STEPS, at=at):
        return
    try:
        printed = printed_from(rows, row.edition, at=at)
    except PrintingUnavailable:
        progress.fail(row, "printing")
        return
    if progress.report(row, 2, STEPS, at=at):
        _keep(row, rows, printed, at)


def printed_from(rows: Rows, edition: str, *, at: datetime) -> bytes:
    """Return the PDF; same rows, edition and instant, same bytes."""
    paper = PAPERS[Case.Kind(rows.case.kind)]
    with in_chinese():
        facts = paper.facts_of(rows, edition, at=at)
        carried = _json(facts)
        context = {
            "facts": facts,
            "facts_sha256": sha256(carried),
            "entries": facts["timeline"][:ENTRIES_PRINTED],
            "entries_left_out": max(0, len(facts["timeline"]) - ENTRIES_PRINTED),
        }
        page = render_to_string(paper.template, context)
        name = f"{rows.case.stream}-{edition}.json"
        attached = Attached(name, carried, paper.format)
        return pdf(page, at=at, attachments=[attached])


def download(row: CaseFile, *, by: Actor, at: datetime) -> bytes:
    """Return the stored PDF and leave in the ledger that it was taken.

    Raises ValueError when the bytes are not those that were stored.
    """
    if row.blob is None:
        raise ValueError("nothing has been rendered")
    content = read_blob(row.blob)
    if sha256(content) != row.blob.sha256:
        raise ValueError(f"case file {row.public_id} does not match its hash")
    with transaction.atomic():
        payload = {"report": str(row.public_id), "sha256": row.blob.sha256}
        act = Act(row.case.stream, "report.downloaded", payload)
        ledger.append(act, by=by, role=role_in(row.case, by), at=at)
    return content


def _keep(row: CaseFile, rows: Rows, printed: bytes, at: datetime) -> None:
    blob = receive(printed, name=row.file_name, at=at)
    with transaction.atomic():
        # A worker whose lease ran out may have been overtaken: only one records.
        mine = CaseFile.objects.filter(
            pk=row.pk, attempts=row.attempts, stage=Stage.RUNNING
        )
        recorded = mine.update(
            blob=blob,
            rendered_at=at,
            stream_length=rows.head.length,
            stream_hash=rows.head.hash,
            done=STEPS,
            total=STEPS,
        )
        if recorded:
            ledger.append(
                _rendered(row, rows, blob.sha256), by=SYSTEM, role="system", at=at
            )
            progress.finish(row)


def _rendered(row: CaseFile, rows: Rows, digest: str) -> Act:
    return Act(
        rows.case.stream,
        "report.rendered",
        {
            "report": str(row.public_id),
            "kind": "case_file" if rows.case.kind == "copyright" else "report_file",
            "edition": row.edition,
            "asked_by": row.asked_by,
            "sha256": digest,
            "stream_length": rows.head.length,
            "stream_hash": rows.head.hash,
        },
    )


def _json(facts: Facts) -> bytes:
    """Return the facts as UTF-8 JSON: keys sorted, instants in UTC."""
    return json.dumps(
        facts, default=_plain, ensure_ascii=False, indent=1, sort_keys=True
    ).encode()


def _plain(value: Any) -> str:
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no plain value")
