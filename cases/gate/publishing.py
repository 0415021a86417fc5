"""What was cleared becomes a version of a listing of its seller; and off it goes."""

from datetime import datetime

from django.db import transaction

from cases.calendars import CHINA
from cases.errors import NotPermitted
from cases.gate.findings import KEPT, found_since
from cases.gate.policy import HELD, in_force, severest
from cases.gate.receiving import ForeignListing, refuse_suspended
from cases.models import Submission
from cases.permissions.submission import may_answer_for, may_submit
from cases.services import advance
from cases.workflows.submission import SubmissionState
from evidence import ledger
from evidence.actors import SYSTEM, Actor, Role
from evidence.ledger import Act
from evidence.listings import BadNumber, Stated, list_text
from evidence.models import Document, DocumentVersion, Text
from evidence.pipeline import ask_again
from evidence.reading import FORMATS
from evidence.tasks import process_text


def publish(
    submission: Submission,
    *,
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
) -> DocumentVersion | None:
    """Put a cleared file on sale under its number, a new one unless it names one.

    None when it waits for a person after all: a work was registered, or a document
    taken down, that it is like, and nobody has looked at it yet.

    Raises CaseMovedOn when it is not cleared (any more), NotPermitted for all but
    its seller and the marketplace, AccountSuspended, ForeignListing when its number
    has gone to somebody else meanwhile.
    """
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        text = Text.objects.select_related("blob").get(pk=row.text_id)
        if may_answer_for(row, by):
            refuse_suspended(row.seller, at)
        if _is_recalled(row, text, by=by, at=at):
            return None
        stated = _stated(row, text, at)
        try:
            version = list_text(text, stated, row.seller, by=by, at=at)
        except BadNumber as error:
            raise ForeignListing from error
        advance(
            row,
            "publish",
            by=by,
            at=at,
            expect_version=expect_version,
            document=version.document.number,
            document_version=version.ordinal,
        )
        Submission.objects.filter(pk=row.pk).update(published=version)
        # As a listing it may be a copy of what has the very same text.
        ask_again(text)
        transaction.on_commit(lambda: process_text.enqueue(text.pk))
    return version


def _is_recalled(row: Submission, text: Text, *, by: Actor, at: datetime) -> bool:
    """Whoever later finds this text leaves a match with it, so nothing is compared
    anew here. What a person has let pass stays passed."""
    if row.state != SubmissionState.CLEARED or not may_answer_for(row, by):
        return False
    if row.acts.filter(step="release").exists():
        return False
    fresh = found_since(row, text, in_force())
    if not fresh:
        return False
    rule, _outcome = severest([(each.likeness, HELD) for each in fresh])
    row.findings.bulk_create(fresh[:KEPT])
    advance(row, "recall", by=SYSTEM, at=at, rule=rule)
    return True


def withdraw_listing(document: Document, *, by: Actor, at: datetime) -> None:
    """Take a listing off the shelves: its page is gone, our record of it stays.

    A listing that is handed in or ingested again is back. Raises NotPermitted.
    """
    if not may_submit(document.seller, by):
        raise NotPermitted
    with transaction.atomic():
        rows = Document.objects.on_sale().filter(pk=document.pk)
        if rows.update(withdrawn_at=at):
            role = by.duty or Role.UPLOADER
            act = Act(document.stream, "document.withdrawn", {"document": document.pk})
            ledger.append(act, by=by, role=role, at=at)


def _stated(row: Submission, text: Text, at: datetime) -> Stated:
    return Stated(
        number=row.number or row.reference,
        title=row.title,
        mask=row.seller.mask or None,
        uploaded_on=at.astimezone(CHINA).date(),
        format=FORMATS.get(text.media_type),
        size_bytes=text.blob.size_bytes,
        pages=text.pages,
        price_cents=row.price_cents,
    )
