"""One walk over the text of a WordprocessingML or DrawingML part, in reading order."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lxml import etree

from evidence.extractors.extracts import cleaned
from evidence.extractors.package import events

_OOXML = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
WORD = (f"{_OOXML}wordprocessingml/2006/main", f"{_STRICT}wordprocessingml/main")
DRAWING = (f"{_OOXML}drawingml/2006/main", f"{_STRICT}drawingml/main")
SLIDE = (f"{_OOXML}presentationml/2006/main", f"{_STRICT}presentationml/main")
MATH = (f"{_OOXML}officeDocument/2006/math", f"{_STRICT}officeDocument/math")
CHART = (f"{_OOXML}drawingml/2006/chart", f"{_STRICT}drawingml/chart")
NEW_CHART = ("http://schemas.microsoft.com/office/drawing/2014/chartex",)
WORD_DRAWING = (
    f"{_OOXML}drawingml/2006/wordprocessingDrawing",
    f"{_STRICT}drawingml/wordprocessingDrawing",
)
PICTURE = (f"{_OOXML}drawingml/2006/picture", f"{_STRICT}drawingml/picture")
SHEET_DRAWING = (
    f"{_OOXML}drawingml/2006/spreadsheetDrawing",
    f"{_STRICT}drawingml/spreadsheetDrawing",
)
VML = ("urn:schemas-microsoft-com:vml",)
COMPATIBILITY = ("http://schemas.openxmlformats.org/markup-compatibility/2006",)

_TAGS: dict[tuple[str, ...], tuple[str, ...]] = {
    WORD: (
        *("p", "r", "t", "tab", "ptab", "br", "cr", "noBreakHyphen", "sym", "vanish"),
        *("tr", "tc", "txbxContent", "del", "moveFrom", "rt"),
        *("lastRenderedPageBreak", "pageBreakBefore", "sectPr"),
    ),
    DRAWING: ("p", "t", "br", "fld"),
    MATH: ("t",),
    SLIDE: ("sld", "text", "sp", "pic", "graphicFrame", "ph", "cNvPr"),
    WORD_DRAWING: ("docPr",),
    PICTURE: ("cNvPr",),
    SHEET_DRAWING: ("cNvPr",),
    CHART: ("v", "numCache", "numLit"),
    NEW_CHART: ("pt", "numDim"),
    VML: ("textpath",),
    COMPATIBILITY: ("AlternateContent", "Choice", "Fallback"),
}
TAGS = {
    f"{{{namespace}}}{name}": name
    for namespaces, names in _TAGS.items()
    for namespace in namespaces
    for name in names
}
_SHAPES = {"sp", "pic", "graphicFrame"}
# Elements that may be left out as a whole: deletions and a chart's numbers always.
_LEFT_OUT = {
    *("del", "moveFrom", "Choice", "Fallback", "fld", "numCache", "numLit", "numDim"),
    *_SHAPES,
}
_OFF = {"0", "false", "off"}


# What programs write where nobody described a picture: the name of its file, or what
# they believe to see on it.
_NO_DESCRIPTION = re.compile(
    r".{0,300}\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?|svg|webp)"
    r"|.*(?:自动生成|automatically generated|AI-generated).*",
    re.IGNORECASE | re.DOTALL,
)


class Break(NamedTuple):
    """A page begins at `offset`: seen by Word when it laid out, or set by hand."""

    offset: int
    rendered: bool


class Story:
    """The text of one part: paragraphs end with a newline, text boxes follow theirs.

    text: str; breaks: page breaks in the order of the text; hidden: whether text
    that Word does not show is in it; described: what is told of pictures and drawings
    to those who cannot see them (alt text). Deleted and moved-away text is left out.
    static: the part is a slide's background; its places to be filled are left out.
    """

    def __init__(self, part: bytes, *, static: bool = False) -> None:
        self._static = static
        self._values: set[str] = set()
        self.breaks: list[Break] = []
        self.hidden = False
        self.described: list[str] = []
        self._buffers: list[list[str]] = [[]]  # the story, then open text boxes
        self._boxes: list[str] = []  # closed ones, waiting for their paragraph's end
        self._length = 0
        self._written = 0
        # What is open: None for a paragraph, for a run whether it is hidden.
        self._open: list[bool | None] = []
        self._branches: list[int] = []
        self._left_out = 0
        self._rows = 0
        self._cells: list[list[Break]] = []
        self._section_ended = False
        self._walk(part)
        self.text = "".join(self._buffers[0])

    def _walk(self, part: bytes) -> None:
        for event, element in events(part, *TAGS, started=True):
            name = TAGS[element.tag]
            if event == "start":
                self._start(name, element)
                continue
            self._end(name, element)
            if name in {"p", "r", "tr"}:
                forget(element)

    def _start(self, name: str, element: etree._Element) -> None:
        if self._left_out:
            self._left_out += name in _LEFT_OUT
        elif name in _LEFT_OUT:
            self._left_out = int(self._leaves_out(name, element))
        elif name in _STARTS:
            _STARTS[name](self, element)

    def _end(self, name: str, element: etree._Element) -> None:
        if self._left_out:
            self._left_out -= name in _LEFT_OUT
        elif name in _ENDS:
            _ENDS[name](self, element)

    def _leaves_out(self, name: str, element: etree._Element) -> bool:
        """Whether to skip an element: of alternatives the first with text is read."""
        if name == "fld":  # slide numbers and dates change by themselves
            kind = str(element.get("type"))
            return kind.startswith(("slidenum", "datetime"))
        if name in _SHAPES:
            return False
        if name in {"Choice", "Fallback"}:
            return bool(self._branches) and self._written > self._branches[-1]
        return True

    def _add(self, text: str) -> None:
        self._buffers[-1].append(text)
        self._written += not text.isspace()
        if len(self._buffers) == 1:
            self._length += len(text)

    def _break(self, *, rendered: bool) -> None:
        if len(self._buffers) == 1:  # a text box floats: it turns no page
            breaks = self._cells[-1] if self._rows else self.breaks
            breaks.append(Break(self._length, rendered))

    # What the elements do, by name.

    def _paragraph(self, element: etree._Element) -> None:
        self._open.append(None)

    def _paragraph_end(self, element: etree._Element) -> None:
        self._close()
        self._add("\n")
        if len(self._buffers) == 1:
            boxes, self._boxes = self._boxes, []
            for box in boxes:
                self._add(box)
            if self._section_ended:
                self._section_ended = False
                self._break(rendered=False)

    def _run(self, element: etree._Element) -> None:
        self._open.append(False)

    def _close(self, element: etree._Element | None = None) -> None:
        if self._open:
            self._open.pop()

    def _vanish(self, element: etree._Element) -> None:
        if self._open and self._open[-1] is not None and _is_on(element):
            self._open[-1] = True

    def _text(self, element: etree._Element) -> None:
        if text := cleaned(element.text or ""):
            self._add(text)
            self.hidden = self.hidden or bool(self._open and self._open[-1])

    def _value(self, element: etree._Element) -> None:
        """A name in a chart: each series repeats those of its categories."""
        if (text := cleaned(element.text or "")) not in self._values:
            self._values.add(text)
            self._add(f"{text}\n")

    def _word_art(self, element: etree._Element) -> None:
        if text := cleaned(str(element.get("string") or "")).strip():
            self._boxes.append(f"{text}\n")

    def _description(self, element: etree._Element) -> None:
        for name in ("title", "descr"):
            told = cleaned(str(element.get(name) or "")).strip()
            if told and not _NO_DESCRIPTION.fullmatch(told):
                self.described.append(told)

    def _to_be_filled(self, element: etree._Element) -> None:
        self._left_out = int(self._static)  # until its shape ends

    def _comment(self, element: etree._Element) -> None:
        self._text(element)
        self._add("\n")

    def _tab(self, element: etree._Element) -> None:
        # The same name stands for a tab stop in a paragraph's properties.
        if self._open and self._open[-1] is not None:
            self._add("\t")

    def _line(self, element: etree._Element) -> None:
        self._add("\n")
        if "page" in element.attrib.values():
            self._break(rendered=False)

    def _hyphen(self, element: etree._Element) -> None:
        self._add("-")

    def _symbol(self, element: etree._Element) -> None:
        codes = [str(v) for k, v in element.items() if str(k).endswith("}char")]
        # Private codes mean a glyph of a symbol font: no character to compare.
        if codes and codes[0] and not codes[0].upper().startswith(("E", "F")):
            try:
                self._add(cleaned(chr(int(codes[0], 16))))
            except (ValueError, OverflowError):
                return

    def _box(self, element: etree._Element) -> None:
        self._buffers.append([])

    def _box_end(self, element: etree._Element) -> None:
        if len(self._buffers) > 1:
            box = "".join(self._buffers.pop())
            if box.strip():
                self._boxes.append(box)

    def _phonetic_end(self, element: etree._Element) -> None:
        """How characters are pronounced stands over them and does not part them."""
        if len(self._buffers) > 1 and (text := "".join(self._buffers.pop())).strip():
            self._boxes.append(f"{text}\n")

    def _row(self, element: etree._Element) -> None:
        if not self._rows:
            self._cells = [[]]
        self._rows += 1

    def _cell(self, element: etree._Element) -> None:
        if self._rows == 1:
            self._cells.append([])

    def _row_end(self, element: etree._Element) -> None:
        # Each cell of a row that crosses a page repeats the break: count it once.
        self._rows -= 1
        if not self._rows:
            fullest: list[Break] = max(self._cells, key=len)
            self.breaks.extend(fullest)

    def _rendered(self, element: etree._Element) -> None:
        self._break(rendered=True)

    def _before(self, element: etree._Element) -> None:
        if self._length and _is_on(element):
            self._break(rendered=False)

    def _section(self, element: etree._Element) -> None:
        # Inside a paragraph it ends a section, which as a rule turns the page.
        kinds = [v for e in element.findall("{*}type") for v in e.attrib.values()]
        turns = not kinds or str(kinds[0]).endswith("Page")
        self._section_ended = bool(self._open) and turns

    def _alternatives(self, element: etree._Element) -> None:
        self._branches.append(self._written)

    def _alternatives_end(self, element: etree._Element) -> None:
        self._branches.pop()

    def _slide(self, element: etree._Element) -> None:
        self.hidden = element.get("show") in _OFF


def descriptions(stories: Iterable[Story]) -> str:
    """The alt text of some stories, a line each, every wording once."""
    told = dict.fromkeys(each for story in stories for each in story.described)
    return "".join(f"{each}\n" for each in told)


def _is_on(element: etree._Element) -> bool:
    return not _OFF.intersection(map(str, element.attrib.values()))


def forget(element: etree._Element) -> None:
    """Free a finished element and what stands before it: memory stays flat."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


_Handler = Callable[[Story, etree._Element], None]
_STARTS: dict[str, _Handler] = {
    "p": Story._paragraph,
    "r": Story._run,
    "txbxContent": Story._box,
    "rt": Story._box,
    "textpath": Story._word_art,
    "docPr": Story._description,
    "cNvPr": Story._description,
    "ph": Story._to_be_filled,
    "tr": Story._row,
    "tc": Story._cell,
    "lastRenderedPageBreak": Story._rendered,
    "pageBreakBefore": Story._before,
    "AlternateContent": Story._alternatives,
    "sld": Story._slide,
}
_ENDS: dict[str, _Handler] = {
    "p": Story._paragraph_end,
    "r": Story._close,
    "t": Story._text,
    "text": Story._comment,
    "tab": Story._tab,
    "ptab": Story._tab,
    "br": Story._line,
    "cr": Story._line,
    "noBreakHyphen": Story._hyphen,
    "sym": Story._symbol,
    "vanish": Story._vanish,
    "txbxContent": Story._box_end,
    "rt": Story._phonetic_end,
    "v": Story._value,
    "pt": Story._value,
    "tr": Story._row_end,
    "sectPr": Story._section,
    "AlternateContent": Story._alternatives_end,
}
