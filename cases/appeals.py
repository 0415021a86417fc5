"""Filing an appeal: one a side and ruling, within the time that the letter named."""

from datetime import datetime

from django.db import transaction

from cases.errors import CaseMovedOn, NotPermitted
from cases.models import Appeal, Case, Report, Ruling
from cases.registration import Upload
from cases.rulings import standing_ruling
from cases.services import advance
from evidence import ledger
from evidence.actors import SYSTEM, Actor, Role
from evidence.canonical import new_salt, salted
from evidence.intake import receive
from evidence.ledger import Act
from evidence.models import SellerAccount

CONTESTED = ("decided", "under_appeal")


def file_appeal(
    case: Case,
    *,
    ground: str,
    statement: str,
    by: Actor,
    at: datetime,
    report: Report | None = None,
    seller: SellerAccount | None = None,
    upload: Upload | None = None,
) -> Appeal:
    """Contest the ruling that stands, as a reporter or as a seller it touches.

    Raises CaseMovedOn when the time is over or this side has appealed already, and
    NotPermitted for who is neither.
    """
    with transaction.atomic():
        row = Case.objects.select_for_update().get(pk=case.pk)
        if row.state not in CONTESTED or not may_still_appeal(row, report, seller):
            raise CaseMovedOn
        if not _is_concerned(row, report, seller, by):
            raise NotPermitted
        appeal = Appeal.objects.create(
            case=row,
            ruling=standing_ruling(row),
            side=Role.REPORTER if report else Role.UPLOADER,
            report=report,
            seller=seller,
            ground=ground,
            statement=statement,
            blob=receive(upload.content, name=upload.name, at=at, by=by)
            if upload
            else None,
            original_name=upload.name if upload else "",
            filed_at=at,
        )
        payload = {
            "case": row.pk,
            "appeal": appeal.pk,
            "ground": ground,
            "statement": salted(statement, new_salt()),
            "file": appeal.blob.sha256 if appeal.blob else "",
        }
        act = Act(row.stream, "case.appealed", payload)
        ledger.append(act, by=by, role=appeal.side, at=at)
        advance(row, "appeal", by=SYSTEM, at=at, appeal=appeal.pk)
    return appeal


def may_still_appeal(
    case: Case, report: Report | None, seller: SellerAccount | None
) -> bool:
    """One level: a ruling made on appeal is not contested here again."""
    ruling: Ruling | None = case.rulings.order_by("at", "pk").last()
    if ruling is None or ruling.override_of_id or case.state not in CONTESTED:
        return False
    return not case.appeals.filter(report=report, seller=seller).exists()


def _is_concerned(
    case: Case, report: Report | None, seller: SellerAccount | None, by: Actor
) -> bool:
    if report is not None:
        mine = Report.objects.by(by).standing().filter(pk=report.pk, case=case)
        return mine.exists()
    if seller is None or seller.party_id not in by.parties:
        return False
    touched = case.reported_documents.filter(document__seller=seller)
    return touched.exclude(restrictions=None).exists()
