"""Office Open XML packages (ECMA-376 part 2): safe XML, and what belongs to what."""

import posixpath
import re
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from evidence.extractors.archive import Archive
from evidence.extractors.extracts import ExtractionError

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']+)")
# In each of them "<!DOCTYPE" is the same bytes, or the same with NULs between.
_ENCODINGS = (
    *(b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-"),
    *(b"windows-125", b"gb2312", b"gbk", b"gb18030", b"big5"),
)


class Package:
    """The parts of one DOCX or PPTX file and the relationships between them."""

    def __init__(self, content: bytes) -> None:
        self.archive = Archive(content)

    def read(self, part: str) -> bytes:
        return self.archive.read(part)

    def main(self, fallback: str) -> str:
        """The name of the main part; `fallback` when no relationship names one."""
        named = [
            part for kind, _, part in self._related("") if kind == "officeDocument"
        ]
        present = [part for part in (*named, fallback) if part in self.archive]
        if not present:
            raise ExtractionError("malformed")
        return present[0]

    def related(self, part: str, *kinds: str) -> dict[str, str]:
        """Relationship id → part, of these kinds, in the order of the file.

        A kind is the last word of the relationship's type, which Transitional and
        Strict share. Targets outside the package are never followed.
        """
        return {
            id_: target
            for kind, id_, target in self._related(part)
            if kind in kinds and target in self.archive
        }

    def _related(self, part: str) -> Iterator[tuple[str, str, str]]:
        folder, name = posixpath.split(part)
        relationships = posixpath.join(folder, "_rels", f"{name}.rels")
        if relationships not in self.archive:
            return
        for _, element in events(
            self.read(relationships), _RELATIONSHIP + "Relationship"
        ):
            if element.get("TargetMode") != "External":
                target = posixpath.join("/", folder, unquote(element.get("Target", "")))
                kind = element.get("Type", "").rpartition("/")[2]
                yield kind, element.get("Id", ""), posixpath.normpath(target)[1:]


def events(
    part: bytes, *tags: str, started: bool = False
) -> Iterator[tuple[str, etree._Element]]:
    """Yield ("end", element), and ("start", element) when asked, for these tags.

    No entity is resolved and nothing is fetched; a DTD is refused before parsing,
    which is why only encodings in which it shows are read.
    """
    plain = part.replace(b"\0", b"") if b"\0" in part[:64] else part
    declared = _DECLARED.match(plain.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xfe\xff"))
    if declared and not declared[1].lower().startswith(_ENCODINGS):
        raise ExtractionError("malformed")
    if b"<!DOCTYPE" in plain:
        raise ExtractionError("dtd")
    kinds = ("start", "end") if started else ("end",)
    try:
        # huge_tree lifts libxml2's limits on depth (nested tables) and on text
        # length; what it would guard against, the gate and the DTD check refuse.
        yield from etree.iterparse(
            BytesIO(part),
            events=kinds,
            tag=tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=True,
        )
    except etree.XMLSyntaxError:
        raise ExtractionError("malformed") from None
