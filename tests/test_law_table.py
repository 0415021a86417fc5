"""docs/law.md and docs/glossary.md hold what the tables of the law name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from cases.clocks import CLOCKS
from cases.errors import Sentence
from cases.terms import TERMS
from cases.workflows.extension import Delay

DOCS = Path("docs")
# As docs/law.md calls each → as the sentences of the tables do; longer names first.
LAWS = {
    "未成年人网络保护条例": ("未成年人网络保护条例",),
    "条例": ("信息网络传播权保护条例", "条例"),
    "互联网著作权行政保护办法": ("互联网著作权行政保护办法",),
    "互联网信息服务管理办法": ("互联网信息服务管理办法",),
    "生态治理规定": ("网络信息内容生态治理规定", "生态治理规定"),
    "民事诉讼法": ("民事诉讼法",),
    "个人信息保护法": ("个人信息保护法",),
    "电子商务法": ("电子商务法",),
    "电子签名法": ("电子签名法",),
    "著作权法": ("著作权法",),
    "民法典": ("民法典",),
    "商标法": ("商标法",),
    "教育法": ("教育法",),
    "刑法": ("刑法",),
    "法释〔2020〕9号": ("法释〔2020〕9号",),
    "法发〔2020〕32号": ("法发〔2020〕32号",),
    "17 U.S.C.": ("美国法典",),
    "DSA": ("数字服务法", "DSA"),
    "第1182/71号条例": ("第1182/71号条例",),
}
SAID = {said: law for law, names in LAWS.items() for said in names}
# "该法" leans on the article that stands beside it.
NAMES = "|".join(map(re.escape, sorted([*SAID, "该法"], key=len, reverse=True)))
NUMBER = "(?:[一二三四五六七八九十百千零]+|[0-9]+)"
TOKEN = re.compile(f"(?P<law>{NAMES})|第(?P<a>{NUMBER})条(?:至第(?P<b>{NUMBER})条)?")
DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}

Article = tuple[str, int]


def number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in UNITS:
            total, digit = total + (digit or 1) * UNITS[character], 0
        else:
            digit = DIGITS[character]
    return total + digit


def cited(sentence: str) -> Iterator[Article]:
    """The articles that a sentence of a table cites; both ends of a range."""
    law = ""
    for found in TOKEN.finditer(sentence):
        if found["law"]:
            law = SAID.get(found["law"], "")
        elif law:
            for end in filter(None, (found["a"], found["b"])):
                yield law, number(end)


def sentences() -> Iterator[str]:
    for path in sorted(Path("cases").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def explained() -> set[Article]:
    """The articles in the first column of docs/law.md: "law 1, 3–5; law 2(1)"."""
    found: set[Article] = set()
    for line in (DOCS / "law.md").read_text().splitlines():
        if not line.startswith("| "):
            continue
        for part in line.split("|")[1].split(";"):
            law = next((law for law in LAWS if part.strip().startswith(law)), "")
            for a, b in re.findall(
                r"(?<![\d(])(\d+)(?:–(\d+))?", part.strip().removeprefix(law)
            ):
                found |= {(law, n) for n in range(int(a), int(b or a) + 1)}
    return found


def test_citations_are_read_as_they_are_written() -> None:
    words = (
        "《民法典》第一千一百九十五条、第一千一百九十六条第一款；条例第十四条至第十七条"
    )
    assert list(cited(words)) == [
        ("民法典", 1195),
        ("民法典", 1196),
        ("条例", 14),
        ("条例", 17),
    ]
    assert list(cited("未成年人网络保护条例第三十八条")) == [
        ("未成年人网络保护条例", 38)
    ]
    assert list(cited("《美国法典》第17编第512条(g)(3)")) == [("17 U.S.C.", 512)]


def test_the_law_table_has_every_article_that_a_table_names() -> None:
    named = {article for sentence in sentences() for article in cited(sentence)}
    assert len(named) > 40
    assert sorted(named - explained()) == []


def test_the_glossary_has_every_clock_and_term() -> None:
    glossary = (DOCS / "glossary.md").read_text()
    labels: set[Sentence] = {clock.label for clock in CLOCKS.values()}
    labels |= {term.label for term in TERMS.values()}
    labels |= {delay.label for delay in Delay}
    assert sorted(str(label) for label in labels if str(label) not in glossary) == []
