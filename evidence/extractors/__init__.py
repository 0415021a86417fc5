"""Text out of files: one module a format, no Django, the same words for each.

To add a format: a module with `read(content) -> Extract`, a line in EXTRACTORS, its
recognition in media.py.
"""

from collections.abc import Callable
from importlib import import_module

from evidence.extractors.extracts import REFUSALS, Extract, ExtractionError
from evidence.extractors.media import DOCX, HTML, LISTING, PDF, PPTX, TEXT, sniff

__all__ = [
    "DOCX",
    "EXTRACTORS",
    "HTML",
    "LISTING",
    "PDF",
    "PPTX",
    "REFUSALS",
    "TEXT",
    "Extract",
    "ExtractionError",
    "extract",
    "sniff",
]

Reader = Callable[[bytes], Extract]


def _reader(module: str) -> Reader:
    """A reader loaded at its first use: pdfium alone takes a fifth of a second."""

    def read(content: bytes) -> Extract:
        extract: Extract = import_module(f"{__name__}.{module}").read(content)
        return extract

    return read


EXTRACTORS: dict[str, Reader] = {
    DOCX: _reader("docx"),
    PPTX: _reader("pptx"),
    PDF: _reader("pdf"),
    TEXT: _reader("text"),
    HTML: _reader("html"),
    LISTING: _reader("listing"),
}


def extract(content: bytes, media_type: str) -> Extract:
    """Read a file as this media type. Raises ExtractionError when it is refused."""
    if media_type not in EXTRACTORS:
        raise ExtractionError("unsupported")
    return EXTRACTORS[media_type](content)
