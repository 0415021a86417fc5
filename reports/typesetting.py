"""WeasyPrint and what we let it do. Importing this module loads Pango: see pdf.py."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from weasyprint import HTML, Attachment
from weasyprint.text.ffi import ffi, fontconfig
from weasyprint.urls import URLFetcher, URLFetcherResponse

# 3a: tagged, so that it can be read aloud and searched, and it may carry files.
VARIANT = "pdf/a-3a"


class ClosedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Knows a fixed map of addresses and nothing else.

    WeasyPrint's own fetcher reads files and calls out for whatever a document
    names: hostile text made it attach /etc/passwd.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.known = known

    def fetch(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> URLFetcherResponse:
        if url not in self.known:
            raise ValueError("the papers hold all they need: nothing is fetched")
        return URLFetcherResponse(url, self.known[url], {"Content-Type": "text/css"})


def typeset(
    html: str,
    *,
    styles: Mapping[str, str],
    attachments: Sequence[tuple[str, bytes, str]],
    at: datetime,
) -> bytes:
    """Return the PDF of a whole HTML page; same input, same bytes.

    attachments: (name, content, description), dated `at` like the page itself.
    """
    page = HTML(string=html, encoding="utf-8", url_fetcher=ClosedFetcher(styles))
    printed: bytes = page.write_pdf(
        pdf_variant=VARIANT,
        attachments=[_attached(*each, at) for each in attachments],
    )
    return printed


def _attached(name: str, content: bytes, description: str, at: datetime) -> Attachment:
    moment = at.astimezone(UTC)
    return Attachment(
        string=content,
        name=name,
        description=description,
        created=moment,
        modified=moment,
        relationship="Data",
    )


def has_font(family: str) -> bool:
    """Whether fontconfig finds this very family: it always finds some other one."""
    name = family.encode()
    pattern = fontconfig.FcPatternCreate()
    fontconfig.FcPatternAddString(pattern, b"family", name)
    config = fontconfig.FcInitLoadConfigAndFonts()
    fontconfig.FcConfigSubstitute(config, pattern, fontconfig.FcMatchPattern)
    fontconfig.FcDefaultSubstitute(pattern)
    found = fontconfig.FcFontMatch(config, pattern, ffi.new("FcResult *"))
    try:
        return found != ffi.NULL and name in _families(found)
    finally:
        fontconfig.FcConfigDestroy(config)


def _families(pattern: Any) -> list[bytes]:
    families, value = list[bytes](), ffi.new("FcChar8 **")
    while fontconfig.FcPatternGetString(pattern, b"family", len(families), value) == 0:
        families.append(ffi.string(value[0]))
    return families
