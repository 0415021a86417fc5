"""What each character counts as in a comparison: one folded code point, or nothing.

Decomposition and categories come from Unicode (UAX #15, UAX #44), traditional forms
from OpenCC's character table; the look-alikes below are ours.
"""

import functools
import unicodedata

import numpy as np
import numpy.typing as npt
import opencc

Codes = npt.NDArray[np.uint32]

# Raised when a folding below changes: stored fingerprints are then of another age.
FOLDING = "1"

BLOCK = 256
DROPPED = 1  # 0 in the table means: this block has not been worked out yet

_LATIN = dict(
    zip(
        "аԁеһіјӏорԛѕсѵԝхуАВСЕНІЈКМОРԚЅТѴԜХУҮӀαγικνορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɑɡօոսհ",
        "adehijlopqscvwxyABCEHIJKMOPQSTVWXYYIayikvopuxABEZHIKMNOPTYXiagonuh",
        strict=True,
    )
)
_HAN = dict(
    zip(
        "〇ニカロエトハタㄧㄚㄨ",
        "零二力口工卜八夕一丫乂",
        strict=True,
    )
)
# CJK Radicals Supplement: Unicode decomposes only two of them.
_RADICALS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺"
        "⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乛乚乙亻冂几刀刂卜卩小小兀尢尢尢巳幺彐彐忄心扌攵旡日月歹民氵水灬爫爫丬牛犭王疋目示礻竹纟纟网网网网网羊羊羊老肀"
        "聿肉臼艹艹艹虎衤西西见角角讠贝足车辶辶辶阝钅长镸长门阜阝雨青韦页风飞食食饣饣首马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟",
        strict=True,
    )
)
_LOOKALIKES = _LATIN | _HAN | _RADICALS
# Letters by category that nobody sees (Hangul fillers), and the kana length mark that
# is typed for a dash.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0ー")
_FIRST_IDEOGRAPH = 0x3400


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _base(char: str) -> str:
    """Return the letter or number a character stands for, lower case, or ''."""
    if char in _UNSEEN:
        return ""
    char = _LOOKALIKES.get(char, char)
    # Syllables of Hangul would fall apart into their first sound.
    if not "가" <= char <= "힣":
        char = unicodedata.normalize("NFKD", char)
    char = next((c for c in char if unicodedata.category(c)[0] in "LN"), "")
    if not char or char in _UNSEEN:
        return ""
    char = _LOOKALIKES.get(char, char)
    if unicodedata.decimal(char, None) is not None:
        return "0"
    char = char.lower()[:1]
    return _LOOKALIKES.get(char, char)


def folded_block(block: int) -> Codes:
    """Return the folded code points of one block of 256; DROPPED where none counts."""
    start = block * BLOCK
    bases = [
        "" if 0xD800 <= point < 0xE000 else _base(chr(point))
        for point in range(start, start + BLOCK)
    ]
    if any(base and ord(base) >= _FIRST_IDEOGRAPH for base in bases):
        # A character a line, so that no phrase of OpenCC's can span two of them.
        bases = [
            line[:1] for line in _simplifier().convert("\n".join(bases)).split("\n")
        ]
    return np.array([ord(base) if base else DROPPED for base in bases], np.uint32)
