import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.extractors import HTML, TEXT, ExtractionError, extract
from tests.extractors.making import ANOTHER, SENTENCE

TRADITIONAL = "河岸的老樟樹下,幾位船工正在修補一張舊漁網,孩子們在旁邊遞線。"
MARKED = {
    "utf-8-sig": b"",
    "utf-16": b"",
    "utf-32": b"",
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
CHINESE = st.text(
    st.characters(min_codepoint=0x2E80, codec="gb18030", categories=["Lo", "Po"])
    | st.sampled_from("的一是在不了有和人这,。 \n\tAz09"),
    min_size=1,
)


def read(content: bytes) -> str:
    return extract(content, TEXT).text


@given(CHINESE)
def test_marked_encodings_give_the_same_text_back(text: str) -> None:
    for encoding, mark in MARKED.items():
        assert read(mark + text.encode(encoding)) == text


@given(CHINESE)
def test_utf8_gives_the_same_text_back(text: str) -> None:
    assert read(text.encode("utf-8")) == text


@given(st.text("的一是在不了有和人这中大为上个国我以要他,。:()\n", min_size=2))
def test_gb18030_of_common_characters_gives_the_same_text_back(text: str) -> None:
    assert read(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("版权声明", "gbk"),
        (SENTENCE + ANOTHER, "gbk"),
        (SENTENCE + "𠮷㐀" + ANOTHER, "gb18030"),
        (TRADITIONAL, "big5"),
        (SENTENCE + ANOTHER, "utf-16-le"),
        (SENTENCE + ANOTHER, "utf-16-be"),
        (SENTENCE + ANOTHER, "utf-32-le"),
        ("plain ASCII words in wide characters", "utf-16-le"),
        ("plain ASCII words in wide characters", "utf-16-be"),
        (f"# {SENTENCE}\n> 「{ANOTHER}」", "utf-32-be"),
        ("單擊 **“新建”**,再單擊", "big5"),
        ("呢啲嘢喺邊度嚟㗎?" + TRADITIONAL, "big5hkscs"),
        ("Les élèves ont été très étonnés : « c’était l’été »", "cp1252"),
    ],
)
def test_unmarked_encodings_are_recognised(text: str, encoding: str) -> None:
    assert read(text.encode(encoding)) == text


def test_crlf_becomes_a_single_newline() -> None:
    assert read("甲\r\n乙\r丙\n".encode()) == "甲\n乙\n丙\n"


def test_a_character_cut_off_at_the_end_is_dropped() -> None:
    assert read(SENTENCE.encode()[:-1]) == SENTENCE[:-1]


def test_what_no_database_stores_is_left_out() -> None:
    assert read(f"{SENTENCE * 9}\0".encode()) == SENTENCE * 9


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (bytes(range(256)) * 16, "binary"), (b"\0" * 400, "binary")],
)
def test_empty_and_binary_files_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(ExtractionError) as refusal:
        read(content)

    assert refusal.value.code == code


def test_html_gives_what_a_reader_sees() -> None:
    page = (
        "<html><head><title>不见</title><script>不见()</script></head><body>"
        "<p>第一段<b>加粗</b></p><div>第二段<br>换行</div><style>不见</style>"
        "<table><tr><td>甲</td><td>乙</td></tr></table><!-- 不见 --></body></html>"
    )

    assert extract(page.encode(), HTML).text == "第一段加粗\n第二段\n换行\n甲\t乙\n"


def test_html_in_the_encoding_it_declares() -> None:
    page = f'<html><head><meta charset="gb2312"></head><p>{SENTENCE}镕</p></html>'

    assert extract(page.encode("gbk"), HTML).text.strip() == f"{SENTENCE}镕"
