"""Deadlines as the parties read them: what, until when, on which ground, and why."""

from datetime import datetime
from typing import Any

from cases.chronicle import article_of, moment, standing, why
from cases.clocks import CLOCKS
from cases.models.deadline import DeadlineQuerySet


def clock_rows(deadlines: DeadlineQuerySet, at: datetime) -> list[dict[str, Any]]:
    rows = deadlines.select_related("item__document").order_by("due_at", "pk")
    return [
        {
            "row": row,
            "label": CLOCKS[row.clock].label,
            "ends": moment(row.due_at),
            "standing": standing(row, at),
            "is_late": row.due_at < at,
            "article": article_of(row),
            "why": why(row),
        }
        for row in rows
    ]
