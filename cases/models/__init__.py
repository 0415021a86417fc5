"""The case, its items, and everything that one transaction writes about them."""

from typing import Any

from cases.models.acts import (
    Arrival,
    Assignment,
    Deadline,
    Decision,
    Notice,
    Restriction,
)
from cases.models.calendar_years import CalendarYear
from cases.models.case import (
    PROCEDURES,
    Case,
    CopyrightCase,
    ReferenceSeries,
    Statement,
)
from cases.models.item import CaseItem
from cases.models.submissions import (
    GateRule,
    Submission,
    SubmissionAct,
    SubmissionFinding,
    SubmissionNotice,
)

__all__ = [
    "MACHINES",
    "Arrival",
    "Assignment",
    "CalendarYear",
    "Case",
    "CaseItem",
    "CopyrightCase",
    "Deadline",
    "Decision",
    "GateRule",
    "Notice",
    "ReferenceSeries",
    "Restriction",
    "Statement",
    "Submission",
    "SubmissionAct",
    "SubmissionFinding",
    "SubmissionNotice",
]

# Every machine by its name, as steps, clocks and ledger entries call it.
MACHINES: dict[str, type[Any]] = {**PROCEDURES, CaseItem.MACHINE: CaseItem}
