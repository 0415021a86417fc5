"""Excel workbooks: the words in the cells, row by row, what is printed above and
below them, then comments and drawings.

Numbers are left out: what they say depends on formats that two files seldom share.
"""

import re
from collections.abc import Iterator

from lxml import etree

from evidence.extractors.embedded import embedded
from evidence.extractors.extracts import (
    CHARACTERS,
    Extract,
    ExtractionError,
    cleaned,
)
from evidence.extractors.package import Package, events
from evidence.extractors.story import Story, descriptions, forget

VERSION = "3"
_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_BESIDE = ("chart", "chartEx", "diagramData")
_MARGINS = [
    f"{which}{where}"
    for which in ("odd", "even", "first")
    for where in ("Header", "Footer")
]
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_CODES = re.compile(r"&(?:\"[^\"]*\"|\d+|K[0-9A-F]{6}|[A-Za-z])")


def read(content: bytes, *, outermost: bool = True) -> Extract:
    """Read the sheets of an XLSX file in their order; a sheet is not a page.

    outermost: files embedded in it are read too.
    """
    package = Package(content)
    main = package.main("xl/workbook.xml")
    shared = shared_strings(package, main)
    out, left = list[str](), CHARACTERS
    sheets, hidden = sheet_parts(package, main)
    told = False
    for sheet in sheets:
        inner = embedded(package, sheet) if outermost else []
        drawn = _drawings(package, sheet)
        inner += [story.text for story in drawn if story.text.strip()]
        inner.append(described := descriptions(drawn))
        told = told or bool(described)
        for text in (*_sheet(package, sheet, shared), *inner):
            # A few shared strings may be named a million times.
            left -= len(text)
            if left < 0:
                raise ExtractionError("too_large")
            out.append(text)
    return Extract(
        name="xlsx",
        version=VERSION,
        text="".join(out),
        flags=("hidden_text",) * hidden + ("alt_text",) * told,
    )


def shared_strings(package: Package, main: str) -> list[str]:
    """The strings that cells name by their number."""
    return [
        text
        for part in package.related(main, "sharedStrings").values()
        for text in _texts(package.read(part), "si")
    ]


def sheet_parts(package: Package, main: str) -> tuple[list[str], bool]:
    """The sheets' parts in the order of their tabs; whether one of them is hidden."""
    parts = package.related(main, "worksheet", "chartsheet")
    sheets, hidden = list[str](), False
    for _, element in events(package.read(main), *names_of("sheet")):
        # The element also has an id of its own, which is a number.
        ids = [str(v) for k, v in element.items() if str(k).endswith("}id")]
        sheets += [parts[id_] for id_ in ids if id_ in parts]
        hidden = hidden or element.get("state") in {"hidden", "veryHidden"}
    return sheets, hidden


def _sheet(package: Package, sheet: str, shared: list[str]) -> Iterator[str]:
    for _, row in events(package.read(sheet), *names_of("row"), *names_of(*_MARGINS)):
        if not row.tag.endswith("}row"):
            yield _margin(row.text or "")
            continue
        cells = [_cell(cell, shared) for cell in row.iterfind("{*}c")]
        forget(row)
        if any(cells):
            yield "\t".join(filter(None, cells)) + "\n"
    for part in package.related(sheet, "comments").values():
        yield from (f"{text}\n" for text in _texts(package.read(part), "text"))


def _drawings(package: Package, sheet: str) -> list[Story]:
    return [
        Story(package.read(part))
        for drawing in package.related(sheet, "drawing").values()
        for part in (drawing, *package.related(drawing, *_BESIDE).values())
    ]


def _cell(cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t")
    value = cell.findtext("{*}v") or ""
    if kind == "s":
        known = value.isdecimal() and int(value[:9]) < len(shared)
        return shared[int(value)] if known else ""
    if kind == "inlineStr":
        return "".join(map(_words, cell.iterfind("{*}is")))
    return _plain(value) if kind == "str" else ""


def _margin(text: str) -> str:
    """A header or footer without the codes of its fonts, fields and places."""
    parts = [_CODES.sub("\t", part) for part in text.split("&&")]
    words = [word for word in cleaned("&".join(parts)).split("\t") if word.strip()]
    return "\t".join(words) + "\n" if words else ""


def _texts(part: bytes, name: str) -> Iterator[str]:
    for _, element in events(part, *names_of(name)):
        yield _words(element)
        forget(element)


def _words(element: etree._Element) -> str:
    """The text of a string: plain or in runs, without how it is pronounced (rPh)."""
    parts = [*element.iterfind("{*}t"), *element.iterfind("{*}r/{*}t")]
    return _plain("".join(part.text or "" for part in parts))


def _plain(text: str) -> str:
    """A string without the escapes of ST_Xstring: _x000D_ is a carriage return."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return cleaned(text)


def names_of(*names: str) -> list[str]:
    return [f"{{{space}}}{name}" for space in _SPACES for name in names]
