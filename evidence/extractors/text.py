"""Plain text, whatever encoding a Chinese editor has saved it in."""

import codecs
import re

from evidence.extractors.encodings import SAMPLE, guessed, is_common_gb
from evidence.extractors.extracts import Extract, ExtractionError, cleaned

VERSION = "1"
_MARKS = (  # four-byte marks first: UTF-32 begins like UTF-16
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LETTER_OR_LONG = re.compile(rb"[A-Za-z\xe0-\xff]")


def read(content: bytes) -> Extract:
    """Read a text file; it has no pages."""
    return Extract(name="text", version=VERSION, text=decode(content))


def decode(content: bytes) -> str:
    """Return the text of bytes in an unknown encoding, newlines as \\n.

    A byte order mark decides; else UTF-8 when it fits, or nearly does; else the
    encoding in which it reads best.
    Raises ExtractionError: "empty", or "binary" when nothing fits.
    """
    if not content:
        raise ExtractionError("empty")
    text = cleaned(_decoded(content))
    if len(_CONTROL.findall(text[:SAMPLE])) > len(text[:SAMPLE]) // 100:
        raise ExtractionError("binary")
    return text


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    # Not final: a character cut off at the very end is dropped.
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(content)
    wide = text.count("\0") * 100 > len(text)
    if not wide and text and _is_nearly_whole(text) and not _is_gb_by_chance(content):
        return text
    return _guessed(content, wide=wide)


def _is_nearly_whole(text: str) -> bool:
    """Whether text decoded as UTF-8 shows at most a slip, a byte lost here or there."""
    broken = text.count("\ufffd")
    if not broken:
        return True
    beyond_ascii = len(text.encode("utf-8")) - len(text)
    return broken * 50 <= min(len(text), beyond_ascii)


def _guessed(content: bytes, *, wide: bool) -> str:
    encoding = guessed(content, wide=wide)
    if encoding is None:
        raise ExtractionError("binary")
    text = content.decode(encoding, "replace")
    if encoding == "cp950" and "\ufffd" in text:  # Hong Kong writes a larger Big5
        return content.decode("big5hkscs", "replace")
    return text


def _is_gb_by_chance(content: bytes) -> bool:
    """Whether bytes fit UTF-8 by chance only: a word or two of Chinese in GB 2312.

    They would be nothing but two-byte characters, such as Greek or accented letters,
    which in earnest stand among others and beside ASCII letters.
    """
    lone = not _LETTER_OR_LONG.search(content)
    return lone and is_common_gb(content)
