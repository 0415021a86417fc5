"""Everything that the file of a report case tells, read at once under its lock."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cases.models import (
    Appeal,
    Case,
    Notice,
    Report,
    ReportedDocument,
    Restriction,
    Ruling,
)
from evidence import ledger
from evidence.chain import Verification
from evidence.ledger import LedgerEntry, LedgerHead
from reports.kinds.case_seal import seal_told, witness_or_none


@dataclass(frozen=True, slots=True)
class ReportRows:
    case: Case
    documents: list[ReportedDocument]
    reports: list[Report]
    rulings: list[Ruling]
    appeals: list[Appeal]
    restrictions: list[Restriction]
    letters: list[Notice]
    entries: list[LedgerEntry]
    head: LedgerHead
    verification: Verification
    seal: dict[str, Any] | None


def rows_of(case_id: int) -> ReportRows:
    """Read a case while nobody can move it: the head seals just these entries."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case_id)
        case = Case.objects.get(pk=case_id)
        head = LedgerHead.objects.select_for_update().get(stream=case.stream)
        witness = witness_or_none()
        return ReportRows(
            case=case,
            documents=list(
                case.reported_documents.select_related(
                    "document__seller__party__details", "snapshot__blob"
                ).order_by("pk")
            ),
            reports=list(
                case.reports.select_related("details", "paper", "document")
                .prefetch_related("attachments__blob")
                .order_by("filed_at", "pk")
            ),
            rulings=list(case.rulings.select_related("entry").order_by("at", "pk")),
            appeals=list(
                case.appeals.select_related("report", "seller", "blob", "document")
            ),
            restrictions=list(
                Restriction.objects.filter(reported__case=case)
                .select_related("reported__document")
                .order_by("placed_at", "pk")
            ),
            letters=list(
                case.notices.select_related("report", "seller").order_by("pk")
            ),
            entries=list(ledger.entries_of([case.stream])),
            head=head,
            verification=ledger.verify(case.stream, witness=witness),
            seal=seal_told(case.stream, witness),
        )
