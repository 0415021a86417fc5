"""What a PDF holds besides its pages: a form in XML (XFA) and attached files.

A portfolio is a cover page and attached files, and an XFA form often one page that asks
to wait: to read the pages alone would be to read nothing and not to say so.
"""

from collections.abc import Callable, Iterator
from ctypes import POINTER, byref, c_ulong, cast, create_string_buffer
from functools import partial
from importlib import import_module
from typing import NamedTuple

import pypdfium2
from lxml import etree
from pypdfium2 import raw

from evidence.extractors.extracts import CHARACTERS, ExtractionError, cleaned
from evidence.extractors.formats import IMAGES, LISTING, PDF, TEXT

PACKETS, PACKET_BYTES = 64, 32 << 20
ATTACHED, ATTACHED_BYTES = 100, 64 << 20
"""The most attached files that are read, and bytes of all of them."""
_LONGEST_NAME = 1 << 10
_FORMS = {b"template", b"datasets", b""}  # without a name: all packets in one
# What nobody sees who fills a form in: its programs, and what is said of its parts.
_UNSEEN = {"script", "event", "desc", "extras", "bind", "assist", "dataDescription"}
_INLINE = {"span", "b", "i", "u", "sub", "sup", "a", "font", "em", "strong"}


class Attached(NamedTuple):
    """content: None when there are too many bytes, or none."""

    name: str
    content: bytes | None


def xfa_packets(document: pypdfium2.PdfDocument) -> list[bytes]:
    """The XML of a form: its template and what was filled in."""
    found = []
    for index in range(min(raw.FPDF_GetXFAPacketCount(document.raw), PACKETS)):
        held = create_string_buffer(_LONGEST_NAME)
        raw.FPDF_GetXFAPacketName(document.raw, index, held, _LONGEST_NAME)
        if held.value in _FORMS:
            content = partial(raw.FPDF_GetXFAPacketContent, document.raw, index)
            found.append(_content(content, PACKET_BYTES) or b"")
    return found


def form_text(packets: list[bytes], paged: str) -> str:
    """The words of a form that do not stand on a page already, a line each.

    Raises ExtractionError("dtd"); what is no XML has no words.
    """
    lines: dict[str, None] = {}
    for packet in packets:
        if (root := _parsed(packet)) is not None:
            lines.update(dict.fromkeys(_words(root).split("\n")))
    kept = (line for line in map(str.strip, lines) if line and line not in paged)
    return "".join(f"{line}\n" for line in kept)


class Attachments(list[Attached]):
    """The files that are attached to a document, or pinned to a page of it."""

    def __init__(self) -> None:
        super().__init__()
        self._left = ATTACHED_BYTES

    def collect(self, document: pypdfium2.PdfDocument) -> None:
        for index in range(max(0, raw.FPDFDoc_GetAttachmentCount(document.raw))):
            self.add(raw.FPDFDoc_GetAttachment(document.raw, index))

    def add(self, handle: raw.FPDF_ATTACHMENT) -> None:
        if not handle or len(self) >= ATTACHED:
            self.append(Attached("", None))
            return
        name = wide_string(partial(raw.FPDFAttachment_GetName, handle))
        content = _content(partial(raw.FPDFAttachment_GetFile, handle), self._left)
        self._left -= len(content or b"")
        self.append(Attached(name, content))


def texts_of(attached: list[Attached]) -> tuple[str, int]:
    """The texts of attached files, one level deep, and how many were not read.

    A virus in one refuses the whole: ExtractionError("malware").
    """
    texts, unread = list[str](), 0
    for each in attached:
        try:
            texts.append(_text_of(each))
        except ExtractionError as refusal:
            if refusal.code == "malware":
                raise
            unread += 1
    return "".join(texts), unread


def wide_string(value: Callable[..., int]) -> str:
    """A string of pdfium, which tells its length in bytes and then writes UTF-16."""
    size = value(None, 0)
    if size <= 2 or size > 2 * CHARACTERS:
        return ""
    held = create_string_buffer(size)
    value(cast(held, POINTER(raw.FPDF_WCHAR)), size)
    return cleaned(held.raw[: size - 2].decode("utf-16-le", "replace")).strip()


def _content(value: Callable[..., int], most: int) -> bytes | None:
    """Bytes of pdfium, told in the same two steps; None beyond `most`."""
    size = c_ulong(0)
    if not value(None, 0, byref(size)) or size.value > most:
        return None
    held = create_string_buffer(max(1, size.value))
    value(held, size.value, byref(size))
    return held.raw[: size.value]


def _text_of(each: Attached) -> str:
    if each.content is None:
        raise ExtractionError("too_large")
    kind: str = import_module("evidence.extractors.media").sniff(
        each.content, each.name
    )
    if kind in IMAGES:
        raise ExtractionError("unsupported")
    if kind == PDF:
        text = (
            import_module("evidence.extractors.pdf")
            .read(each.content, outermost=False)
            .text
        )
    else:
        kind = TEXT if kind == LISTING else kind
        text = import_module("evidence.extractors").extract(each.content, kind).text
    if not text.strip():
        raise ExtractionError("unsupported")  # a scan: somebody has to look at it
    return f"{text.rstrip()}\n"


def _parsed(packet: bytes) -> etree._Element | None:
    """What reads as XML of a packet. No entity is resolved and nothing is fetched."""
    if b"<!DOCTYPE" in packet.replace(b"\0", b""):
        raise ExtractionError("dtd")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=True,  # a packet's prefixes may be declared in the one before it
    )
    try:
        return etree.fromstring(packet, parser) if packet.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _words(root: etree._Element) -> str:
    parts = [each for each in root.iter() if _local(each) in {"template", "datasets"}]
    return "\n".join(text for part in parts or [root] for text in _pieces(part))


def _pieces(part: etree._Element) -> Iterator[str]:
    """The text of each block, in the order of the form."""
    line, unseen = list[str](), 0
    for event, element in etree.iterwalk(part, events=("start", "end")):
        name, starts = _local(element), event == "start"
        unseen += (name in _UNSEEN) * (1 if starts else -1)
        if name not in _INLINE and line:
            yield cleaned("".join(line))
            line = []
        text = element.text if starts else element.tail
        if text and not unseen:
            line.append(text)
    yield cleaned("".join(line))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
