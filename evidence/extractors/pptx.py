"""PowerPoint presentations: a slide is a page, its notes and comments belong to it.

What the backgrounds of the slides say stands behind the last slide, once.
"""

from evidence.extractors.embedded import embedded
from evidence.extractors.extracts import Extract
from evidence.extractors.package import Package, events
from evidence.extractors.story import SLIDE, Story, descriptions

VERSION = "3"
_BESIDE = ("diagramData", "chart", "chartEx", "notesSlide", "comments")


def read(content: bytes, *, outermost: bool = True) -> Extract:
    """Read the slides of a PPTX file in the order of the show.

    outermost: files embedded in it are read too.
    """
    package = Package(content)
    main = package.main("ppt/presentation.xml")
    text, starts, hidden, told = "", [], False, False
    slides = _slides(package, main)
    for slide in slides:
        starts.append(len(text))
        parts = (slide, *package.related(slide, *_BESIDE).values())
        stories = [Story(package.read(part)) for part in parts]
        described = descriptions(stories)
        for story in stories:
            text += story.text if story.text.strip() else ""
        text += described
        hidden = hidden or any(story.hidden for story in stories)
        told = told or bool(described)
        text += "".join(embedded(package, slide)) if outermost else ""
    behind = _backgrounds(package, slides)
    return Extract(
        name="pptx",
        version=VERSION,
        text=text + behind,
        page_starts=tuple(starts),
        body_end=len(text) if behind else None,
        pages=len(starts),
        flags=("hidden_text",) * hidden + ("alt_text",) * told,
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


def _backgrounds(package: Package, slides: list[str]) -> str:
    """What layouts and masters show by themselves, each line once."""
    layouts = dict.fromkeys(
        layout
        for slide in slides
        for layout in package.related(slide, "slideLayout").values()
    )
    masters = dict.fromkeys(
        master
        for layout in layouts
        for master in package.related(layout, "slideMaster").values()
    )
    texts = [Story(package.read(p), static=True).text for p in (*layouts, *masters)]
    lines = dict.fromkeys(line for text in texts for line in text.split("\n"))
    return "".join(f"{line}\n" for line in lines if line.strip())
