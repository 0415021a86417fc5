"""Plain text, whatever encoding a Chinese editor has saved it in."""

import codecs
import re

from charset_normalizer import from_bytes

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
_CANDIDATES = [
    *("gb18030", "big5", "utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"),
    "cp1252",
]
_WIDE = {"utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PAIRS = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_LETTER_OR_LONG = re.compile(rb"[A-Za-z\xe0-\xff]")
SAMPLE = 1 << 16
"""Bytes looked at when guessing: enough to tell, whatever the length."""


def read(content: bytes) -> Extract:
    """Read a text file; it has no pages."""
    return Extract(name="text", version=VERSION, text=decode(content))


def decode(content: bytes) -> str:
    """Return the text of bytes in an unknown encoding, newlines as \\n.

    A byte order mark decides; else UTF-8 when it fits, or nearly does; else what
    charset-normalizer finds most plausible among the encodings of our readers.
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
    sample = content[: SAMPLE - SAMPLE % 4]
    if not wide and _is_plain_gb(sample):
        return content.decode("gb18030", "replace")
    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    if best is None:
        raise ExtractionError("binary")
    if wide and best.encoding not in _WIDE:
        raise ExtractionError("binary")
    return content.decode(best.encoding, "replace")


def _is_gb_by_chance(content: bytes) -> bool:
    """Whether bytes fit UTF-8 by chance only: a word or two of Chinese in GB 2312.

    They would be nothing but two-byte characters, such as Greek or accented letters,
    which in earnest stand among others and beside ASCII letters.
    """
    lone = not _LETTER_OR_LONG.search(content)
    return lone and _is_plain_gb(content)


def _is_plain_gb(sample: bytes) -> bool:
    """Whether the bytes read as GB 2312's signs and its 3,755 commonest characters.

    A few characters are too few for statistics, but other encodings seldom fall
    into that range: half of Big5's second bytes and most of UTF-16 lie outside.
    """
    pairs = [pair[0] for pair in _PAIRS.findall(sample)]
    common = sum(0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7 for lead in pairs)
    beyond_ascii = sum(byte > 0x7F for byte in sample)
    return beyond_ascii > 1 and common * 2 > beyond_ascii * 0.9
