"""Section 11 of a case file: what was decided, for which documents, and why."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from cases.chronicle import ranges
from cases.models import Decision, Restriction
from cases.workflows.item import Finding, ItemState
from cases.workflows.rules import rule_of
from reports.kinds.case_rows import CaseRows
from reports.timeline import role_label


def decisions_told(
    rows: CaseRows, redact: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Return the decisions in order of time; one text for many documents, decided at
    one moment, is one decision on all of them."""
    ordered = sorted(rows.decisions, key=lambda row: (*_same(row), row.entry.seq))
    told = [
        _told(list(group), rows, redact) for _key, group in groupby(ordered, key=_same)
    ]
    return sorted(told, key=lambda each: each["entries"][0]["seq"])


def _same(row: Decision) -> tuple[str, ...]:
    return (
        row.at.isoformat(),
        row.outcome,
        row.measure,
        row.finding,
        row.reasoning,
        row.decided_by,
    )


def _told(
    group: list[Decision], rows: CaseRows, redact: Callable[[str], str]
) -> dict[str, Any]:
    row = group[0]
    step = row.entry.kind.partition(".")[2]
    measure, finding = row.measure, row.finding
    positions = sorted(each.item.position for each in group)
    return {
        "documents": [
            {"position": each.item.position, "number": rows.numbers[each.item_id]}
            for each in group
        ],
        "positions": ranges(positions),
        "outcome": row.outcome,
        "outcome_label": str(ItemState(row.outcome).label),
        "measure": measure,
        "measure_label": str(Restriction.Level(measure).label) if measure else "",
        "finding": finding,
        "finding_label": str(Finding(finding).label) if finding else "",
        "article": str(rule_of(getattr(row.item, step)).article),
        "reasoning": redact(row.reasoning),
        "role": role_label(row.decided_by),
        "at": row.at,
        "entry_numbers": ranges([each.entry.seq for each in group]),
        "entries": [{"seq": each.entry.seq, "hash": each.entry.hash} for each in group],
    }
