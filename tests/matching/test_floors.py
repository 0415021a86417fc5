"""Nothing acts by itself on little, on numbers, or against those who may."""

import pytest

from evidence.matching.floors import Bond, evidence_in, may_act_alone, mostly_digits
from evidence.matching.params import Params
from evidence.matching.passages import Passage, Resemblance
from tests.matching.memory import make_text

PARAMS = Params()
WORDS = make_text(400, 1).replace("。", "")
NUMBERS = "12 345 6789, " * 40


def alike(*spans: tuple[int, int]) -> Resemblance:
    passages = tuple(Passage(span, span, 1.0, span[1] - span[0]) for span in spans)
    return Resemblance(1, 1.0, 1.0, 100, passages)


@pytest.mark.parametrize(
    ("spans", "enough"),
    [
        ([(0, 200)], True),
        ([(0, 199)], False),
        ([(0, 120), (150, 230)], True),
        ([(0, 150), (50, 180)], False),
        ([], False),
    ],
)
def test_two_hundred_characters_are_the_floor(
    spans: list[tuple[int, int]], enough: bool
) -> None:
    assert may_act_alone(WORDS, alike(*spans), Bond(), PARAMS) is enough


@pytest.mark.parametrize("bond", [Bond(owns=True), Bond(licensed=True)])
def test_nothing_acts_against_the_party_or_a_licensee(bond: Bond) -> None:
    assert not may_act_alone(WORDS, alike((0, 400)), bond, PARAMS)


def test_numbers_are_no_evidence() -> None:
    text = WORDS[:150] + NUMBERS
    assert evidence_in(text, alike((0, 150), (150, len(text)))) == 150


def test_a_latin_word_counts_as_a_chinese_word_of_two_characters() -> None:
    english = "the quick brown fox jumps over a lazy dog, " * 11
    assert evidence_in(english, alike((0, len(english)))) == 11 * (8 * 2 + 1)
    assert not may_act_alone(english, alike((0, len(english))), Bond(), PARAMS)


@pytest.mark.parametrize(
    ("text", "mostly"), [("1234甲乙丙", True), ("123甲乙丙", False), ("", False)]
)
def test_more_than_half_is_mostly(text: str, mostly: bool) -> None:
    assert mostly_digits(text) is mostly
