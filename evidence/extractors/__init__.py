"""Text out of files: one module a format, no Django, the same words for each.

To add a format: a module with `read(content) -> Extract`, a line in EXTRACTORS, its
media type and endings in formats.py, its recognition in media.py. Files of strangers
are read through isolation.py.
"""

from collections.abc import Callable
from importlib import import_module

from evidence.extractors.extracts import (
    CHARACTERS,
    REFUSALS,
    Extract,
    ExtractionError,
)
from evidence.extractors.formats import (
    DOC,
    DOCX,
    HTML,
    IMAGES,
    LISTING,
    PDF,
    PPTX,
    TEXT,
    XLSX,
)

__all__ = [
    "DOC",
    "DOCX",
    "EXTRACTORS",
    "HTML",
    "IMAGES",
    "LISTING",
    "PDF",
    "PPTX",
    "REFUSALS",
    "TEXT",
    "XLSX",
    "Extract",
    "ExtractionError",
    "extract",
    "sniff",
]

Reader = Callable[[bytes], Extract]


def _reader(module: str) -> Reader:
    """A reader loaded at its first use: a parser costs time and memory to load."""

    def read(content: bytes) -> Extract:
        extract: Extract = import_module(f"{__name__}.{module}").read(content)
        return extract

    return read


EXTRACTORS: dict[str, Reader] = {
    DOCX: _reader("docx"),
    PPTX: _reader("pptx"),
    XLSX: _reader("xlsx"),
    DOC: _reader("doc"),
    PDF: _reader("pdf"),
    TEXT: _reader("text"),
    HTML: _reader("html"),
    LISTING: _reader("listing"),
    **dict.fromkeys(IMAGES, _reader("image")),
}


def sniff(content: bytes, name: str) -> str:
    """Return the media type of a file. Raises ExtractionError when it has no reader."""
    media_type: str = import_module(f"{__name__}.media").sniff(content, name)
    return media_type


def extract(content: bytes, media_type: str) -> Extract:
    """Read a file as this media type. Raises ExtractionError when it is refused."""
    if media_type not in EXTRACTORS:
        raise ExtractionError("unsupported")
    found = EXTRACTORS[media_type](content)
    if len(found.text) > CHARACTERS:
        raise ExtractionError("too_large")
    return found
