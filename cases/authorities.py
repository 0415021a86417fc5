"""主管部门来文: a report that an authority sent on paper, entered by the staff.

Its origin is proven: the policy of compliance may let it restrict before review.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import NotPermitted
from cases.models import AuthorityPaper, Report
from cases.permissions.desk import may_enter_papers
from cases.reporting import Origin, Said, file_report
from cases.services import advance
from evidence.actors import Actor
from evidence.models import Document

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper. ends_at: None where it sets no time."""

    authority: str
    name: str
    number: str
    dated_on: date
    ends_at: datetime | None = None


def file_paper(
    document: Document, said: Said, paper: Paper, *, by: Actor, at: datetime
) -> Report:
    """Receive what an authority reports of a document; it joins an open case.

    All or nothing: the report, the paper, and the clock that it sets. Raises
    NotPermitted, NothingToReport, UploadTooLarge.
    """
    if not may_enter_papers(by):
        raise NotPermitted
    origin = Origin(Report.Checked.PAPER, source=Report.Source.AUTHORITY, named=False)
    with transaction.atomic():
        report = file_report(document, said, origin, by=by, at=at).report
        AuthorityPaper.objects.create(
            report=report,
            authority=paper.authority,
            name=paper.name,
            number=paper.number,
            dated_on=paper.dated_on,
            ends_at=paper.ends_at,
        )
        left = (paper.ends_at - at).total_seconds() if paper.ends_at else 0
        advance(
            report.case,
            "receive_paper",
            by=by,
            at=at,
            report=report.pk,
            authority=paper.authority,
            paper=paper.number,
            dated_on=paper.dated_on.isoformat(),
            minutes=max(0, int(left // MINUTE)),
        )
    return report
