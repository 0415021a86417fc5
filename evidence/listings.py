"""Listings and files become Documents: the rules of the key, in one place.

The key is the document's number. Same number and bytes: nothing. Same number, other
content: a new version, the old one kept. Same bytes under another number: a second
Document on one blob. A file without a listing is numbered by its own bytes.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any, Literal

from django.db import transaction
from django.db.models import Q

from evidence import ledger, pipeline
from evidence.actors import Actor, Role
from evidence.antivirus import ScannerSilent
from evidence.extractors import LISTING, Extract, ExtractionError
from evidence.intake import Readable, path_of, receive_read
from evidence.ledger import Act
from evidence.matching.titles import title_key
from evidence.models import Blob, Document, DocumentVersion, SellerAccount, Text
from evidence.reading import FORMATS, Reading, read_page, shown_name
from evidence.staging import UploadTooLarge

Status = Literal["created", "unchanged", "new_version", "failed"]

NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}")
# What no listing truthfully states; PostgreSQL's integers end somewhere above.
_MOST_PAGES, _MOST_BYTES = 1_000_000, 1 << 50
_MOST_TAGS, _LONGEST_TAG = 200, 100
_LONGEST_TITLE, _LONGEST_FORMAT, _LONGEST_MASK = 500, 16, 64


class NotAListing(Exception):
    """Read as a listing page, it has neither a number nor a preview."""

    code = "not_a_listing"


class BadNumber(Exception):
    """The document number is none: letters, digits, - and _, at most 40."""

    code = "bad_number"


_REFUSED = (ExtractionError, ScannerSilent, UploadTooLarge, NotAListing, BadNumber)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source says of a document; None or () is what it does not say."""

    number: str | None = None
    title: str | None = None
    mask: str | None = None
    uploaded_on: date | None = None
    format: str | None = None
    size_bytes: int | None = None
    pages: int | None = None
    tags: tuple[str, ...] = ()
    price_cents: int | None = None
    downloads: int | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one file. error: a code, "" unless the status is failed."""

    status: Status
    text: Text | None = None
    document: Document | None = None
    version: DocumentVersion | None = None
    error: str = ""


def take_in(
    content: bytes | Readable,
    *,
    name: str,
    number: str | None = None,
    reading: Reading = "auto",
    seller: SellerAccount | None = None,
    known: Stated | None = None,
    own: bool = False,
    at: datetime,
    by: Actor,
) -> TakenIn:
    """Take in one listing page or file: stored, read, compared, put under its number.

    `number` stands over what the page says, and `known`, what the marketplace's own
    records say, over what the file lets us guess. `seller` is an account of the
    marketplace; without one, a new document gets an account of its own, because a
    mask identifies nobody. A refused file is kept and makes no document. `own`: the
    bytes were made by this program (the demo) and need no confined reader.
    Raises AllowanceSpent.
    """
    text = None
    try:
        if number is not None and not NUMBER.fullmatch(number):
            raise BadNumber
        text, extract = receive_read(
            content, name=name, at=at, by=by, reading=reading, own=own
        )
        text = _processed(text, extract, at)
        stated = _over(_stated(text, name, number), known or Stated())
    except _REFUSED as refusal:
        return TakenIn("failed", text, error=refusal.code)
    with transaction.atomic():
        taken = _filed(text, stated, seller, at=at, by=by)
    if taken.status != "unchanged" and (
        _is_unindexed(text) or _is_held_elsewhere(text, taken)
    ):
        pipeline.ask_again(text)
        pipeline.process(text.pk, at=at)
    return taken


def list_text(
    text: Text, stated: Stated, seller: SellerAccount, *, at: datetime, by: Actor
) -> DocumentVersion:
    """Put a text that has been read under a number, in the caller's transaction.

    The title is what the seller calls it, so it stands over an older one. Raises
    BadNumber, also when the number is another seller's.
    """
    if not NUMBER.fullmatch(stated.number or ""):
        raise BadNumber
    if _locked(stated, seller, at).seller_id != seller.pk:
        raise BadNumber
    taken = _filed(text, stated, seller, at=at, by=by, title=stated.title)
    assert taken.version is not None  # noqa: S101 -- filed is filed
    return taken.version


def amend_listing(
    document: Document, text: Text, *, by: Actor, at: datetime
) -> DocumentVersion:
    """Put an edited text in the place of what the listing showed; the version before
    it stays. Runs in the caller's transaction; the text has been read."""
    stated = Stated(
        number=document.number, size_bytes=text.blob.size_bytes, pages=text.pages
    )
    version = _filed(text, stated, None, at=at, by=by).version
    if version is None:
        raise ValueError(f"document {document.number} took no new version")
    return version


def _processed(text: Text, extract: Extract | None, at: datetime) -> Text:
    """Raises ExtractionError when the text is refused, ScannerSilent when it waits."""
    pipeline.process(text.pk, at=at, extract=extract)
    text = Text.objects.select_related("blob").get(pk=text.pk)
    if text.state == Text.State.REFUSED:
        raise ExtractionError(text.refusal)
    if text.state == Text.State.RECEIVED:  # bring it again once the scanner answers
        raise ScannerSilent
    return text


def _stated(text: Text, name: str, number: str | None) -> Stated:
    if text.media_type != LISTING:
        found = Stated(
            title=PurePath(shown_name(name)).stem or None,
            format=FORMATS.get(text.media_type),
            size_bytes=text.blob.size_bytes,
            pages=text.pages,
        )
    else:
        found = _stated_by_page(path_of(text.blob))
        if not (number or found.number or text.content):
            raise NotAListing
    found = replace(found, number=number or found.number or own_number(text.blob))
    if not NUMBER.fullmatch(found.number or ""):
        raise BadNumber
    return found


def _over(found: Stated, known: Stated) -> Stated:
    """Return what is known where it is, else what was found."""
    told = {name: getattr(known, name) for name in Stated.__slots__}
    return replace(found, **{name: said for name, said in told.items() if said})


def own_number(blob: Blob) -> str:
    """Return the number of a file that no listing numbers: F- and 12 digits."""
    return f"F-{blob.sha256[:12]}"


def _stated_by_page(file: Path) -> Stated:
    page = read_page(file)
    return Stated(
        number=page.number,
        title=_line(page.title, _LONGEST_TITLE),
        mask=_line(page.seller_mask, _LONGEST_MASK),
        uploaded_on=page.uploaded_on,
        format=_line(page.format, _LONGEST_FORMAT),
        size_bytes=_within(page.size_bytes, _MOST_BYTES),
        pages=_within(page.pages, _MOST_PAGES),
        tags=tuple(tag[:_LONGEST_TAG] for tag in page.tags[:_MOST_TAGS]),
    )


def _line(text: str | None, at_most: int) -> str | None:
    return " ".join(text.split())[:at_most] if text else None


def _within(number: int | None, most: int) -> int | None:
    return number if number is not None and number <= most else None


def _filed(
    text: Text,
    stated: Stated,
    seller: SellerAccount | None,
    *,
    at: datetime,
    by: Actor,
    title: str | None = None,
) -> TakenIn:
    """Put a text under its number, in the caller's transaction. title: what the
    seller calls it, where somebody asked."""
    document = _locked(stated, seller, at)
    if document.withdrawn_at is not None:
        # It is offered again.
        document.withdrawn_at = None
        document.save(update_fields=["withdrawn_at"])
    held = document.versions.filter(_same_kind(text)).order_by("-ordinal").first()
    if held is not None and held.text_id == text.pk and title in (None, held.title):
        return TakenIn("unchanged", text, document, held)
    previous = document.current
    version = DocumentVersion.objects.create(
        document=document,
        ordinal=previous.ordinal + 1 if previous else 1,
        text=text,
        received_at=at,
        **(_listing(stated, text, previous) | ({"title": title} if title else {})),
    )
    document.current, document.title_key = version, title_key(version.title)
    document.save(update_fields=["current", "title_key"])
    _show_mask(document, stated.mask)
    _write_down(document, version, by=by, at=at)
    status: Status = "new_version" if previous else "created"
    return TakenIn(status, text, document, version)


def _locked(stated: Stated, seller: SellerAccount | None, at: datetime) -> Document:
    """Two files under one number at once: the second waits for the first."""
    rows = Document.objects.select_for_update(of=("self",)).select_related("current")
    found = rows.filter(number=stated.number).first()
    if found is not None:
        return found
    account = seller or SellerAccount.objects.create(mask=stated.mask or "")
    document, created = Document.objects.get_or_create(
        number=stated.number, defaults={"seller": account, "first_seen_at": at}
    )
    if not created:
        if seller is None:
            account.delete()
        return rows.get(pk=document.pk)
    return document


def _same_kind(text: Text) -> Q:
    """A listing page and the file that it lists live side by side under a number:
    each is compared with the last of its own kind."""
    is_page = Q(text__media_type=LISTING)
    return is_page if text.media_type == LISTING else ~is_page


def _listing(
    stated: Stated, text: Text, previous: DocumentVersion | None
) -> dict[str, Any]:
    """Return the fields of a version; what its source does not know is carried over.

    The name of a file is a guess at a title and never replaces a listing's.
    """
    if previous is None:
        previous = DocumentVersion()
    titles = [stated.title, previous.title]
    if text.media_type != LISTING:
        titles.reverse()
    return {
        "title": next(filter(None, titles), stated.number),
        "uploaded_on": stated.uploaded_on or previous.uploaded_on,
        "format": stated.format or previous.format,
        "size_bytes": _first(stated.size_bytes, previous.size_bytes),
        "pages": _first(stated.pages, previous.pages),
        "tags": list(stated.tags) or previous.tags,
        "price_cents": _first(stated.price_cents, previous.price_cents),
        "downloads": _first(stated.downloads, previous.downloads),
    }


def _first(stated: int | None, previous: int | None) -> int | None:
    return previous if stated is None else stated


def _show_mask(document: Document, mask: str | None) -> None:
    """A document's own account shows the newest mask; others' accounts stay."""
    if not mask or document.seller.mask == mask:
        return
    shared = document.seller.documents.exclude(pk=document.pk).exists()
    if document.seller.marketplace_id is None and not shared:
        document.seller.mask = mask
        document.seller.save(update_fields=["mask"])


def _write_down(
    document: Document, version: DocumentVersion, *, by: Actor, at: datetime
) -> None:
    kind = "document.received" if version.ordinal == 1 else "document.version"
    payload = {
        "document": document.number,
        "version": version.ordinal,
        "text": version.text_id,
        "blob": version.text.blob.sha256,
    }
    act = Act(document.stream, kind, payload)
    ledger.append(act, by=by, role=by.duty or Role.UPLOADER, at=at)


def _is_unindexed(text: Text) -> bool:
    """Whether a text stood on a shelf before it was offered, so nobody found it."""
    return text.state == Text.State.OK and text.indexed_at is None


def _is_held_elsewhere(text: Text, taken: TakenIn) -> bool:
    """Whether a work or another document has this text, so that it copies itself."""
    others = text.versions.exclude(document=taken.document)
    return text.works.exists() or others.exists()
