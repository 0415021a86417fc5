"""What kind of text a file is: plain, an HTML page, a saved listing page."""

from evidence.extractors.extracts import ExtractionError
from evidence.extractors.formats import HTML, LISTING, TEXT
from evidence.extractors.html import is_html, lines, parse
from evidence.extractors.listing import is_listing
from evidence.extractors.text import decode


def text_kind(content: bytes, ending: str) -> str:
    """Return TEXT, HTML or LISTING. Raises ExtractionError when it is no text."""
    text = decode(content)
    if ending in {".htm", ".html"} or is_html(text):
        seen = lines(parse(content))
        if not seen.strip() and not is_html(text):
            raise ExtractionError("mismatch")
        return LISTING if is_listing(seen) else HTML
    return LISTING if is_listing(text) else TEXT
