"""Office files inside an Office file, as pasted into it to be edited there."""

import posixpath
from importlib import import_module

from evidence.extractors.extracts import ExtractionError
from evidence.extractors.package import Package

_READERS = {".docx": "docx", ".pptx": "pptx", ".xlsx": "xlsx"}


def embedded(package: Package, part: str) -> list[str]:
    """Return the texts of the files that stand in a part, one level deep.

    What cannot be read does not keep its surroundings from being read, but a virus
    does: ExtractionError("malware").
    """
    texts: list[str] = []
    for inner in package.related(part, "package").values():
        reader = _READERS.get(posixpath.splitext(inner)[1].lower())
        if reader is None:
            continue
        try:
            module = import_module(f"evidence.extractors.{reader}")
            texts.append(module.read(package.read(inner), outermost=False).text)
        except ExtractionError as refusal:
            if refusal.code == "malware":
                raise
    return texts
