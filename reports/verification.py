"""Whether a PDF is a case file of ours, as it left the house."""

import json
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium

from evidence import ledger
from evidence.canonical import sha256
from evidence.checkpoints import witnessed
from evidence.ledger import LedgerEntry
from evidence.witness import WIDTH, BrokenWitness
from reports.kinds.case_file import PAPERS
from reports.kinds.case_seal import seal_holds
from reports.models import CaseFile


class Unreadable(Exception):
    """The file is no PDF that can be opened."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """code: genuine, or altered, unknown, superseded, signature or chain, the first
    that applies in that order of doubt."""

    code: str
    reason: str
    sha256: str
    reference: str | None = None
    edition: str | None = None


def verify_report(content: bytes) -> Verdict:
    """Judge the bytes of a PDF. Raises Unreadable."""
    facts = _facts_in(content)
    digest = sha256(content)
    cover = (facts or {}).get("cover", {})
    place = {"reference": cover.get("reference"), "edition": cover.get("edition")}
    row = CaseFile.objects.filter(blob__sha256=digest).select_related("case").first()
    if row is None:
        ours = CaseFile.objects.filter(case__reference=place["reference"])
        if facts is not None and ours.exists():
            reason = "its bytes are not those we kept"
            return Verdict("altered", reason, digest, **place)
        return Verdict("unknown", "no such report was made here", digest, **place)
    place = {"reference": row.case.reference, "edition": row.edition}
    code, reason = _doubt(row, facts, digest)
    return Verdict(code, reason, digest, **place)


def _doubt(row: CaseFile, facts: dict[str, Any] | None, digest: str) -> tuple[str, str]:
    if reason := _unsealed(facts):
        return "signature", reason
    if reason := _unchained(row, facts, digest):
        return "chain", reason
    if reason := _overtaken(row):
        return "superseded", reason
    return "genuine", "as it left the house"


def _facts_in(content: bytes) -> dict[str, Any] | None:
    """Return the facts that our PDFs carry; None when this one carries none."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Unreadable("no PDF that can be opened") from error
    try:
        for number in range(document.count_attachments()):
            attached = document.get_attachment(number)
            if attached.get_name().endswith(".json"):
                return _read(bytes(attached.get_data()))
    finally:
        document.close()
    return None


def _read(carried: bytes) -> dict[str, Any] | None:
    try:
        facts = json.loads(carried)
    except ValueError:
        return None
    formats = {paper.format for paper in PAPERS.values()}
    is_ours = isinstance(facts, dict) and facts.get("format") in formats
    return facts if is_ours else None


def _unsealed(facts: dict[str, Any] | None) -> str:
    """Whether what was sealed outside the database still holds."""
    seal = (facts or {}).get("seal")
    try:
        witness = witnessed()
    except BrokenWitness as error:
        return str(error)
    if seal is None:
        return ""
    if not seal_holds(seal):
        return "its path does not lead to its root"
    known = witness.streams.get(json.loads(seal["leaf"])[0])
    if known is None or known.at(seal["length"]) != seal["head"][:WIDTH]:
        return "it names a head that was never sealed"
    return ""


def _unchained(row: CaseFile, facts: dict[str, Any] | None, digest: str) -> str:
    """The paper itself bears witness: it left the house with the hash printed in it."""
    stream = row.case.stream
    printed = (facts or {}).get("cover", {}).get("stream_hash", row.stream_hash)
    if breaks := ledger.verify(stream, witness=witnessed()).breaks:
        return f"stream={stream} seq={breaks[0].seq} {breaks[0].reason}"
    told = LedgerEntry.objects.filter(stream=stream, kind="report.rendered")
    if not any(entry.payload["sha256"] == digest for entry in told):
        return "the ledger does not know that it was made"
    then = LedgerEntry.objects.filter(stream=stream, seq=row.stream_length or 0).first()
    if then is None or {then.hash} != {row.stream_hash, printed}:
        return "the ledger had another end when it was made"
    return ""


def _overtaken(row: CaseFile) -> str:
    later = CaseFile.objects.filter(
        case=row.case, edition=row.edition, rendered_at__gt=row.rendered_at
    )
    newest = later.order_by("-rendered_at").first()
    return f"a later one was made at {newest.rendered_at}" if newest else ""
