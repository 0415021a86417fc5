"""What is proposed for a shelf: what unlike documents of several sellers share."""

from collections.abc import Callable, Hashable

import pytest

from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.proposals import Proposal, proposals
from tests.matching.memory import make_index, make_text

PARAMS = Params()
CLAUSE = make_text(140, seed=1)


def proposed(
    texts: dict[int, str], seller_of: Callable[[int], Hashable] = lambda text: text
) -> list[Proposal]:
    index = make_index(texts)
    return list(proposals(sorted(texts), index, seller_of, PARAMS))


def with_clause(n: int, clause: str = CLAUSE, between: str = "") -> str:
    text = make_text(900, seed=100 + n)
    return f"{text[:400]}{between}{clause}{between}{text[400:]}"


def test_what_five_unlike_documents_share_is_proposed_with_its_evidence() -> None:
    texts = {n: with_clause(n) for n in range(6)}

    (each,) = proposed(texts)

    start, end = each.passage
    assert normalize(texts[each.text][start:end]).string() == normalize(CLAUSE).string()
    assert len(each.found) == 5
    for text, (a, b) in each.found:
        assert normalize(texts[text][a:b]).string() == normalize(CLAUSE).string()


def test_four_documents_are_too_few() -> None:
    assert proposed({n: with_clause(n) for n in range(4)}) == []


def test_five_documents_of_one_seller_are_one() -> None:
    texts = {n: with_clause(n) for n in range(8)}
    assert proposed(texts, lambda text: text // 2) == []
    assert proposed(texts | {n: with_clause(n) for n in (8, 9)}, lambda text: text // 2)


def test_three_whole_paragraphs_are_enough_equal_to_the_character() -> None:
    texts = {n: with_clause(n, between="\n") for n in range(3)}

    (each,) = proposed(texts)

    start, end = each.passage
    assert normalize(texts[each.text][start:end]).string() == normalize(CLAUSE).string()
    assert sorted(text for text, _ in each.found) == [1, 2]
    assert proposed({n: texts[n] for n in range(2)}) == []
    edited_one = with_clause(2, CLAUSE[:-9] + make_text(9, 4), between="\n")
    assert proposed(texts | {2: edited_one}) == []


def test_three_paragraphs_of_one_seller_are_one() -> None:
    texts = {n: with_clause(n, between="\n") for n in range(3)}
    assert proposed(texts, lambda text: min(text, 1)) == []


def test_copies_of_one_work_propose_nothing() -> None:
    work = with_clause(1) + make_text(1500, 7)
    assert proposed({n: work + make_text(120, 50 + n) for n in range(12)}) == []


@pytest.mark.parametrize("size", [30, 1600])
def test_neither_a_phrase_nor_a_chapter_is_proposed(size: int) -> None:
    passage = make_text(size, seed=3)
    assert proposed({n: with_clause(n, passage) * 2 for n in range(7)}) == []
