"""HTML pages: the text a reader sees, one line a block."""

import re

from lxml import etree
from lxml import html as markup

from evidence.extractors.extracts import Extract, ExtractionError, cleaned
from evidence.extractors.text import decode

VERSION = "1"
_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(!doctype html|html)", 16
)
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE
)
_PROLOGUE = re.compile(r"\s*<\?xml[^>]*>")
_SPACE = re.compile(r"[ \t\n\f]+")
_UNSEEN = {"script", "style", "template", "noscript", "head", "svg", "object", "iframe"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "dd", "div"),
    *("dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4"),
    *("h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p"),
    *("pre", "section", "select", "table", "tbody", "tr", "ul", "br"),
}
_CELLS = {"td", "th"}
_VERBATIM = {"pre", "textarea"}


def read(content: bytes) -> Extract:
    """Read an HTML page; it has no pages in the sense of paper."""
    return Extract(name="html", version=VERSION, text=lines(parse(content)))


def is_html(text: str) -> bool:
    """Whether text begins as an HTML document does."""
    return bool(_START.match(text[:4096].lower()))


def parse(content: bytes) -> etree._Element:
    """Parse a page in its own encoding, without touching the network."""
    text = _PROLOGUE.sub("", _decoded(content), count=1)
    parser = markup.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        return markup.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise ExtractionError("malformed") from None


def lines(page: etree._Element) -> str:
    """The visible text: blocks end with a newline, table cells with a tab.

    Two links side by side are two words, as tags in a row are.
    """
    out: list[str] = []
    unseen = verbatim = 0
    link_end = -1
    for event, element in etree.iterwalk(page, events=("start", "end")):
        tag, step = element.tag, 1 if event == "start" else -1
        unseen += (tag in _UNSEEN) * (step > 0)
        if not unseen:
            _separate(out, tag)
            if tag == "a" and step > 0 and link_end == len(out):
                out.append(" ")
        unseen -= (tag in _UNSEEN) * (step < 0)
        verbatim += (tag in _VERBATIM) * step
        text = element.text if step > 0 else element.tail
        if text and not unseen:
            _append(out, text if verbatim else _SPACE.sub(" ", text))
        if tag == "a" and step < 0 and not element.tail:
            link_end = len(out)
    return cleaned("".join(out)).lstrip()


def _separate(out: list[str], tag: str) -> None:
    if out and tag in _BLOCKS and not out[-1].endswith("\n"):
        out[-1] = out[-1].rstrip(" \t")
        out.append("\n")
    elif out and tag in _CELLS and not out[-1].endswith(("\n", "\t")):
        out.append("\t")


def _append(out: list[str], text: str) -> None:
    """Add text; a blank never begins a line nor follows another."""
    if not out or out[-1].endswith((" ", "\n", "\t")):
        text = text.lstrip(" ")
    if text:
        out.append(text)


def _decoded(content: bytes) -> str:
    declared = _DECLARED.search(content[:4096])
    marked = content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    if declared and not marked:
        name = declared[1].decode("ascii", "replace").lower()
        # A page that says gb2312 uses all of its successor.
        try:
            return content.decode("gb18030" if name.startswith("gb") else name)
        except (LookupError, UnicodeDecodeError):
            return decode(content)
    return decode(content)
