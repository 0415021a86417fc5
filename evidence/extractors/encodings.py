"""Which encoding bytes are in when no mark says so, for texts that hold Chinese.

Each encoding is tried on a sample and judged by the share of its characters that one
expects in such texts: the right one shows nearly all, the wrong ones half or less.
"""

import re
from collections.abc import Iterable
from importlib import import_module

SAMPLE = 1 << 16
"""Bytes looked at: enough to tell, whatever the length."""
LIKELY = 0.7
"""The least share of expected characters; other texts are left to statistics."""
_OTHERS = ["gb18030", "big5", "cp1252"]
# Beyond ASCII: a whole character of the encoding, then the usual ones among them.
_GB = (
    re.compile(
        rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]"
    ),
    re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"),  # signs, 3,755 commonest
)
_BIG5 = (
    re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]|[\x80-\xff]"),
    re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]"),  # signs, 5,401 commonest
)
_EXPECTED_WIDE = re.compile(
    "[\t\n\r -~\xa0-\u024f\u2010-\u2049\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]"
)
_PLAIN = re.compile("[\t\n\r -~]")


def guessed(content: bytes, *, wide: bool) -> str | None:
    """Return the name of a codec, or None when nothing fits.

    wide: whether NUL bytes show that a character takes two or four bytes.
    """
    sample = content[:SAMPLE]
    shares = {
        "gb18030": _share(sample, *_GB),
        "cp950": _share(sample, *_BIG5),
        "utf-16-le": _wide_share(sample, "utf-16-le"),
        "utf-16-be": _wide_share(sample, "utf-16-be"),
        "utf-32-le": _wide_share(sample, "utf-32-le"),
        "utf-32-be": _wide_share(sample, "utf-32-be"),
    }
    names: Iterable[str] = (
        [name for name in shares if name.startswith("utf")] if wide else shares
    )
    best = max(names, key=lambda name: shares[name])
    if shares[best] >= LIKELY:
        return best
    if wide:
        return None
    # Loaded when it is needed: it takes as long as all the rest of reading a text.
    statistics = import_module("charset_normalizer")
    found = statistics.from_bytes(sample, cp_isolation=_OTHERS).best()
    return str(found.encoding) if found else None


def is_common_gb(content: bytes) -> bool:
    """Whether what is beyond ASCII reads as common characters of GB 2312, two or more.

    A few characters are too few for statistics, but other encodings seldom fall
    into that range.
    """
    sample = content[:SAMPLE]
    several = sum(byte > 0x7F for byte in sample) > 1
    return several and _share(sample, *_GB) >= 0.9


def _share(sample: bytes, whole: re.Pattern[bytes], usual: re.Pattern[bytes]) -> float:
    characters = whole.findall(sample)
    return sum(map(bool, map(usual.fullmatch, characters))) / max(1, len(characters))


def _wide_share(sample: bytes, encoding: str) -> float:
    """The share of expected characters; of ASCII swapped about, which gives Chinese
    characters too, the plain reading wins."""
    width = 4 if "32" in encoding else 2
    whole = len(sample) - len(sample) % width
    # The sample may end between the two halves of a rare character.
    text = sample[:whole].decode(encoding, "replace")
    expected = len(_EXPECTED_WIDE.findall(text)) / max(1, len(text))
    return expected + 0.1 * len(_PLAIN.findall(text)) / max(1, len(text))
