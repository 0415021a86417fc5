"""The aligner against a naive oracle that compares every pair of characters."""

import random

from hypothesis import example, given
from hypothesis import strategies as st

from evidence.matching.align import Aligner, Span
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from tests.matching.memory import edited, make_text

PARAMS = Params()
RUN = 20

orders = st.lists(st.integers(0, 5), unique=True, max_size=6)


def common_runs(query: str, found: str, least: int) -> list[tuple[int, int, int]]:
    """Return (query start, found start, length) of every longest common run."""
    runs = []
    above = [0] * (len(found) + 1)
    for i, char in enumerate(query):
        here = [0] * (len(found) + 1)
        for j, other in enumerate(found):
            if char != other:
                continue
            here[j + 1] = above[j] + 1
            goes_on = query[i + 1 : i + 2] == found[j + 1 : j + 2] != ""
            if here[j + 1] >= least and not goes_on:
                runs.append((i + 1 - here[j + 1], j + 1 - here[j + 1], here[j + 1]))
        above = here
    return runs


def spans_of(query: str, found: str) -> list[Span]:
    return Aligner(normalize(query), PARAMS).spans(normalize(found))


def made_of(pieces: list[str], order: list[int], seed: int) -> str:
    """Return the pieces in an order, with text of this seed alone between them."""
    return make_text(30, seed) + "".join(
        pieces[piece] + make_text(random.Random(seed + piece).randrange(60), seed + at)
        for at, piece in enumerate(order, 100)
    )


@given(orders, orders, st.integers(0, 1000))
@example([2, 4, 1, 0], [4, 0, 1], 203)
@example([0, 1, 3], [1, 0, 3], 116)
def test_every_long_common_run_lies_in_a_span(
    query_order: list[int], found_order: list[int], seed: int
) -> None:
    pieces = [make_text(RUN + 8 * n, seed=7000 + n) for n in range(6)]
    query = normalize(made_of(pieces, query_order, 10_000 + seed)).string()
    found = normalize(made_of(pieces, found_order, 20_000 + seed)).string()

    spans = spans_of(query, found)

    runs = common_runs(query, found, RUN)
    assert len(runs) >= len(set(query_order) & set(found_order)) > 0 or not runs
    for q, f, length in runs:
        assert any(
            span.q0 <= q
            and q + length <= span.q1
            and span.f0 <= f
            and f + length <= span.f1
            for span in spans
        )


@given(st.integers(0, 10_000), st.floats(0, 0.15), st.integers(100, 600))
@example(3166, 0.1484375, 100)
@example(1560, 0.140625, 100)
def test_an_edited_passage_is_covered_and_nothing_much_besides(
    seed: int, share: float, size: int
) -> None:
    passage = make_text(size, seed)
    before, after = make_text(200, seed + 1), make_text(200, seed + 2)
    query = normalize(before + edited(passage, share, seed) + after)
    start, end = normalize(before).size, query.size - normalize(after).size

    spans = spans_of(query.string(), passage)

    covered = set().union(*(range(span.q0, span.q1) for span in spans))
    inside = len(covered & set(range(start, end)))
    assert inside >= 0.85 * (end - start)
    assert len(covered) - inside <= 12


@given(st.text("中国人民大学", max_size=80), st.text("中国人民大学", max_size=80))
def test_any_two_texts_can_be_aligned(query: str, found: str) -> None:
    aligner = Aligner(normalize(query), PARAMS)
    for span in aligner.spans(normalize(found)):
        assert 0 <= span.q0 < span.q1 <= len(query)
        assert 0 <= span.f0 < span.f1 <= len(found)
        assert 0 <= aligner.similarity(span, found) <= 1


@given(st.integers(0, 10_000), st.floats(0, 0.2))
def test_similarity_in_pieces_is_never_more_than_in_one(
    seed: int, share: float
) -> None:
    from rapidfuzz.distance import Indel

    found = normalize(make_text(1500, seed)).string()
    query = normalize(edited(found, share, seed)).string()
    aligner = Aligner(normalize(query), PARAMS)

    for span in aligner.spans(normalize(found)):
        in_one = Indel.normalized_similarity(
            query[span.q0 : span.q1], found[span.f0 : span.f1]
        )
        assert in_one - 0.02 <= aligner.similarity(span, found) <= in_one + 1e-9


def test_a_long_refrain_does_not_hold_the_aligner_up() -> None:
    song = make_text(30, seed=8) * 300
    assert spans_of(make_text(500, 9) + song, song + make_text(500, 10)) is not None


def test_a_passage_ends_where_it_ends_beyond_an_insertion() -> None:
    passage, other = make_text(60, 1), make_text(60, 2)
    longer = passage[:52] + "又" + passage[52:56] + "又又" + passage[56:]

    (span,) = spans_of(longer + other, passage + make_text(60, 3))

    assert (span.q0, span.q1) == (0, normalize(longer).size)
    assert (span.f0, span.f1) == (0, normalize(passage).size)
