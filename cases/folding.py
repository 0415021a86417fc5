"""并案: a case takes another in, with its reports, its tasks and its earlier clock, and
gives all of it back when a senior finds that the two were not the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cases.carrying import carry, take_back
from cases.errors import CaseMovedOn
from cases.models import (
    AuthorityTask,
    Case,
    Report,
    ReportedDocument,
    ReportFold,
)
from cases.priority import weigh
from cases.workflows.report import OPEN
from evidence import ledger
from evidence.actors import Actor

if TYPE_CHECKING:
    from cases.services import Taken


def fold(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """The reports go along with the case that takes them in, and remember theirs.

    Raises CaseMovedOn when that case is none to be decided any more: who reported
    would never be told.
    """
    for act in taken:
        case, into = act.subject, _open(act.facts["into"])
        held = ReportedDocument.objects.filter(case=into).values("document")
        ReportedDocument.objects.bulk_create(
            [
                ReportedDocument(
                    case=into, document=row.document, snapshot=row.snapshot
                )
                for row in case.reported_documents.exclude(document__in=held)
            ]
        )
        case.reports.filter(folded_from__isnull=True).update(folded_from=case)
        case.reports.update(case=into)
        tasks = case.authority_tasks.filter(done_at__isnull=True)
        tasks.filter(folded_from__isnull=True).update(folded_from=case)
        tasks.update(case=into)
        carry(case, into, at=at)
        weigh(into)


def unfold(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Raises CaseMovedOn where the reports were decided elsewhere meanwhile, or one
    of the two would be left without any."""
    for act in taken:
        case = act.subject
        mine = Report.objects.filter(folded_from=case)
        cases = sorted(set(mine.values_list("case", flat=True)))
        masters = [_open(pk) for pk in cases]
        mine.update(case=case, folded_from=None)
        if not masters or not all(into.reports.exists() for into in masters):
            raise CaseMovedOn
        tasks = AuthorityTask.objects.filter(folded_from=case)
        tasks.update(case=case, folded_from=None)
        for into in masters:
            _let_documents_go(into, case)
        take_back(case, [_first_into(case), *masters], at=at)
        _keep_apart(case)
        for each in (case, *masters):
            weigh(each)


def master_of(case: Case) -> Case:
    """Return the case that a case was last folded into, or where that went."""
    into = _first_into(case)
    while into.merged_into is not None:
        into = into.merged_into
    return into


def _open(pk: int) -> Case:
    """Lock a case: whoever decides it meanwhile comes before or after."""
    rows = Case.objects.reports().select_for_update(of=("self",))
    row: Case | None = rows.filter(pk=pk, state__in=OPEN).first()
    if row is None:
        raise CaseMovedOn
    return row


def _first_into(case: Case) -> Case:
    mergers = ledger.entries_of([case.stream]).filter(kind="report.merge")
    row: Case = Case.objects.get(pk=mergers.latest("id").payload["into"])
    return row


def _let_documents_go(into: Case, case: Case) -> None:
    left = into.reports.values("document")
    ReportedDocument.objects.filter(
        case=into, document__in=case.reported_documents.values("document")
    ).exclude(document__in=left).filter(restrictions=None).delete()


def _keep_apart(case: Case) -> None:
    """The next report of these documents joins this case, however alike the texts."""
    for row in case.reported_documents.all():
        ReportFold.objects.update_or_create(
            key=f"document:{row.document_id}", defaults={"case": case}
        )
