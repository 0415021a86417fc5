"""Each way of hiding a copy that marketplaces meet: the copy is found all the same."""

import random
import re
from collections.abc import Callable

import opencc
import pytest

from evidence.matching.params import Params
from evidence.matching.passages import Resemblance
from evidence.matching.screen import screen
from tests.matching.memory import edited, make_index, make_text

PARAMS = Params()
NAMES = ("张伟明", "李晓芳", "东平县")
HEADINGS = [make_text(12, seed=800 + n).replace("。", "") for n in range(14)]
CONTENTS = "\n".join(
    f"第{n}章 {heading} …… {3 * n}" for n, heading in enumerate(HEADINGS)
)
PARAGRAPHS = [
    f"{NAMES[n % 3]}在2023年说：{make_text(150, seed=600 + n)}" for n in range(12)
]
WORK = "\n".join([CONTENTS, *PARAGRAPHS])
OTHERS = {n: make_text(900, seed=n) for n in range(1, 30)}
INDEX = make_index({**OTHERS, 99: WORK})


def spaced(text: str) -> str:
    return "".join(
        f"{char} " if n % 3 else f"{char}　\n" for n, char in enumerate(text)
    )


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def unseen(text: str) -> str:
    return "\u202e" + "\u200b".join(text) + "\u202c"


def look_alike(text: str) -> str:
    return text.translate(str.maketrans("一人大小日月水火生用", "⼀⼈⼤⼩⽇⽉⽔⽕⽣⽤"))


def traditional(text: str) -> str:
    return str(opencc.OpenCC("s2t").convert(text))


def renumbered(text: str) -> str:
    return re.sub(r"\d+", "1987", text)


def masked(text: str) -> str:
    return "".join("*" if n % 30 == 17 else char for n, char in enumerate(text))


def renamed(text: str) -> str:
    for name in NAMES:
        text = text.replace(name, "某某某某")
    return text


def sentences_shuffled(text: str) -> str:
    sentences = re.split("(?<=。)", text)
    return "".join(random.Random(1).sample(sentences, len(sentences)))


def reworded(text: str) -> str:
    """Every ninth pair of characters says the same in two others."""
    pairs = [text[at : at + 2] for at in range(0, len(text), 2)]
    return "".join("别的" if n % 9 == 4 else pair for n, pair in enumerate(pairs))


def scanned(text: str) -> str:
    lines = [text[at : at + 32] for at in range(0, len(text), 32)]
    return edited("\n".join(lines), 0.05, 2)


def filled(text: str) -> str:
    paragraphs = text.split("\n")
    return "\n".join(
        f"{paragraph}\n{make_text(160, seed=400 + n)}"
        for n, paragraph in enumerate(paragraphs)
    )


def pages_reversed(text: str) -> str:
    return "\f".join(text[at : at + 400] for at in range(0, len(text), 400)[::-1])


def titled(text: str) -> str:
    return f"【精品】最新版（可编辑）.docx\n{text}\n——完——"


def found_in(query: str) -> Resemblance:
    (match,) = screen(query, INDEX, PARAMS).resemblances
    assert match.text == 99
    return match


@pytest.mark.parametrize(
    ("disguise", "least"),
    [
        (spaced, 0.99),
        (full_width, 0.99),
        (unseen, 0.99),
        (look_alike, 0.99),
        (traditional, 0.9),
        (renumbered, 0.99),
        (masked, 0.95),
        (renamed, 0.95),
        (reworded, 0.9),
        (scanned, 0.95),
        (filled, 0.8),
        (pages_reversed, 0.95),
        (titled, 0.99),
        (sentences_shuffled, 0.7),
    ],
)
def test_a_disguised_copy_of_a_work_is_found(
    disguise: Callable[[str], str], least: float
) -> None:
    assert found_in(disguise(WORK)).containment_found >= least


def test_a_file_of_nothing_but_the_contents_is_found() -> None:
    other_pages = re.sub(r"…… \d+", "......... 7", CONTENTS)
    match = found_in(other_pages)
    assert match.containment_query > 0.9
    assert match.containment_found < 0.2


def test_a_bundle_holds_all_of_a_work_and_is_little_of_it() -> None:
    bundle = make_text(30_000, 50) + WORK + make_text(30_000, 51)
    match = found_in(bundle)
    assert match.containment_found > 0.99
    assert match.containment_query == pytest.approx(0.035, abs=0.01)
