"""What a screening promises: copies found, where they stand, what does not count."""

import random

import pytest

from evidence.matching.index import Shelf
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.screen import screen
from tests.matching.memory import edited, make_index, make_text

PARAMS = Params()
OTHERS = {n: make_text(800, seed=n) for n in range(1, 40)}
COMMON = Shelf("common clauses", "template")


def test_a_pasted_passage_is_found_where_it_stands() -> None:
    passage = OTHERS[7][300:600]
    query = make_text(500, 101) + passage + make_text(500, 102)

    (match,) = screen(query, make_index(OTHERS), PARAMS).resemblances

    (found,) = match.passages
    assert match.text == 7
    assert query[slice(*found.query)] == OTHERS[7][slice(*found.found)]
    assert query[slice(*found.query)].strip("。") == passage.strip("。")
    assert found.similarity == 1
    assert found.length == normalize(passage).size == match.longest_run
    assert match.containment_query == pytest.approx(0.225, abs=0.02)
    assert match.containment_found == pytest.approx(0.36, abs=0.02)


def test_a_disguised_copy_is_contained_wholly_both_ways() -> None:
    disguised = "\u200b".join(OTHERS[3].replace("。", " *\n"))

    (match,) = screen(disguised, make_index(OTHERS), PARAMS).resemblances

    assert match.text == 3
    assert (match.containment_query, match.containment_found) == (1.0, 1.0)


def test_masked_names_do_not_break_a_passage() -> None:
    text = OTHERS[5]
    masked = "".join("*" if at % 25 == 9 else char for at, char in enumerate(text))

    (match,) = screen(masked, make_index(OTHERS), PARAMS).resemblances

    assert match.containment_query > 0.98
    assert len(match.passages) == 1


def test_a_noisy_copy_is_found_and_its_likeness_told() -> None:
    (match,) = screen(
        edited(OTHERS[9], 0.1, 1), make_index(OTHERS), PARAMS
    ).resemblances

    assert match.text == 9
    assert 0.85 < match.passages[0].similarity < 0.97


def test_a_passage_under_heavy_noise_is_told_in_one_piece() -> None:
    texts = {n: make_text(2500, seed=500 + n) for n in range(6)}
    index = make_index(texts)
    for n, text in texts.items():
        (match,) = screen(edited(text, 0.22, n), index, PARAMS).resemblances
        assert (match.text, len(match.passages)) == (n, 1)


def test_verse_is_found_though_its_lines_were_shuffled() -> None:
    lines = [make_text(14, seed=9000 + n) for n in range(90)]
    shuffled = random.Random(3).sample(lines, len(lines))

    index = make_index({**OTHERS, 70: "。".join(lines)})
    (match,) = screen("\n".join(shuffled), index, PARAMS).resemblances

    assert match.text == 70
    assert match.containment_query > 0.5


def test_common_lines_in_prose_do_not_make_a_copy_of_it() -> None:
    lines = [make_text(14, seed=9000 + n) for n in range(12)]
    one, other = (
        "。".join(make_text(90, seed=at + n) + line for n, line in enumerate(lines))
        for at in (300, 400)
    )
    assert screen(one, make_index({**OTHERS, 70: other}), PARAMS).resemblances == []


@pytest.mark.parametrize("size", [1, 2, 30, 59])
def test_a_short_text_is_found_by_its_twin_alone(size: int) -> None:
    short = make_text(900, 200)[:size]
    texts = OTHERS | {500: short + "！", 501: short + "又" + make_text(300, 201)}

    (match,) = screen(f" {short}", make_index(texts), PARAMS).resemblances

    assert match.text == 500
    assert match.containment_found == 1.0
    assert match.longest_run == normalize(short).size


@pytest.mark.parametrize("size", [60, 70, 95, 130])
def test_the_same_text_is_always_found_however_few_its_fingerprints(size: int) -> None:
    texts = {n: normalize(make_text(size, seed=300 + n)).string() for n in range(20)}
    index = make_index(texts)
    for text, content in texts.items():
        assert [m.text for m in screen(content, index, PARAMS).resemblances] == [text]


@pytest.mark.parametrize("nothing", ["", " ", "*。*", "\u200b", "\ud800"])
def test_an_empty_text_resembles_nothing(nothing: str) -> None:
    texts = OTHERS | {600: "", 601: "。"}
    assert screen(nothing, make_index(texts), PARAMS).resemblances == []


def test_texts_of_nothing_but_digits_are_one_another_and_no_more() -> None:
    index = make_index(OTHERS | {602: "1234 5678 " * 50})
    (match,) = screen("9" * 5000, index, PARAMS).resemblances
    assert match.text == 602
    assert match.longest_run == 1


def test_an_empty_index_answers() -> None:
    assert screen(OTHERS[1], make_index({}), PARAMS).resemblances == []


def test_unlike_texts_are_not_reported() -> None:
    assert screen(make_text(2000, 300), make_index(OTHERS), PARAMS).resemblances == []


def test_a_passage_that_stands_on_a_shelf_is_a_quotation() -> None:
    texts = OTHERS | {700: OTHERS[7][100:500] + make_text(600, 400)}
    query = make_text(400, 401) + OTHERS[7][100:500] + OTHERS[8][:300]

    index = make_index(texts, shelves={7: "statutes"})
    screening = screen(query, index, PARAMS)

    assert [match.text for match in screening.resemblances] == [8]
    (ignored,) = screening.ignored
    assert (ignored.why, ignored.source) == ("shelf", "statutes")
    assert query[slice(*ignored.query)].strip("。") == OTHERS[7][100:500].strip("。")


def test_an_annotated_edition_is_free_only_where_it_quotes() -> None:
    articles = [make_text(150, 800 + n) for n in range(3)]
    notes = [make_text(200, 810 + n) for n in range(3)]
    edition = "".join(f"{a}\n{n}\n" for a, n in zip(articles, notes, strict=True))
    index = make_index({1: "\n".join(articles), 2: edition}, shelves={1: "statutes"})

    screening = screen(edition[:-40], index, PARAMS)

    (match,) = screening.resemblances
    assert match.text == 2
    copied = [edition[slice(*passage.query)] for passage in match.passages]
    assert len(copied) == len(notes)
    for text, note in zip(copied, notes, strict=True):
        assert abs(normalize(text).size - normalize(note).size) <= 45
        assert normalize(text).string()[:100] in normalize(note).string()
    assert match.containment_query == pytest.approx(600 / 1050, abs=0.05)
    assert [each.source for each in screening.ignored] == ["statutes"] * 3


def test_a_copied_text_is_one_passage_although_clauses_stand_in_it() -> None:
    clauses = [make_text(200, 820 + n) for n in range(3)]
    notes = [make_text(300, 830 + n) for n in range(4)]
    copied = "\n".join(
        [notes[0], *(c + n for c, n in zip(clauses, notes[1:], strict=True))]
    )
    texts = dict(enumerate(clauses, 1)) | {9: copied}
    index = make_index(texts, shelves=dict.fromkeys((1, 2, 3), COMMON))

    screening = screen(copied[:-20], index, PARAMS)

    (match,) = screening.resemblances
    (passage,) = match.passages
    assert passage.query[1] - passage.query[0] >= len(copied) - 60
    assert match.containment_query == pytest.approx(1200 / 1800, abs=0.05)
    assert [each.why for each in screening.ignored] == ["template"] * 3


def test_what_is_mostly_clauses_is_cut_at_each_of_them() -> None:
    clauses = [make_text(300, 820 + n) for n in range(3)]
    notes = [make_text(120, 830 + n) for n in range(4)]
    copied = "\n".join(
        [notes[0], *(c + n for c, n in zip(clauses, notes[1:], strict=True))]
    )
    texts = dict(enumerate(clauses, 1)) | {9: copied}
    index = make_index(texts, shelves=dict.fromkeys((1, 2, 3), COMMON))

    (match,) = screen(copied[:-20], index, PARAMS).resemblances

    assert len(match.passages) == len(notes)


def test_a_quotation_is_told_although_nobody_else_has_it() -> None:
    index = make_index(OTHERS, shelves={7: "statutes"})
    query = make_text(400, 401) + OTHERS[7][100:400]

    screening = screen(query, index, PARAMS)

    assert screening.resemblances == []
    assert [each.source for each in screening.ignored] == ["statutes"]


def test_what_many_have_is_found_although_few_of_them_are_read() -> None:
    clause = make_text(160, 500)
    texts = {n: text + clause for n, text in OTHERS.items()}
    query = make_text(600, 501) + clause

    screening = screen(query, make_index(texts), PARAMS)
    claimed = screen(query, make_index(texts), PARAMS, rights=True)

    assert 0 < len(screening.resemblances) <= PARAMS.candidates
    assert {match.text for match in claimed.resemblances} == set(texts)


def test_a_work_uploaded_three_hundred_times_is_reported_in_full() -> None:
    work = make_text(1500, 900)
    copies = {1000 + n: work[: 1500 - n] for n in range(300)}
    index = make_index(
        OTHERS | copies, stands_for={1000: [text for text in copies if text != 1000]}
    )

    for query in (work, make_text(400, 901) + work[500:750]):
        found = screen(query, index, PARAMS).resemblances
        assert {match.text for match in found} == set(copies)


def test_a_table_of_numbers_is_no_evidence() -> None:
    def table(seed: int) -> str:
        rows = make_text(240, seed).replace("。", "")
        return "".join(f"{char}{seed}{at}," for at, char in enumerate(rows[:60]))

    texts = OTHERS | {950: "年1月2日3时4分5秒6" * 60 + make_text(200, 905)}
    query = make_text(300, 906) + table(907) + "年7月8日9时1分2秒3" * 3

    assert screen(query, make_index(texts), PARAMS).resemblances == []


def test_a_right_holder_sees_more_copies_than_a_screening_reads() -> None:
    work = make_text(3000, 600)
    copies = {
        n: make_text(300, 700 + n) + edited(work[40 * n : 40 * n + 400], 0.1, n)
        for n in range(60)
    }
    screening = screen(work, make_index(OTHERS | copies), PARAMS, rights=True)
    assert {match.text for match in screening.resemblances} >= set(range(60))
