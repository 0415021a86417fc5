"""What was cleared becomes a version of a listing of its seller."""

from datetime import datetime

from django.db import transaction

from cases.calendars import CHINA
from cases.gate.receiving import ForeignListing
from cases.models import Submission
from cases.services import advance
from evidence.actors import Actor
from evidence.listings import BadNumber, Stated, list_text
from evidence.models import DocumentVersion, Text
from evidence.pipeline import ask_again
from evidence.reading import FORMATS
from evidence.tasks import process_text


def publish(
    submission: Submission,
    *,
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
) -> DocumentVersion:
    """Put a cleared file on sale under its number, a new one unless it names one.

    Raises CaseMovedOn when it is not cleared (any more), NotPermitted for all but
    its seller and the marketplace, ForeignListing when its number has gone to
    somebody else meanwhile.
    """
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        text = Text.objects.select_related("blob").get(pk=row.text_id)
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
