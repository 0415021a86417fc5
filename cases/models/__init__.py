"""The case, its items, and everything that one transaction writes about them."""

from typing import Any

from cases.models.accounts import AccountMeasure
from cases.models.acts import Assignment, Decision, Restriction, Words
from cases.models.calendar_years import CalendarYear
from cases.models.case import (
    PROCEDURES,
    Case,
    CopyrightCase,
    ReferenceSeries,
    ReportCase,
    Statement,
)
from cases.models.counter_notice import CounterNotice, DefectFound
from cases.models.deadline import Deadline
from cases.models.effect import Effect
from cases.models.extension import Extension
from cases.models.heartbeats import Heartbeat
from cases.models.item import CaseItem
from cases.models.limits import MatchReading, Policy, SpentProof, UseCount
from cases.models.notice import Arrival, DeliveryFailure, Notice
from cases.models.proceeding import Proceeding
from cases.models.report import (
    AuthorityPaper,
    AuthorityTask,
    Report,
    ReportAnswer,
    ReportAttachment,
    ReportedDocument,
    ReporterDetails,
    ReportFold,
    Strike,
)
from cases.models.ruling import Appeal, Ruling
from cases.models.submissions import (
    GateRule,
    Submission,
    SubmissionAct,
    SubmissionFinding,
    SubmissionNotice,
)

__all__ = [
    "MACHINES",
    "AccountMeasure",
    "Appeal",
    "Arrival",
    "Assignment",
    "AuthorityPaper",
    "AuthorityTask",
    "CalendarYear",
    "Case",
    "CaseItem",
    "CopyrightCase",
    "CounterNotice",
    "Deadline",
    "Decision",
    "DefectFound",
    "DeliveryFailure",
    "Effect",
    "Extension",
    "GateRule",
    "Heartbeat",
    "MatchReading",
    "Notice",
    "Policy",
    "Proceeding",
    "ReferenceSeries",
    "Report",
    "ReportAnswer",
    "ReportAttachment",
    "ReportCase",
    "ReportFold",
    "ReportedDocument",
    "ReporterDetails",
    "Restriction",
    "Ruling",
    "SpentProof",
    "Statement",
    "Strike",
    "Submission",
    "SubmissionAct",
    "SubmissionFinding",
    "SubmissionNotice",
    "UseCount",
    "Words",
]

# Every machine by its name, as steps, clocks and ledger entries call it.
MACHINES: dict[str, type[Any]] = {
    **PROCEDURES,
    CaseItem.MACHINE: CaseItem,
    AccountMeasure.MACHINE: AccountMeasure,
    Appeal.MACHINE: Appeal,
    CounterNotice.MACHINE: CounterNotice,
    Proceeding.MACHINE: Proceeding,
}
