"""The index in the database: found at commit, gone when removed, bounded lookups."""

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from evidence import store
from evidence.index import FingerprintIndex
from evidence.matching.fingerprints import Fingerprints, fingerprints
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.screen import screen
from tests.factories import make_text as make_stored_text
from tests.matching.memory import make_text

pytestmark = pytest.mark.django_db
PARAMS = Params()


def sample_of(content: str) -> Fingerprints:
    return fingerprints(normalize(content), PARAMS)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_fingerprint")
        return int(cursor.fetchone()[0])


def test_a_lookup_returns_every_place_of_every_hash() -> None:
    samples = {n: sample_of(make_text(2000, n) + make_text(300, 99)) for n in (1, 2, 3)}
    store.add_many(samples.items())

    asked = np.append(samples[2].hashes, np.uint64(12345))
    found = store.lookup(asked).uploads

    expected = {
        (place, text, position)
        for text, sample in samples.items()
        for hash_, position in zip(
            sample.hashes.tolist(), sample.positions.tolist(), strict=True
        )
        for place, wanted in enumerate(asked.tolist())
        if hash_ == wanted
    }
    answer = zip(
        found.query_index.tolist(),
        found.text.tolist(),
        found.position.tolist(),
        strict=True,
    )
    assert set(answer) == expected
    assert store.count() == 3


def test_more_hashes_than_one_statement_takes_are_looked_up() -> None:
    sample = sample_of(make_text(20_000, 1))
    store.add(7, sample)

    found = store.lookup(sample.hashes).uploads

    assert sample.size > 1000
    assert sorted(set(found.query_index.tolist())) == list(range(sample.size))


def test_a_lookup_stops_at_its_limit_for_each_hash() -> None:
    sample = sample_of(make_text(600, 1))
    for text in range(1, 12):
        store.add(text, sample)

    found = store.lookup(sample.hashes, limit=5).uploads

    assert np.bincount(found.query_index).tolist() == [5] * sample.size
    assert set(found.text.tolist()) == {1, 2, 3, 4, 5}


def test_no_hashes_find_nothing() -> None:
    assert store.lookup(np.empty(0, np.uint64)).uploads.text.size == 0


def test_a_text_is_indexed_once() -> None:
    store.add(1, sample_of(make_text(600, 1)))
    with pytest.raises(IntegrityError), transaction.atomic():
        store.add(1, sample_of(make_text(600, 2)))


@pytest.mark.parametrize("known", [True, False], ids=["by key", "by reading all"])
def test_a_removed_text_leaves_nothing_behind(known: bool) -> None:
    kept, gone = sample_of(make_text(600, 1)), sample_of(make_text(9000, 2))
    store.add_many([(1, kept), (2, gone)])

    store.remove(2, gone if known else None)

    assert rows() == kept.size
    assert store.count() == 1
    store.remove(2)
    store.add(2, gone)


def test_the_wrong_sample_removes_all_the_same() -> None:
    store.add(1, sample_of(make_text(600, 1)))
    store.remove(1, sample_of(make_text(600, 2)))
    assert rows() == 0


def test_one_text_stands_for_another_which_keeps_what_it_alone_has() -> None:
    first = sample_of(make_text(2000, 1))
    both = sample_of(make_text(2000, 1) + make_text(600, 2))
    shared = np.isin(both.hashes, first.hashes)
    store.add_many([(1, first), (2, both)])

    store.stand_for(
        1, 2, Fingerprints(both.hashes[shared], both.positions[shared], both.rule)
    )

    assert (store.count(), store.size()) == (2, 2)
    assert store.members([1, 2]) == {1: [2]}
    assert store.representatives([1, 2, 3]) == {1: None, 2: 1}
    assert set(store.lookup(first.hashes).uploads.text.tolist()) == {1}
    assert set(store.lookup(both.hashes[~shared]).uploads.text.tolist()) == {2}
    store.remove(2, both)
    assert rows() == first.size


def test_shelves_have_an_index_of_their_own() -> None:
    sample = sample_of(make_text(600, 1))
    store.shelve(1, sample)

    assert store.lookup(sample.hashes).uploads.text.size == 0
    assert store.lookup(sample.hashes, 8).shelves.text.size == sample.size
    store.unshelve(1, sample)
    assert store.lookup(sample.hashes, 8).shelves.text.size == 0


def test_a_text_that_was_rolled_back_cannot_be_found() -> None:
    sample = sample_of(make_text(600, 1))
    with transaction.atomic():
        store.add(1, sample)
        transaction.set_rollback(True)
    assert store.lookup(sample.hashes).uploads.text.size == 0
    assert store.count() == 0


def test_texts_of_another_rule_are_known() -> None:
    store.add(1, sample_of(make_text(600, 1)))
    assert store.outdated(PARAMS.fingerprint_rule()) == []
    assert store.outdated("n0k9p4") == [1]


def test_the_matcher_finds_a_stored_text() -> None:
    stored = make_stored_text(make_text(800, 5))
    store.add(stored.pk, sample_of(stored.content))
    query = make_text(300, 6) + stored.content[100:500]

    (match,) = screen(query, FingerprintIndex(), PARAMS).resemblances

    assert match.text == stored.pk


def test_who_stands_for_others_is_known_from_reading_the_texts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first, second, alone = (
        make_stored_text(make_text(800, seed)) for seed in (5, 6, 7)
    )
    for each in (first, second, alone):
        store.add(each.pk, sample_of(each.content))
    store.stand_for(first.pk, second.pk, sample_of(""))
    index = FingerprintIndex()

    assert index.contents([alone.pk]) == {alone.pk: alone.content}
    with django_assert_num_queries(0):
        assert index.members([alone.pk]) == {}
    index.contents([first.pk])
    assert index.members([first.pk, alone.pk]) == {first.pk: [second.pk]}
