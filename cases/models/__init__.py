"""The case, its items, and everything that one transaction writes about them."""

from cases.models.acts import Assignment, Deadline, Decision, Notice, Restriction
from cases.models.case import Case, CopyrightCase, ReferenceSeries, Statement
from cases.models.item import CaseItem
from cases.models.submissions import (
    GateRule,
    Submission,
    SubmissionAct,
    SubmissionFinding,
    SubmissionNotice,
)

__all__ = [
    "Assignment",
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
