"""PowerPoint presentations: a slide is a page, its notes and comments belong to it."""

from evidence.extractors.extracts import Extract
from evidence.extractors.package import Package, events
from evidence.extractors.story import SLIDE, Story

VERSION = "1"
_BESIDE = ("diagramData", "chart", "notesSlide", "comments")


def read(content: bytes) -> Extract:
    """Read the slides of a PPTX file in the order of the show."""
    package = Package(content)
    main = package.main("ppt/presentation.xml")
    text, starts, hidden = "", [], False
    for slide in _slides(package, main):
        starts.append(len(text))
        for part in (slide, *package.related(slide, *_BESIDE).values()):
            story = Story(package.read(part))
            text += story.text if story.text.strip() else ""
            hidden = hidden or story.hidden
    return Extract(
        name="pptx",
        version=VERSION,
        text=text,
        page_starts=tuple(starts),
        pages=len(starts),
        flags=("hidden_text",) if hidden else (),
    )


def _slides(package: Package, main: str) -> list[str]:
    parts = package.related(main, "slide")
    tags = [f"{{{namespace}}}sldId" for namespace in SLIDE]
    # The element also has an id of its own, without a namespace.
    shown = [
        str(value)
        for _, element in events(package.read(main), *tags)
        for key, value in element.items()
        if str(key).endswith("}id")
    ]
    return [parts[id_] for id_ in shown if id_ in parts]
