"""A saved page of a document marketplace: what is offered, by whom, and its preview.

Text and HTML pages carry the same labels, so an HTML page is first turned into the
lines that a reader sees. Navigation, tags, footer and the site's closing sentence are
not the document; a `*` in the preview stays: it stands for words the site took out.
"""

import re
from dataclasses import dataclass
from datetime import date

from evidence.extractors.extracts import Extract
from evidence.extractors.html import is_html, lines, parse
from evidence.extractors.segments import split
from evidence.extractors.text import decode

VERSION = "1"
_UNITS = {"": 1, "字节": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_COLON = r"[\])】)]*\s*[::]?[ \t\xa0]*(?:\n[ \t\xa0•·]*)?"
_LABELS = {
    "number": r"文档编号" + _COLON + r"([0-9A-Za-z][\w-]*)",
    "seller": r"(?:卖家|上传人|上传者)(?:[\[((【]上传人)?" + _COLON + r"([^\s::]+)",
    "uploaded": r"上传时间"
    + _COLON
    + r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})",
    "format": r"文档格式" + _COLON + r"\.?([0-9A-Za-z]+)",
    "size": r"文档大小" + _COLON + r"([\d.,]+)\s*([KMG]?)(?:i?B|字节)?",
}
_FOUND = {name: re.compile(label, re.IGNORECASE) for name, label in _LABELS.items()}
_KNOWN = re.compile(r"(文档编号|上传时间|文档格式|文档大小)[\])】]?\s*[::\n]")
_LINE = r"^[ \t\u3000\xa0•·*]*"
_PAGES = re.compile(_LINE + r"共?\s*(\d+)\s*页[ \t]*$", re.MULTILINE)
_READER = re.compile(r"/\s*(\d+)\s+(?:页\s*)?举报")
_TABS = r"(?:文本预览|下载提示|常见问题)"
_PREVIEW = re.compile(
    _LINE + r"文本预览[ \t::]*(?:\s*[•·]?[ \t]*" + _TABS + r"(?=\s))*", re.MULTILINE
)
_TAGS = re.compile(_LINE + r"最新标签[ \t::]*", re.MULTILINE)
_FOOTER = (
    r"(?:©|Copyright|.*ICP[备证].*号|.* - 版权申诉 - |.* - 免责声明 - |手机版\s*\|)"
)
_FOOT = re.compile(_LINE + _FOOTER, re.MULTILINE | re.IGNORECASE)
_MORE = re.compile(
    _LINE + r"(?:点击阅读更多(?:内容)?|继续阅读|查看更多|展开全文)[ \t]*$", re.MULTILINE
)
_BLURB = re.compile(r"《([^\n]+?)》由[^\n]{0,60}?分享[^\n]{0,200}?搜索[。.]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a listing page says; None for what it does not say.

    uploaded_on: the site's own date, as it states it; size_bytes: 1 KB = 1024 bytes,
    as exact as the page's rounding; preview: see Extract, with segment_starts.
    """

    number: str | None
    title: str | None
    seller_mask: str | None
    uploaded_on: date | None
    format: str | None
    size_bytes: int | None
    pages: int | None
    tags: tuple[str, ...]
    preview: Extract


def is_listing(text: str) -> bool:
    """Whether lines of text are a listing: a preview, and two of the labels."""
    return bool(_PREVIEW.search(text)) and len(set(_KNOWN.findall(text))) > 1


def read(content: bytes) -> Extract:
    """Read only the preview of a listing page."""
    return read_listing(content).preview


def read_listing(content: bytes) -> Listing:
    """Read a listing page, text or HTML, in any encoding. Raises ExtractionError.

    Whoever calls decides what a listing without a number is worth.
    """
    text, heading = decode(content), None
    if is_html(text) or "</" in text:
        page = parse(content)
        text, heading = lines(page), _heading(page.findtext(".//title"))
    labels = text[: preview.start()] if (preview := _PREVIEW.search(text)) else text
    pages = _pages(labels)
    title = _title(labels, text) or heading
    body = _body(text)
    return Listing(
        number=_one("number", labels),
        title=title,
        seller_mask=_one("seller", labels),
        uploaded_on=_uploaded_on(labels),
        format=(_one("format", labels) or "").upper() or None,
        size_bytes=_size(labels),
        pages=pages,
        tags=_tags(text),
        preview=_preview(body, title, pages),
    )


def _one(name: str, text: str) -> str | None:
    found = _FOUND[name].search(text)
    return found[1] if found else None


def _uploaded_on(text: str) -> date | None:
    found = _FOUND["uploaded"].search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _size(text: str) -> int | None:
    found = _FOUND["size"].search(text)
    try:
        amount = float(found[1].replace(",", "")) if found else None
    except ValueError:
        return None
    if found is None or amount is None:
        return None
    return round(amount * _UNITS[found[2].upper()])


def _pages(text: str) -> int | None:
    found = _PAGES.search(text) or _READER.search(text)
    return int(found[1]) if found else None


def _title(labels: str, text: str) -> str | None:
    """The line above "N页"; else the title that the closing sentence names."""
    if pages := _PAGES.search(labels):
        above = [
            line.strip(" \t\u3000\xa0•·")
            for line in labels[: pages.start()].split("\n")
        ]
        if named := [line for line in above if line]:
            return named[-1]
    blurb = _BLURB.search(text)
    return blurb[1] if blurb else None


def _heading(title: str | None) -> str | None:
    """An HTML page's title without the site's name after it."""
    named = re.split(r"\s*[-_|–—]\s*(?=[^-_|–—]*$)", (title or "").strip())[0]
    return " ".join(named.split()) or None


def _body(text: str) -> str:
    """What stands between the tabs and the first thing that is not the document."""
    start = _PREVIEW.search(text)
    if not start:
        return ""
    rest = text[start.end() :]
    ends = [
        found.start()
        for p in (_BLURB, _MORE, _TAGS, _FOOT)
        if (found := p.search(rest))
    ]
    return rest[: min(ends, default=len(rest))]


def _preview(body: str, title: str | None, pages: int | None) -> Extract:
    """Segments end in mid-sentence: they are joined with nothing between."""
    parts = [_without_margins(part) for part in split(body)]
    if title and parts[0].startswith(title):
        parts[0] = parts[0][len(title) :].lstrip()
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return Extract(
        name="listing",
        version=VERSION,
        text="".join(parts),
        segment_starts=tuple(starts[:-1]) if len(parts) > 1 else None,
        pages=pages,
    )


def _without_margins(part: str) -> str:
    """Lines without the page's indentation and without blank lines around them."""
    kept = [line.lstrip(" \t\u3000\xa0•·") for line in part.split("\n")]
    return "\n".join(line for line in kept if line.strip())


def _tags(text: str) -> tuple[str, ...]:
    """The words after 最新标签 up to the footer; a tag with a blank in it is two."""
    found = _TAGS.search(text)
    if not found:
        return ()
    rest = text[found.end() :]
    foot = _FOOT.search(rest)
    return tuple(rest[: foot.start() if foot else len(rest)].split())
