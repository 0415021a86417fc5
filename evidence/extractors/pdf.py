"""PDF files by pdfium: exact pages, and no text where there is no text layer.

Notes and fields follow the text of their page; forms in XML and attached files stand
behind the last page (pdf_beside.py).
"""

from collections.abc import Iterator
from functools import partial
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from evidence.extractors.extracts import (
    CHARACTERS,
    Extract,
    ExtractionError,
    cleaned,
)
from evidence.extractors.pdf_beside import (
    Attachments,
    form_text,
    texts_of,
    wide_string,
    xfa_packets,
)

VERSION = "3"
PAGES = 10_000
NOTES = 2_000
"""The most notes of a page that are read."""
_LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
_WORDED = {
    raw.FPDF_FORMFIELD_TEXTFIELD,
    raw.FPDF_FORMFIELD_COMBOBOX,
    raw.FPDF_FORMFIELD_LISTBOX,
}
_SILENT = {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}
# pdfium keeps global state and is not thread-safe.
_PDFIUM = Lock()


def read(content: bytes, *, outermost: bool = True) -> Extract:
    """Read a PDF page by page. A page without a text layer adds nothing.

    outermost: files attached to it are read too.
    """
    with _PDFIUM:
        document = _opened(content)
        try:
            if document.get_formtype():
                # What a field inherits is known to the form and not to the page.
                document.init_forms()
            attached = Attachments()
            texts = _page_texts(document, attached)
            packets = xfa_packets(document)
            attached.collect(document)
        finally:
            document.close()
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    blank = sum(not text for text in texts)
    paged = "".join(texts)
    form, (inner, unread) = (
        form_text(packets, paged),
        texts_of(attached if outermost else []),
    )
    behind = form + inner
    flags = {
        "blank_pages": 0 < blank < len(texts),
        "form_text": form,
        "attachments": inner,
        "unread_attachments": unread,
    }
    return Extract(
        name="pdf",
        version=VERSION,
        text=paged + behind,
        page_starts=tuple(starts[:-1]),
        body_end=len(paged) if behind else None,
        pages=len(texts),
        flags=tuple(flag for flag, is_so in flags.items() if is_so),
    )


def page_count(content: bytes) -> int:
    """The number of pages, without reading them. Raises ExtractionError."""
    with _PDFIUM:
        document = _opened(content)
        try:
            return len(document)
        finally:
            document.close()


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in _LOCKED
        raise ExtractionError("encrypted" if locked else "malformed") from None
    if not len(document):
        document.close()
        raise ExtractionError("malformed")
    if len(document) > PAGES:
        document.close()
        raise ExtractionError("too_many_pages")
    return document


def _page_texts(document: pypdfium2.PdfDocument, attached: Attachments) -> list[str]:
    texts, left = [], CHARACTERS
    for number in range(len(document)):
        texts.append(_page_text(document, number, attached))
        left -= len(texts[-1])
        if left < 0:
            raise ExtractionError("too_large")
    return texts


def _page_text(
    document: pypdfium2.PdfDocument, number: int, attached: Attachments
) -> str:
    """The text of a page, ended by a newline; "" when it has none or is damaged."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    layer, form = page.get_textpage(), document.formenv
    try:
        # U+0002 is another of pdfium's marks for a hyphen at a line's end.
        text = cleaned(layer.get_text_range()).replace("\x02", "")
        notes = [note for note in _notes(page, form, attached) if note not in text]
    finally:
        layer.close()
        page.close()
    lines = [part.rstrip() for part in (text, *notes) if part.strip()]
    return "".join(f"{line}\n" for line in lines)


def _notes(
    page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None, attached: Attachments
) -> Iterator[str]:
    """What is written over a page: notes, boxes of text, fields of a form."""
    for number in range(min(raw.FPDFPage_GetAnnotCount(page.raw), NOTES)):
        note = raw.FPDFPage_GetAnnot(page.raw, number)
        if not note:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(note)
            if kind == raw.FPDF_ANNOT_WIDGET:
                yield _field(note, form)
                continue
            if kind == raw.FPDF_ANNOT_FILEATTACHMENT:
                attached.add(raw.FPDFAnnot_GetFileAttachment(note))
            if kind not in _SILENT:
                yield _string(note, b"Contents")
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _field(note: raw.FPDF_ANNOTATION, form: pypdfium2.PdfFormEnv | None) -> str:
    """What is filled in. Buttons hold the name of a state and not a word."""
    if form and raw.FPDFAnnot_GetFormFieldType(form.raw, note) in _WORDED:
        value = partial(raw.FPDFAnnot_GetFormFieldValue, form.raw, note)
        if found := wide_string(value):
            return found
    if _string(note, b"FT") in {"Tx", "Ch"}:
        return _string(note, b"V")
    return ""


def _string(note: raw.FPDF_ANNOTATION, key: bytes) -> str:
    return wide_string(partial(raw.FPDFAnnot_GetStringValue, note, key))
