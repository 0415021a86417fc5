"""Titles are alike but for what sellers hang on to them, and nothing more is said."""

import pytest

from evidence.matching.titles import title_key

TITLE = "桥边的春天：写景单元教学设计"


@pytest.mark.parametrize(
    "other",
    [
        "桥边的春天:写景单元教学设计（最新）",
        "桥边的春天 写景单元教学设计—可编辑",
        "【精品】桥边的春天：写景单元教学设计(完整版)(2026年修订版)",
        "橋邊的春天：寫景單元教學設計.docx",
        "桥边的春天：写景单元教学设计2026年修订",
        "桥边的春天：写景单元教学设计 - word版 含答案",
    ],
)
def test_ornaments_do_not_tell_titles_apart(other: str) -> None:
    assert title_key(other) == title_key(TITLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TITLE, "桥边的春天：写人单元教学设计"),
        ("高等数学（上册）", "高等数学（下册）"),
        ("劳动合同", "劳动合同书范例"),
        ("答案", "下载"),
    ],
)
def test_titles_that_say_other_things_are_others(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize("title", ["最新完整版", "2026年", "word", "字", "答案 下载"])
def test_a_title_of_nothing_but_ornaments_keeps_them(title: str) -> None:
    assert title_key(title)


def test_a_title_without_letters_has_no_key() -> None:
    assert title_key("……！") == ""


def test_a_long_title_is_read_at_once() -> None:
    assert title_key("最新-" * 100 + "完" * 100)
