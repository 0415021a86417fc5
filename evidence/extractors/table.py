"""Lists that somebody filled in: the cells of the first sheet of a workbook, or of
lines separated by commas, semicolons or tabs. Numbers count here, unlike in texts."""

import csv
import io
import re

from lxml import etree

from evidence.extractors.extracts import ExtractionError, cleaned
from evidence.extractors.package import Package, events
from evidence.extractors.story import forget
from evidence.extractors.text import decode
from evidence.extractors.xlsx import names_of, shared_strings, sheet_parts

MOST_ROWS = 1_000
MOST_CELLS = 12
LONGEST_CELL = 400
_COLUMN = re.compile(r"[A-Z]+")
_WHOLE = re.compile(r"(\d+)\.0+")


def read_table(content: bytes) -> list[list[str]]:
    """Return the rows, empty ones left out, cells as text without space around.

    Raises ExtractionError: "too_large" beyond MOST_ROWS, as the readers do otherwise.
    """
    found = _sheet(content) if content[:2] == b"PK" else _lines(content)
    rows = [[cell.strip()[:LONGEST_CELL] for cell in row] for row in found]
    return [row for row in rows if any(row)]


def _lines(content: bytes) -> list[list[str]]:
    text = decode(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max("\t;,", key=first.count)
    rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        rows.append([cleaned(cell) for cell in row[:MOST_CELLS]])
        if len(rows) > MOST_ROWS:
            raise ExtractionError("too_large")
    return rows


def _sheet(content: bytes) -> list[list[str]]:
    package = Package(content)
    main = package.main("xl/workbook.xml")
    shared = shared_strings(package, main)
    rows = []
    sheets, _hidden = sheet_parts(package, main)
    for sheet in sheets[:1]:
        for _, row in events(package.read(sheet), *names_of("row")):
            rows.append(_cells(row, shared))
            forget(row)
            if len(rows) > MOST_ROWS:
                raise ExtractionError("too_large")
    return rows


def _cells(row: etree._Element, shared: list[str]) -> list[str]:
    """A cell stands where its reference says: empty ones are left out of the file."""
    cells: list[str] = []
    for cell in row.iterfind("{*}c"):
        column = _column(str(cell.get("r") or ""), len(cells))
        if column < MOST_CELLS:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _value(cell, shared)
    return cells


def _column(reference: str, following: int) -> int:
    """Return the column of B7 as 1; without a reference, the next one."""
    letters = _COLUMN.match(reference)
    if letters is None:
        return following
    column = 0
    for letter in letters.group()[:3]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _value(cell: etree._Element, shared: list[str]) -> str:
    kind, value = cell.get("t"), cell.findtext("{*}v") or ""
    if kind == "s":
        known = value.isdecimal() and int(value[:9]) < len(shared)
        return shared[int(value)] if known else ""
    if kind == "inlineStr":
        return cleaned("".join(str(text) for text in cell.itertext("{*}t")))
    # A document number typed as a number: 520310037.0 is 520310037.
    whole = _WHOLE.fullmatch(value)
    return whole.group(1) if whole else cleaned(value)
