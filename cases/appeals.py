"""Filing an appeal: one a side and ruling, within the time that the letter named."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.errors import CaseMovedOn, NotPermitted
from cases.models import Appeal, Case, Report, Ruling
from cases.registration import Upload
from cases.rulings import standing_ruling
from cases.services import advance
from evidence import ledger
from evidence.actors import SYSTEM, Actor, Role
from evidence.canonical import new_salt, salted
from evidence.intake import receive, receive_text
from evidence.ledger import Act
from evidence.models import Blob, Document, SellerAccount, Text
from evidence.pipeline import ask_again
from evidence.tasks import process_text

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
    document: Document | None = None,
) -> Appeal:
    """Contest the ruling that stands, as a reporter or as a seller it touches.

    document: with the ground "mended", the one that `upload` shall take the place of;
    the file is read and compared before anybody looks at it.

    Raises CaseMovedOn when the time is over or this side has appealed already, and
    NotPermitted for who is neither.
    """
    with transaction.atomic():
        row = Case.objects.select_for_update().get(pk=case.pk)
        if row.state not in CONTESTED or not may_still_appeal(row, report, seller):
            raise CaseMovedOn
        if not _is_concerned(row, report, seller, by):
            raise NotPermitted
        if document and not (seller and document in documents_of(row, seller)):
            raise NotPermitted
        mended = _mended(upload, by, at) if upload and document else None
        appeal = Appeal.objects.create(
            case=row,
            ruling=standing_ruling(row),
            side=Role.REPORTER if report else Role.UPLOADER,
            report=report,
            seller=seller,
            ground=ground,
            statement=statement,
            blob=mended.blob if mended else _stored(upload, by, at),
            mended=mended,
            document=document,
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


def documents_of(case: Case, *sellers: SellerAccount) -> QuerySet[Document]:
    """What sellers may mend: their documents that the case restricts."""
    touched = case.reported_documents.filter(
        document__seller__in=sellers,
        restrictions__isnull=False,
        restrictions__lifted_at__isnull=True,
    )
    return Document.objects.filter(pk__in=touched.values("document")).order_by("pk")


def may_still_appeal(
    case: Case, report: Report | None, seller: SellerAccount | None
) -> bool:
    """One level: a ruling made on appeal is not contested here again, but by a seller
    whom it restricts for the first time. Each side contests a ruling once."""
    ruling: Ruling | None = case.rulings.order_by("at", "pk").last()
    if ruling is None or case.state not in CONTESTED:
        return False
    if ruling.was_made_on_appeal and not (seller and ruling.is_first_for(seller)):
        return False
    return not ruling.appeals.filter(report=report, seller=seller).exists()


def _stored(upload: Upload | None, by: Actor, at: datetime) -> Blob | None:
    if upload is None:
        return None
    return receive(upload.content, name=upload.name, at=at, by=by)


def _mended(upload: Upload, by: Actor, at: datetime) -> Text:
    text = receive_text(upload.content, name=upload.name, at=at, by=by, reading="text")
    ask_again(text)
    transaction.on_commit(lambda: process_text.enqueue(text.pk))
    return text


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
