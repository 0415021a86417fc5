"""Stored bytes go out as a file and never as a page of ours."""

from django.http import FileResponse

from evidence.extractors import DOC, DOCX, PDF, PPTX, XLSX
from evidence.intake import open_blob
from evidence.models import Blob
from evidence.quarantine import check_servable
from evidence.reading import UNREAD, shown_name

# Everything that a browser might show as a page goes out as mere bytes.
HANDED_OUT_AS = {kind: kind for kind in (DOC, DOCX, PDF, PPTX, XLSX)}


def file_answer(blob: Blob, name: str, *, media_type: str = UNREAD) -> FileResponse:
    """Return the bytes as an attachment of this name. Raises Quarantined.

    media_type: as our own readers told it; the sender's word is never passed on.
    """
    check_servable(blob)
    response = FileResponse(
        open_blob(blob),
        as_attachment=True,
        filename=shown_name(name, at_most=200) or blob.sha256[:12],
        content_type=HANDED_OUT_AS.get(media_type, UNREAD),
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
