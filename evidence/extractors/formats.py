"""The formats we take, by media type, and the endings their names may have."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
PDF = "application/pdf"
TEXT = "text/plain"
HTML = "text/html"
LISTING = "text/vnd.anjian.listing"
"""A saved page of a marketplace, in text or HTML: not a media type of the world."""
PNG, JPEG, GIF = "image/png", "image/jpeg", "image/gif"
WEBP, TIFF, BMP = "image/webp", "image/tiff", "image/bmp"
IMAGES = frozenset({PNG, JPEG, GIF, WEBP, TIFF, BMP})
"""Exhibits: kept and shown by name, never read for text."""

_MB = 1 << 20
LARGEST: dict[str, int] = {
    **dict.fromkeys((PDF, PPTX), 100 * _MB),
    **dict.fromkeys((DOCX, DOC), 60 * _MB),
    **dict.fromkeys((XLSX, TEXT, HTML, LISTING), 40 * _MB),
    **dict.fromkeys(IMAGES, 50 * _MB),
}
"""Bytes of the largest file of each kind. Pictures make slides and scans large."""

_TEXTS = {TEXT, HTML, LISTING}
NAMES: dict[str, set[str]] = {
    ".docx": {DOCX},
    ".docm": {DOCX},
    ".dotx": {DOCX},
    ".dotm": {DOCX},
    ".doc": {DOC, DOCX},  # writers in China save the new format under the old name
    ".pptx": {PPTX},
    ".pptm": {PPTX},
    ".ppsx": {PPTX},
    ".ppsm": {PPTX},
    ".potx": {PPTX},
    ".potm": {PPTX},
    ".ppt": {PPTX},
    ".xlsx": {XLSX},
    ".xlsm": {XLSX},
    ".xltx": {XLSX},
    ".xltm": {XLSX},
    ".xls": {XLSX},
    ".pdf": {PDF},
    ".txt": _TEXTS,
    ".htm": _TEXTS,
    ".html": _TEXTS,
    ".png": {PNG},
    ".jpg": {JPEG},
    ".jpeg": {JPEG},
    ".gif": {GIF},
    ".webp": {WEBP},
    ".tif": {TIFF},
    ".tiff": {TIFF},
    ".bmp": {BMP},
}
"""Ending of a name → what the content may be. A name without an ending may be any.
Macros are never run: what stands beside them is a document like any other."""
