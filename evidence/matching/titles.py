"""Titles: when two are the same but for what sellers hang on to them.

A title says nothing about a text. What is found here is told as a title alone.
"""

import re
import unicodedata

from evidence.matching.normalize import normalize

SHORTEST = 4
"""Normalised characters that a key has at least, where the title has them."""

_WORDS = (
    *("最新", "完整", "可编辑", "可打印", "可修改", "修订", "精品", "精选", "经典"),
    *("高清", "无水印", "免费", "下载", "含答案", "带答案", "附答案", "答案", "全套"),
    *("word", "docx", "doc", "pdf", "pptx", "ppt", "txt", "wps"),
    *("整理", "打印", "电子", "优秀", "推荐", "收藏", "通用", "标准", "原创", "新版"),
)
# At most twelve characters: longer than any of them is no ornament.
_ORNAMENT = re.compile(rf"(?:[0-9]{{2,4}}年?|{'|'.join(_WORDS)})(?:版|稿|本|档)?$")
_LONGEST = 12
_BETWEEN = " .,、·_-\t"
_BRACKETS = {")": "(", "]": "[", "】": "【"}
_DASHES = re.compile(r"[‐-―−﹘﹣－─]+")


def title_key(title: str) -> str:
    """Return what two titles share that differ in ornaments alone: （最新）, —可编辑,
    2026年修订, .docx. Empty when the title holds no letter and no digit."""
    kept = _DASHES.sub("-", unicodedata.normalize("NFKC", title).lower()).strip()
    while True:
        shorter = _without_last(_without_first(kept))
        if shorter == kept or normalize(shorter).size < SHORTEST:
            return normalize(kept).string()
        kept = shorter


def _without_last(text: str) -> str:
    """Take off the last ornament, with or without brackets around it."""
    plain = text.rstrip(_BETWEEN)
    opening = plain.rfind(_BRACKETS.get(plain[-1:], "\0"))
    if opening >= 0:
        return plain[:opening] if _is_ornament(plain[opening + 1 : -1]) else plain
    found = _ORNAMENT.search(plain, max(0, len(plain) - _LONGEST))
    return plain[: found.start()] if found else plain


def _without_first(text: str) -> str:
    """Take off what stands in brackets before the title, when it is an ornament."""
    for closing, opening in _BRACKETS.items():
        end = text.find(closing)
        if text.startswith(opening) and end > 0 and _is_ornament(text[1:end]):
            return text[end + 1 :].lstrip()
    return text


def _is_ornament(text: str) -> bool:
    while text:
        shorter = _without_last(text)
        if shorter == text:
            return False
        text = shorter
    return True
