"""Freezing listings: what was on offer, at which moment, sealed by one hash."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from evidence import ledger
from evidence.actors import Actor
from evidence.canonical import canonical, instant, sha256
from evidence.intake import read_blob
from evidence.ledger import Act
from evidence.models import Blob, Document, Snapshot, Text
from evidence.writing import insert


def take_snapshots(
    listings: Sequence[tuple[Document, str]], *, by: Actor, at: datetime
) -> list[Snapshot]:
    """Freeze each document for the case whose stream stands beside it.

    Runs in the caller's transaction; documents come with `current.text.blob` and
    `seller` loaded. Returns the snapshots in the order given.
    """
    snapshots = [_snapshot(document, at) for document, _stream in listings]
    insert(snapshots)
    acts = [
        Act(
            stream,
            "document.snapshot",
            {
                "document": document.number,
                "snapshot": snapshot.pk,
                "sha256": snapshot.sha256,
                "blob": snapshot.blob.sha256,
            },
        )
        for (document, stream), snapshot in zip(listings, snapshots, strict=True)
    ]
    ledger.append_all(acts, by=by, roles=["system"] * len(acts), at=at)
    return snapshots


def _snapshot(document: Document, at: datetime) -> Snapshot:
    version = document.current or document.versions.order_by("-ordinal").first()
    if version is None:
        raise ValueError(f"document {document.number} has no version to freeze")
    listing: dict[str, Any] = {
        "number": document.number,
        "title": version.title,
        "seller": document.seller.mask,
        "uploaded_on": version.uploaded_on and version.uploaded_on.isoformat(),
        "format": version.format,
        "size_bytes": version.size_bytes,
        "pages": version.pages,
        "tags": version.tags,
        "price_cents": version.price_cents,
        "downloads": version.downloads,
        "version": version.ordinal,
        "text_sha256": _digest_of(version.text),
    }
    blob = version.text.blob
    return Snapshot(
        document=document,
        version=version,
        blob=blob,
        taken_at=at,
        listing=listing,
        sha256=_seal(listing, blob, at),
    )


def faults_of(
    snapshot: Snapshot, *, damaged: Collection[str] | None = None
) -> list[str]:
    """Return what is not as it was sealed: `seal`, `text`, `bytes`; none when all
    holds. A trigger keeps the row; this finds the rest.

    damaged: the SHA-256 of those blobs whose files are known not to be as they were;
    None: the stored file is read.
    """
    text, listing = snapshot.version.text, snapshot.listing
    faults = []
    if _seal(listing, snapshot.blob, snapshot.taken_at) != snapshot.sha256:
        faults.append("seal")
    # Snapshots of older editions seal the bytes and the facts alone.
    if listing.get("text_sha256", _digest_of(text)) != _digest_of(text):
        faults.append("text")
    if damaged is None:
        damaged = [] if _is_whole(snapshot.blob) else [snapshot.blob.sha256]
    return [*faults, "bytes"] if snapshot.blob.sha256 in damaged else faults


def _is_whole(blob: Blob) -> bool:
    try:
        return sha256(read_blob(blob)) == blob.sha256
    except OSError:
        return False


def _seal(listing: dict[str, Any], blob: Blob, at: datetime) -> str:
    sealed = {"listing": listing, "blob": blob.sha256, "at": instant(at)}
    return sha256(canonical(sealed))


def _digest_of(text: Text) -> str:
    return sha256(text.content.encode("utf-8", "surrogatepass"))
