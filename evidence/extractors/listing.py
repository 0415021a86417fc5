"""A saved page of a document marketplace: what is offered, by whom, and its preview.

Text and HTML pages carry the same labels, so an HTML page is first turned into the
lines that a reader sees. Navigation, tags, footer and the site's closing sentence are
not the document; a `*` in the preview stays: it stands for words the site took out.
"""

import re
from datetime import date

from lxml import etree

from evidence.extractors.extracts import Extract, Listing
from evidence.extractors.html import is_html, lines, parse
from evidence.extractors.segments import split
from evidence.extractors.text import decode

__all__ = ["Listing", "is_listing", "read", "read_listing"]

VERSION = "1"
_MARGIN = " \t\u3000\xa0"
_UNITS = {"": 1, "字节": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_NEXT = r"文档编号|上传时间|文档格式|文档大小"
_COLON = r"[\])】\uff09]*\s*[:\uff1a]?[ \t\xa0]*(?:\n[ \t\xa0]*)?"
_DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
_LABELS = {
    "number": r"文档编号" + _COLON + r"([0-9A-Za-z][0-9A-Za-z_-]*)",
    # Inline elements of HTML may stand side by side without a blank.
    "seller": r"(?:卖家|上传人|上传者)(?:[\[(\uff08【]上传人)?"
    + f"{_COLON}((?!{_NEXT})[^\\s:\uff1a•·]+?)(?=\\s|{_NEXT}|$)",
    "uploaded": r"上传时间" + _COLON + _DATE,
    "format": r"文档格式" + _COLON + r"\.?([0-9A-Za-z]+)",
    "size": r"文档大小" + _COLON + r"([\d.,]{1,20})\s*([KMG]?)(?:i?B|字节)?",
}
_FOUND = {name: re.compile(label, re.IGNORECASE) for name, label in _LABELS.items()}
_KNOWN = re.compile(rf"({_NEXT})[\])】]?[\s:\uff1a]")
_LINE = r"^[ \t\u3000\xa0•·*]*"
_PAGES = re.compile(_LINE + r"共?\s*(\d{1,9})\s*页[ \t]*$", re.MULTILINE)
_PAGES_BESIDE = re.compile(
    r"/\s*(\d{1,9})\s*(?:页\s*)?举报|页数\s*[:\uff1a]\s*(\d{1,9})"
)
_TABS = r"(?:文本预览|下载提示|常见问题)"
_PREVIEW = re.compile(
    _LINE + r"文本预览[ \t:\uff1a]*(?:\s*[•·]?[ \t]*" + _TABS + r"(?=\s))*",
    re.MULTILINE,
)
_TAGS = re.compile(_LINE + r"最新标签[ \t:\uff1a]*", re.MULTILINE)
_FOOTER = (
    r"(?:©|Copyright|.*ICP[备证].*号|.* - 版权申诉 - |.* - 免责声明 - |手机版\s*\|)"
)
_FOOT = re.compile(_LINE + _FOOTER, re.MULTILINE | re.IGNORECASE)
_MORE = re.compile(
    _LINE + r"(?:还剩\s*\d+\s*页未读[,\uff0c]?\s*)?"
    r"(?:点击阅读更多(?:内容)?|继续阅读|查看更多|展开全文)[ \t]*$",
    re.MULTILINE,
)
_BLURB = re.compile(
    r"《((?:[^《》\n]|《[^《》\n]*》)+)》由(?:会员|用户|网友)"
    r"[^\n]{0,60}?分享[^\n]{0,200}?搜索[。.]?"
)


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
    if is_html(text) or text.lstrip().startswith("<"):
        page = parse(content)
        text, heading = lines(page), _heading(page)
    preview = _PREVIEW.search(text)
    labels = text[: preview.start()] if preview else text
    pages = _pages(labels)
    title = _title_above(_PAGES, labels) or _title_in_closing(text) or heading
    title = title or _title_above(_KNOWN, labels)
    return Listing(
        number=_one("number", labels),
        title=title,
        seller_mask=_one("seller", labels),
        uploaded_on=_uploaded_on(labels),
        format=(_one("format", labels) or "").upper() or None,
        size_bytes=_size(labels),
        pages=pages,
        tags=_tags(text),
        preview=_preview(_body(text), title, pages),
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
    found = _PAGES.search(text) or _PAGES_BESIDE.search(text)
    return int(next(filter(None, found.groups()))) if found else None


def _title_above(anchor: re.Pattern[str], labels: str) -> str | None:
    """The nearest line with words above the line where `anchor` is found."""
    found = anchor.search(labels)
    above = labels[: found.start()].split("\n")[:-1] if found else []
    named = [line.strip(_MARGIN + "•·") for line in above]
    return next((line for line in reversed(named) if line), None)


def _title_in_closing(text: str) -> str | None:
    blurb = _BLURB.search(text)
    return blurb[1] if blurb else None


def _heading(page: etree._Element) -> str | None:
    """An HTML page's first heading, else its title without the site's name."""
    for heading in page.iter("h1"):
        if words := "".join(map(str, heading.itertext())).split():
            return " ".join(words)
    title = " ".join((page.findtext(".//title") or "").split())
    return re.sub(r"\s*[-_|–—][^-_|–—]*$", "", title) or None


def _body(text: str) -> str:
    """What stands between the tabs and the first thing that is not the document."""
    start = _PREVIEW.search(text)
    if not start:
        return ""
    rest = text[start.end() :]
    found = [mark.search(rest) for mark in (_BLURB, _MORE, _TAGS)]
    # Only a page without any of these has its footer right below the preview.
    ends = [end.start() for end in found if end]
    if not ends and (foot := _FOOT.search(rest)):
        ends = [foot.start()]
    return rest[: min(ends, default=len(rest))]


def _preview(body: str, title: str | None, pages: int | None) -> Extract:
    """Segments end in mid-sentence: they are joined with nothing between."""
    parts = [_without_margins(part) for part in split(body)]
    parts[0] = parts[0].lstrip(_MARGIN + "•·")
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
    """The lines of a segment without the page's indentation and blank lines."""
    kept = [line.lstrip(_MARGIN) for line in part.split("\n")]
    return "\n".join(line for line in kept if line)


def _tags(text: str) -> tuple[str, ...]:
    """The words after 最新标签 up to the footer; a tag with a blank in it is two."""
    found = _TAGS.search(text)
    if not found:
        return ()
    rest = text[found.end() :]
    foot = _FOOT.search(rest)
    return tuple(rest[: foot.start() if foot else len(rest)].split())
