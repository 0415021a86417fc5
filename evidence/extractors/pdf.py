"""PDF files by pdfium: exact pages, and no text where there is no text layer.

Notes and fields follow the text of their page.
"""

from collections.abc import Iterator
from ctypes import POINTER, cast, create_string_buffer
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from evidence.extractors.extracts import (
    CHARACTERS,
    Extract,
    ExtractionError,
    cleaned,
)

VERSION = "2"
PAGES = 10_000
NOTES = 2_000
"""The most notes of a page that are read."""
_LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
_SILENT = {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}
# pdfium keeps global state and is not thread-safe.
_PDFIUM = Lock()


def read(content: bytes) -> Extract:
    """Read a PDF page by page. A page without a text layer adds nothing."""
    with _PDFIUM:
        document = _opened(content)
        try:
            texts = _page_texts(document)
        finally:
            document.close()
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    blank = sum(not text for text in texts)
    return Extract(
        name="pdf",
        version=VERSION,
        text="".join(texts),
        page_starts=tuple(starts[:-1]),
        pages=len(texts),
        flags=("blank_pages",) if 0 < blank < len(texts) else (),
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


def _page_texts(document: pypdfium2.PdfDocument) -> list[str]:
    texts, left = [], CHARACTERS
    for number in range(len(document)):
        texts.append(_page_text(document, number))
        left -= len(texts[-1])
        if left < 0:
            raise ExtractionError("too_large")
    return texts


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    """The text of a page, ended by a newline; "" when it has none or is damaged."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    layer = page.get_textpage()
    try:
        # U+0002 is another of pdfium's marks for a hyphen at a line's end.
        text = cleaned(layer.get_text_range()).replace("\x02", "")
        notes = [note for note in _notes(page) if note not in text]
    finally:
        layer.close()
        page.close()
    lines = [part.rstrip() for part in (text, *notes) if part.strip()]
    return "".join(f"{line}\n" for line in lines)


def _notes(page: pypdfium2.PdfPage) -> Iterator[str]:
    """What is written over a page: notes, boxes of text, fields of a form."""
    for number in range(min(raw.FPDFPage_GetAnnotCount(page.raw), NOTES)):
        note = raw.FPDFPage_GetAnnot(page.raw, number)
        if not note:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(note)
            if kind == raw.FPDF_ANNOT_WIDGET:
                # Buttons hold the name of a state and not a word.
                if _string(note, b"FT") in {"Tx", "Ch"}:
                    yield _string(note, b"V")
            elif kind not in _SILENT:
                yield _string(note, b"Contents")
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _string(note: raw.FPDF_ANNOTATION, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    if size <= 2 or size > 2 * CHARACTERS:
        return ""
    held = create_string_buffer(size)
    units = cast(held, POINTER(raw.FPDF_WCHAR))
    raw.FPDFAnnot_GetStringValue(note, key, units, size)
    return cleaned(held.raw[: size - 2].decode("utf-16-le", "replace")).strip()
