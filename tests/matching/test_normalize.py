"""What a disguise leaves of a text, and that offsets lead back to the raw one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.matching.characters import BLOCK, DROPPED, folded_block
from evidence.matching.normalize import normalize


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("", ""),
        ("　\n\t 。，*—", ""),
        ("文 件，是*我*的！", "文件是我的"),
        ("ＡＢＣ　ａｂｃ", "abcabc"),
        ("文\u200b件\u200d的\ufeff权\u00ad利\u2060", "文件的权利"),
        ("\u202e文件\u202c\u2066权利\u2069", "文件权利"),
        ("專利權與著作權", "专利权与著作权"),
        ("⽂⼈⾒⻅⻓⻔⺠", "文人见见长门民"),
        ("Соруrіght", "copyright"),
        ("Αρρlе", "apple"),
        ("2023年第17条", "0年第0条"),
        ("第１２３页 ①②", "第0页0"),
        ("1 2 3", "0"),
        ("résumé re\u0301sume\u0301", "resumeresume"),
        ("Ａ㈱ Ⅳ ㎏", "a株ik"),
        ("二〇二三", "二零二三"),
        ("工作エ作力量カ量", "工作工作力量力量"),
        ("データーベース", "テ夕ヘス"),
        ("각", "각"),
        ("\ud800文\udfff", "文"),
    ],
)
def test_a_disguise_leaves_the_plain_text(disguised: str, plain: str) -> None:
    assert normalize(disguised).string() == plain


def test_a_million_digits_are_one() -> None:
    assert normalize("7" * 1_000_000).size == 1


@given(st.text())
def test_offsets_lead_back_to_the_characters_that_were_kept(text: str) -> None:
    normalized = normalize(text)

    raw = normalized.raw.tolist()
    assert raw == sorted(set(raw))
    kept = [normalize(text[at]).string() for at in raw]
    assert kept == list(normalized.string())


@given(st.text(), st.text())
def test_what_is_normal_already_stays(left: str, right: str) -> None:
    once = normalize(left + right).string()
    assert normalize(once).string() == once


@given(st.text(st.characters(categories=["L"])), st.sampled_from("\u200b　*，\u202e"))
def test_what_nobody_reads_changes_nothing(text: str, unread: str) -> None:
    scattered = unread.join(text)
    assert normalize(scattered).string() == normalize(text).string()


@pytest.mark.parametrize("block", [0x00, 0x03, 0x04, 0x2E, 0x30, 0x4E, 0x8F, 0xFF])
def test_every_folded_character_is_a_letter_or_a_number_that_stays(block: int) -> None:
    for folded in folded_block(block).tolist():
        if folded == DROPPED:
            continue
        assert unicodedata.category(chr(folded))[0] in "LN"
        assert folded_block(folded // BLOCK)[folded % BLOCK] == folded
