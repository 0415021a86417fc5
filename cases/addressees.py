"""Whom the letters of a report case go to: each of those concerned, once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cases.models import AccountMeasure, Appeal, Report
from evidence.actors import Role
from evidence.models import SellerAccount

if TYPE_CHECKING:
    from cases.notices import Letter


def addressees(subject: Any, letter: "Letter") -> list[dict[str, Any]]:
    """Return the recipients, each as the column of a Notice that names them."""
    if letter.audience == Role.APPELLANT:
        return [_appellant(subject)]
    if isinstance(subject, AccountMeasure):
        return [{"seller": subject.seller}]
    if letter.audience == Role.UPLOADER:
        return [{"seller": seller} for seller in _sellers(subject)]
    people = subject.case.reports.standing().filter(source=Report.Source.PERSON)
    if letter.kind == "interim":
        held = subject.case.reported_documents.exclude(restrictions=None)
        people = people.filter(document__in=held.values("document"))
    return [{"report": report} for report in people]


def those_who_filed(reports: Sequence[int]) -> list[dict[str, Any]]:
    """Those of some reports, by id, whether these still stand or not."""
    rows = Report.objects.filter(pk__in=reports, source=Report.Source.PERSON)
    return [{"report": report} for report in rows]


def _appellant(appeal: Appeal) -> dict[str, Any]:
    return {"report": appeal.report} if appeal.report else {"seller": appeal.seller}


def _sellers(subject: Any) -> list[SellerAccount]:
    """Those whose documents this case restricts, or restricted: who was never
    touched is not told that somebody complained."""
    rows = subject.case.reported_documents.exclude(restrictions=None)
    return list(
        SellerAccount.objects.filter(documents__reported_in__in=rows.values("pk"))
        .distinct()
        .order_by("pk")
    )
