"""What the file of a report case says, as plain values, in two editions.

The redacted one may reach the uploader: of who reported it holds nothing, not even
how many they were, so their entries, files, letters and appeals are left out of it.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cases.models import Appeal, Report, ReportedDocument, Restriction, Ruling
from cases.notices import Kind
from cases.reasons import Priority
from evidence.actors import Role
from evidence.ledger import LedgerEntry
from evidence.models import Blob
from reports.kinds.case_proceeds import yuan
from reports.kinds.report_rows import ReportRows
from reports.models import CaseFile
from reports.redaction import Blotting
from reports.report_letters import blotting_of
from reports.timeline import role_label, told

FORMAT = "anjian.report_file/1"
Facts = dict[str, Any]
# Entries that tell of somebody who reported, whoever wrote them.
OF_REPORTERS = frozenset(
    {
        *("case.reported", "case.report_withdrawn", "case.invalidated"),
        *("case.brought_back", "case.split", "case.reveal", "case.attachment"),
        "case.snapshot",
        *("report.supply", "report.request_info", "report.withdraw"),
        *("report.receive_paper", "report.set_aside", "report.bring_back"),
        *("report.merge", "report.unmerge", "report.reclassify", "report.lapse"),
        *("case.authority_told", "report.escalate", "report.go_on"),
        *("report.turn_down", "report.tell_again"),
        *("report.appeal", "report.resolve_appeal"),
    }
)


def facts_of(rows: ReportRows, edition: str, *, at: Any) -> Facts:
    """Return every section; the language in force is that of the words."""
    is_full = edition == CaseFile.Edition.FULL
    blot = Blotting([]) if is_full else blotting_of(rows.case)
    manifest = _Manifest(with_names=is_full)
    return {
        "format": FORMAT,
        "cover": _cover(rows, edition, at),
        "summary": _summary(rows, is_full),
        "documents": [
            _document(place, row, blot, is_full, manifest)
            for place, row in enumerate(rows.documents, start=1)
        ],
        "reports": [_report(row, manifest) for row in rows.reports] if is_full else [],
        "decisions": [_ruling(row, blot, is_full) for row in rows.rulings],
        "appeals": [
            _appeal(row, blot, manifest)
            for row in rows.appeals
            if is_full or row.side != Role.REPORTER
        ],
        "measures": [_measure(row, rows) for row in rows.restrictions],
        "letters": [
            _letter(row)
            for row in rows.letters
            if is_full or row.audience == Role.UPLOADER
        ],
        "timeline": [
            _entry(row, is_full) for row in rows.entries if is_full or _is_told(row)
        ],
        "manifest": manifest.lines,
        "seal": rows.seal,
    }


class _Manifest:
    """Every file of the case under a number and its hash, in the order it is told."""

    def __init__(self, *, with_names: bool) -> None:
        self.lines: list[Facts] = []
        self._with_names = with_names

    def add(self, words: str, blob: Blob, at: Any, name: str = "") -> str:
        number = _("证%(ordinal)d") % {"ordinal": len(self.lines) + 1}
        self.lines.append(
            {
                "number": number,
                "told": words,
                "file_name": name if self._with_names else "",
                "media_type": blob.media_type,
                "size_bytes": blob.size_bytes,
                "at": at,
                "sha256": blob.sha256,
            }
        )
        return number


def _cover(rows: ReportRows, edition: str, at: Any) -> Facts:
    """In the redacted edition without the length of the ledger: it grows with every
    report."""
    is_full = edition == CaseFile.Edition.FULL
    return {
        "reference": rows.case.stream,
        "kind": str(rows.case.get_kind_display()),
        "edition": edition,
        "edition_label": str(CaseFile.Edition(edition).label),
        "operator": dict(settings.OPERATOR),
        "made_at": at,
        "time_zone": "Asia/Shanghai (UTC+8)",
        "stream_length": rows.head.length if is_full else None,
        "stream_hash": rows.head.hash,
        "chain_holds": not rows.verification.breaks,
    }


def _summary(rows: ReportRows, is_full: bool) -> Facts:
    """In the redacted edition without the reason that was reported: the basis of the
    ruling is what the uploader is told."""
    case: Any = rows.case
    return {
        "state": case.state,
        "state_label": str(case.get_state_display()),
        "reason": f"{case.reason} {case.why.label}" if is_full and case.reason else "",
        "priority": str(Priority(case.priority).label) if is_full else "",
        "reports": len(rows.reports) if is_full else None,
        "documents": len(rows.documents),
        "outcome": str(case.get_outcome_display()) if case.outcome else "",
        "submitted_at": case.submitted_at,
        "decided_at": case.decided_at,
        "closed_at": case.closed_at,
    }


def _document(
    place: int,
    row: ReportedDocument,
    blot: Blotting,
    is_full: bool,
    manifest: _Manifest,
) -> Facts:
    listing, seller = row.snapshot.listing, row.document.seller
    uploaded = listing.get("uploaded_on")
    words = _("文档 %(number)s 固定时的文件") % listing
    return {
        "position": place,
        "number": listing.get("number", ""),
        "title": blot(listing.get("title") or ""),
        "seller": listing.get("seller") or "",
        "account": (seller.marketplace_id or "") if is_full else "",
        "name": seller.party.name if is_full and seller.party else "",
        "uploaded_on": date.fromisoformat(uploaded) if uploaded else None,
        "format": listing.get("format") or "",
        "size_bytes": listing.get("size_bytes"),
        "pages": listing.get("pages"),
        "price": yuan(listing.get("price_cents")),
        "downloads": listing.get("downloads"),
        "taken_at": row.snapshot.taken_at,
        "file_sha256": row.snapshot.blob.sha256,
        "snapshot_sha256": row.snapshot.sha256,
        "exhibit": manifest.add(words, row.snapshot.blob, row.snapshot.taken_at),
    }


def _report(row: Report, manifest: _Manifest) -> Facts:
    """For those who answer for the case alone: who reported, and what they said."""
    details, paper = getattr(row, "details", None), getattr(row, "paper", None)
    words = _("举报 %(number)s 的附件") % {"number": row.number}
    return {
        "number": row.number,
        "source": str(row.get_source_display()),
        "checked": str(row.get_checked_display()),
        "reason": f"{row.reason} {row.why.label}",
        "minors": row.minors,
        "document": row.document.number,
        "page": row.page,
        "segment": row.segment,
        "quote": row.quote,
        "statement": row.statement,
        "name": details.name if details else "",
        "email": details.email if details else "",
        "paper": _("%(name)s %(number)s（%(on)s）")
        % {"name": paper.name, "number": paper.number, "on": paper.dated_on}
        if paper
        else "",
        "filed_at": row.filed_at,
        "outcome": str(row.get_outcome_display()) if row.outcome else "",
        "withdrawn_at": row.withdrawn_at,
        "invalidated_at": row.invalidated_at,
        "exhibits": [
            manifest.add(words, each.blob, row.filed_at, each.original_name)
            for each in row.attachments.all()
        ],
    }


def _ruling(row: Ruling, blot: Blotting, is_full: bool) -> Facts:
    return {
        "outcome": str(row.get_outcome_display()),
        "basis": f"{row.why.group.label} · {row.why.label}",
        "article": str(row.why.basis),
        "measures": [
            {"number": number, "label": str(Restriction.Level(level).label)}
            for number, level in sorted(row.measures.items())
        ],
        "days": row.days,
        "automated": row.automated,
        "facts": blot(row.facts),
        "passage": blot(row.passage),
        "role": role_label(row.decided_by),
        "at": row.at,
        "replaces": row.override_of_id is not None,
        "seq": row.entry.seq if is_full else None,
        "hash": row.entry.hash,
    }


def _appeal(row: Appeal, blot: Blotting, manifest: _Manifest) -> Facts:
    words = _("复议所附文件")
    return {
        "side": str(row.get_side_display()),
        "ground": str(row.get_ground_display()),
        "statement": blot(row.statement),
        "filed_at": row.filed_at,
        "state": row.state,
        "state_label": str(row.get_state_display()),
        "resolved_at": row.resolved_at,
        "answer": blot(row.answer),
        "document": row.document.number if row.document else "",
        "exhibit": manifest.add(words, row.blob, row.filed_at, row.original_name)
        if row.blob
        else "",
    }


def _measure(row: Restriction, rows: ReportRows) -> Facts:
    places = {each.pk: place for place, each in enumerate(rows.documents, start=1)}
    reported = row.reported
    return {
        "position": places.get(reported.pk) if reported else None,
        "number": reported.document.number if reported else "",
        "level": row.level,
        "level_label": str(Restriction.Level(row.level).label),
        "placed_at": row.placed_at,
        "lifted_at": row.lifted_at,
    }


def _letter(row: Any) -> Facts:
    return {
        "number": row.number,
        "kind": str(Kind(row.kind).label),
        "audience": role_label(row.audience),
        "at": row.at,
    }


def _entry(entry: LedgerEntry, is_full: bool) -> Facts:
    """Without its number where others are left out: the gaps would count them."""
    return {
        "seq": entry.seq if is_full else None,
        "at": entry.at,
        "kind": entry.kind,
        "told": told(entry.kind),
        "subject": "",
        "role": role_label(entry.role),
        "hash": entry.hash,
    }


def _is_told(entry: LedgerEntry) -> bool:
    return entry.role != Role.REPORTER and entry.kind not in OF_REPORTERS
