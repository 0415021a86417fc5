"""Section 10 of a case file: what was cured, answered, sued upon and withdrawn."""

from collections.abc import Callable
from typing import Any

from cases.chronicle import ranges
from cases.models import CounterNotice, DefectFound, Extension, Proceeding
from cases.models.case import Statement
from evidence.models import Exhibit, Party
from reports.answers import LABELS
from reports.kinds.case_exhibits import Exhibits
from reports.kinds.case_rows import CaseRows

Redact = Callable[[str], str]
Name = Callable[[Party], str]


def contest_of(
    rows: CaseRows, redact: Redact, name: Name, exhibits: Exhibits
) -> dict[str, Any]:
    """Return the five parts of the section, each in order of time."""
    return {
        "defects": [
            _defect(row, redact, exhibits)
            for row in rows.defects
            if row.counter_notice_id is None
        ],
        "counter_notices": [
            _counter(row, rows, redact, name, exhibits) for row in rows.counters
        ],
        "proceedings": [_proceeding(row, exhibits) for row in rows.proceedings],
        "extensions": [_extension(row, exhibits) for row in rows.extensions],
        "withdrawals": [
            {"signed_by": name(row.party), "signed_at": row.signed_at}
            for row in rows.statements
            if row.purpose == Statement.Purpose.WITHDRAWAL
        ],
    }


def _defect(row: DefectFound, redact: Redact, exhibits: Exhibits) -> dict[str, Any]:
    return {
        "round": row.round,
        "code": row.code,
        "label": str(LABELS.get(row.code, "")),
        "fact": redact(row.fact),
        "found_at": row.found_at,
        "answer": redact(row.answer),
        "answered_at": row.answered_at,
        "exhibits": _numbers(row.exhibits.all(), exhibits),
    }


def _counter(
    row: CounterNotice, rows: CaseRows, redact: Redact, name: Name, exhibits: Exhibits
) -> dict[str, Any]:
    return {
        "position": row.item.position,
        "number": rows.numbers[row.item_id],
        "state": row.state,
        "state_label": str(row.get_state_display()),
        "party": name(row.party),
        "ground": str(row.get_ground_display()),
        "explanation": redact(row.explanation),
        "filed_at": row.filed_at,
        "settled_at": row.settled_at,
        "amended_sha256": row.amended.blob.sha256 if row.amended else "",
        "signature_digest": row.statement.signature_digest,
        "exhibits": _numbers(row.exhibits.all(), exhibits),
        "defects": [
            _defect(each, redact, exhibits)
            for each in rows.defects
            if each.counter_notice_id == row.pk
        ],
    }


def _proceeding(row: Proceeding, exhibits: Exhibits) -> dict[str, Any]:
    return {
        "kind": str(row.get_kind_display()),
        "authority": row.authority,
        "docket": row.docket,
        "begun_on": row.begun_on,
        "positions": ranges(sorted(item.position for item in row.items.all())),
        "timely": ranges(row.timely_positions()),
        "late": ranges(row.late_positions()),
        "state": row.state,
        "state_label": str(row.get_state_display()),
        "outcome": str(row.get_outcome_display()) if row.outcome else "",
        "notified_at": row.notified_at,
        "verified_at": row.verified_at,
        "concluded_at": row.concluded_at,
        "exhibits": _numbers(row.exhibits.all(), exhibits),
    }


def _extension(row: Extension, exhibits: Exhibits) -> dict[str, Any]:
    """granted: 工作日, 0 when refused, null until legal has answered. other_ground: on
    which it was granted, "" where that was the one asked for."""
    filed = [*row.exhibits.all(), *row.added.all()]
    return {
        "position": row.item.position,
        "ground": str(row.get_ground_display()),
        "days": row.days,
        "was_asked": row.asked_id is not None,
        "filed_at": row.filed_at,
        "granted": row.granted,
        "other_ground": str(row.other_ground),
        "standing": row.standing.value,
        "standing_label": str(row.standing.label),
        "exhibits": _numbers(filed, exhibits),
        "sha256": [each.blob.sha256 for each in filed],
    }


def _numbers(filed: Any, exhibits: Exhibits) -> str:
    rows: list[Exhibit] = sorted(filed, key=lambda each: each.pk)
    return "、".join(exhibits.of_paper(each) for each in rows)
