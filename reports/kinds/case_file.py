"""案件报告: the whole of a case on paper, with its facts as JSON inside the PDF.

Sections are numbered as the paper numbers them: 1–7 and 10–15.
"""

import json
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from cases.models import Case
from cases.permissions import role_in
from evidence import ledger, progress
from evidence.actors import SYSTEM, Actor
from evidence.canonical import instant, sha256
from evidence.intake import read_blob, receive
from evidence.ledger import Act
from evidence.progress import Stage
from reports.kinds.case_facts import FORMAT, Facts, facts_of
from reports.kinds.case_rows import CaseRows, rows_of
from reports.models import CaseFile
from reports.pdf import Attached, PrintingUnavailable, in_chinese, pdf

STEPS = 3
# Longer tables make a PDF that nobody opens; the JSON inside it has every entry.
ENTRIES_PRINTED = 300


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
    rows = rows_of(row.case_id)
    if not progress.report(row, 1, STEPS, at=at):
        return
    try:
        printed = printed_from(rows, row.edition, at=at)
    except PrintingUnavailable:
        progress.fail(row, "printing")
        return
    if progress.report(row, 2, STEPS, at=at):
        _keep(row, rows, printed, at)


def printed_from(rows: CaseRows, edition: str, *, at: datetime) -> bytes:
    """Return the PDF; same rows, edition and instant, same bytes."""
    with in_chinese():
        facts = facts_of(rows, edition, at=at)
        carried = _json(facts)
        context = {
            "facts": facts,
            "facts_sha256": sha256(carried),
            "entries": facts["timeline"][:ENTRIES_PRINTED],
            "entries_left_out": max(0, len(facts["timeline"]) - ENTRIES_PRINTED),
        }
        page = render_to_string("reports/case_file.html", context)
        attached = Attached(f"{rows.case.stream}-{edition}.json", carried, FORMAT)
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


def _keep(row: CaseFile, rows: CaseRows, printed: bytes, at: datetime) -> None:
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


def _rendered(row: CaseFile, rows: CaseRows, digest: str) -> Act:
    return Act(
        rows.case.stream,
        "report.rendered",
        {
            "report": str(row.public_id),
            "kind": "case_file",
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
