"""The sample of a text depends on the text alone, and finer samples hold coarser."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.matching.fingerprints import WHOLE, fingerprints, grams
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from tests.matching.memory import make_text

PARAMS = Params()


@given(st.lists(st.integers(1, 0x10FFFF), max_size=40), st.integers(1, 12))
def test_equal_grams_hash_alike_and_others_do_not(points: list[int], k: int) -> None:
    twice = np.array(points + points, np.uint32)

    hashes = grams(twice, k).tolist()

    slices = [tuple((points + points)[at : at + k]) for at in range(len(hashes))]
    assert len(hashes) == max(0, twice.size - k + 1)
    assert len(set(hashes)) == len(set(slices))
    assert len(set(zip(hashes, slices, strict=True))) == len(set(slices))


def test_a_passage_keeps_its_fingerprints_wherever_it_stands() -> None:
    passage = make_text(400, seed=1)
    alone = set(fingerprints(normalize(passage), PARAMS).hashes.tolist()[:-1])

    around = make_text(300, 2) + passage + make_text(300, 3)

    assert alone
    assert alone <= set(fingerprints(normalize(around), PARAMS).hashes.tolist())


def test_a_finer_sample_holds_the_coarser_one() -> None:
    text = normalize(make_text(3000, seed=4))
    coarse = fingerprints(text, PARAMS)
    fine = fingerprints(text, replace(PARAMS, sampling=8))

    assert set(coarse.hashes.tolist()) < set(fine.hashes.tolist())
    assert coarse.hashes.max() < 2**47
    assert fine.hashes.max() < 2**47


def test_about_one_gram_in_sixteen_is_kept() -> None:
    size = fingerprints(normalize(make_text(16_000, seed=5)), PARAMS).size
    assert 850 < size < 1150


@pytest.mark.parametrize(
    ("text", "size"), [("", 0), ("。", 0), ("字", 1), ("1" * 99, 1)]
)
def test_a_short_text_has_the_whole_text_hash_alone(text: str, size: int) -> None:
    assert fingerprints(normalize(text), PARAMS).size == size


def test_a_refrain_takes_a_few_places_in_the_index() -> None:
    verse = make_text(40, seed=6)
    sample = fingerprints(normalize(verse * 200), PARAMS)

    _, times = np.unique(sample.hashes, return_counts=True)
    assert times.max() == PARAMS.repeats
    assert sample.positions[-1] == WHOLE
    assert (np.diff(sample.positions[:-1]) > 0).all()


def test_the_digest_changes_with_any_parameter() -> None:
    changed = [
        replace(PARAMS, **{name: getattr(PARAMS, name) + 1})
        for name in PARAMS.as_dict()
        if name != "folding"
    ]
    digests = {params.digest() for params in [PARAMS, *changed]}
    assert len(digests) == len(changed) + 1
    assert all(len(digest) == 16 for digest in digests)
    assert Params().digest() == PARAMS.digest()
