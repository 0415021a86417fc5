"""Word documents, ISO/IEC 29500 Transitional and Strict.

The text is the body, then headers, footers, footnotes, endnotes, comments, diagrams,
charts, imported pages, embedded files and what is told of pictures: they have no page,
so `body_end` marks where the paged text stops.
"""

import posixpath
import re
from importlib import import_module

from evidence.extractors.embedded import embedded
from evidence.extractors.extracts import Extract
from evidence.extractors.package import Package
from evidence.extractors.story import Break, Story, descriptions

VERSION = "3"
_STORIES = ("header", "footer", "footnotes", "endnotes", "comments")
_DRAWN = ("diagramData", "chart", "chartEx")
_PAGES = re.compile(rb"<Pages>\s*(\d+)\s*</Pages>")
_IMPORTED = {".htm": "html", ".html": "html", ".xhtml": "html", ".txt": "text"}
FULL_PAGE = 6_000
"""More characters than fit a page of any paper in use."""


def read(content: bytes, *, outermost: bool = True) -> Extract:
    """Read every story of a DOCX file. Raises ExtractionError.

    outermost: files embedded in it are read too.
    """
    package = Package(content)
    main = package.main("word/document.xml")
    body = Story(package.read(main))
    stories = [body, *_stories(package, main)]
    # Sections repeat their headers: each wording is kept once.
    texts = [*(story.text for story in stories[1:]), *_imported(package, main)]
    texts += embedded(package, main) if outermost else []
    texts.append(described := descriptions(stories))
    beside = dict.fromkeys(filter(None, map(_without_blank_lines, texts)))
    starts = page_starts(body.text, body.breaks, _total(package))
    flags = []
    if any(story.hidden for story in stories):
        flags.append("hidden_text")
    if described:
        flags.append("alt_text")
    if starts and not any(each.rendered for each in body.breaks):
        flags.append("hard_breaks_only")
    return Extract(
        name="docx",
        version=VERSION,
        text=body.text + "".join(beside),
        page_starts=starts,
        body_end=len(body.text) if beside else None,
        pages=len(starts) if starts else None,
        flags=tuple(flags),
    )


def page_starts(
    text: str, breaks: list[Break], total: int | None
) -> tuple[int, ...] | None:
    """Return where the pages begin, or None when the file does not tell.

    Word leaves a rendered break after a hard one: the two, with no text between
    them, are one. Hard breaks alone tell the pages only as long as nothing
    contradicts them: the file's own total of pages, or a page too full to be one.
    """
    starts, unpaired = [0], None
    for offset, rendered in breaks:
        blank = not text[starts[-1] : offset].strip()
        if blank and unpaired is (not rendered):
            starts[-1], unpaired = offset, None
        else:
            starts.append(offset)
            unpaired = rendered
    if not breaks:
        return None
    if not any(each.rendered for each in breaks):
        ends = [*starts[1:], len(text)]
        fullest = max(end - start for start, end in zip(starts, ends, strict=True))
        if fullest > FULL_PAGE or (total or 0) > len(starts):
            return None
    return tuple(starts)


def _stories(package: Package, main: str) -> list[Story]:
    parts = [part for kind in _STORIES for part in package.related(main, kind).values()]
    drawn = [
        part
        for around in (main, *parts)
        for part in package.related(around, *_DRAWN).values()
    ]
    return [Story(package.read(part)) for part in (*parts, *drawn)]


def _imported(package: Package, main: str) -> list[str]:
    """HTML and plain text that Word shows as part of the document (altChunk)."""
    texts: list[str] = []
    for part in package.related(main, "aFChunk").values():
        ending = posixpath.splitext(part)[1].lower()
        if ending in _IMPORTED and (content := package.read(part)):
            # Loaded for the rare file that has one: HTML takes long to load.
            reader = import_module(f"evidence.extractors.{_IMPORTED[ending]}")
            texts.append(reader.read(content).text)
    return texts


def _without_blank_lines(text: str) -> str:
    return "".join(f"{line}\n" for line in text.split("\n") if line.strip())


def _total(package: Package) -> int | None:
    """The number of pages the file itself states; templates leave a 1 in it."""
    if "docProps/app.xml" not in package.archive:
        return None
    found = _PAGES.search(package.read("docProps/app.xml"))
    return int(found[1]) if found else None
