"""Handing out the original bytes: as a file, never as a page of ours."""

from datetime import datetime

from django.db import transaction
from django.http import FileResponse

from evidence import ledger
from evidence.actors import Actor, Role
from evidence.extractors import LISTING
from evidence.ledger import Act
from evidence.models import Document, DocumentVersion
from evidence.reading import ENDINGS, shown_name
from moderation.handing_out import file_answer

VISITOR = "visitor"


def held_file(document: Document) -> DocumentVersion | None:
    """Return the newest version whose file we hold: a listing page is not one."""
    versions = document.versions.exclude(text__media_type=LISTING)
    versions = versions.select_related("text__blob").defer("text__content")
    return versions.order_by("-ordinal").first()


def hand_out(version: DocumentVersion, *, by: Actor, at: datetime) -> FileResponse:
    """Write the download into the ledger and return the file. Raises Quarantined."""
    text = version.text
    title = shown_name(version.title, at_most=100) or version.document.number
    name = title + ENDINGS.get(text.media_type, "")
    response = file_answer(text.blob, name, media_type=text.media_type)
    payload = {"version": version.ordinal, "blob": text.blob.sha256}
    act = Act(version.document.stream, "document.download", payload)
    with transaction.atomic():
        ledger.append(act, by=by, role=_role(version.document, by), at=at)
    return response


def sells(document: Document, actor: Actor) -> bool:
    """Whether the person stands for the account that offers the document."""
    return document.seller.party_id in actor.parties


def _role(document: Document, actor: Actor) -> str:
    return actor.duty or (Role.UPLOADER if sells(document, actor) else VISITOR)
