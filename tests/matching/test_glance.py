"""The look before an alignment: what it may turn away, and what it must let through."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evidence.matching.candidates import Candidate
from evidence.matching.glance import Glance
from evidence.matching.normalize import NormalizedText, normalize
from evidence.matching.params import Params
from tests.matching.memory import edited, make_text

PARAMS = Params()


def shared(query: NormalizedText, found: NormalizedText) -> Candidate:
    """Return the candidate that every shared gram makes, sampled or not."""
    k, string, other = PARAMS.gram, query.string(), found.string()
    places = {other[at : at + k]: at for at in range(len(other) - k + 1)}
    pairs = [
        (at, places[string[at : at + k]])
        for at in range(len(string) - k + 1)
        if string[at : at + k] in places
    ]
    positions = np.array([at for at, _ in pairs], np.int32)
    diagonals = np.array([there - at for at, there in pairs], np.int32)
    return Candidate(1, diagonals, positions)


@given(st.integers(60, 400), st.floats(0, 0.2), st.integers(0, 10_000))
def test_a_copied_passage_is_let_through_under_noise(
    length: int, noise: float, seed: int
) -> None:
    passage = make_text(length, seed)
    query = normalize(make_text(200, seed + 1) + edited(passage, noise, seed))
    found = normalize(make_text(300, seed + 2) + passage + make_text(90, seed + 3))
    candidate = shared(query, found)
    if candidate.positions.size < PARAMS.seeds:
        return  # nothing brings such a text to be looked at

    assert Glance(query, PARAMS).promises(candidate, found)


@given(st.integers(0, 10_000))
def test_a_common_phrase_is_turned_away(seed: int) -> None:
    phrase = make_text(random.Random(seed).randrange(9, 14), seed)
    query = normalize(make_text(200, seed + 1) + phrase + make_text(200, seed + 2))
    found = normalize(make_text(300, seed + 3) + phrase + make_text(200, seed + 4))

    assert not Glance(query, PARAMS).promises(shared(query, found), found)
