"""Every word that people read can be translated: none stands bare in code or page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import pofile
from django.template.base import Lexer, TokenType

from script import messages

ROOT = Path(__file__).resolve().parent.parent
HAN = re.compile(r"[\u3400-\u9fff]")
CALLS = messages.SINGULAR | messages.PLURAL
# The demo's documents, character tables, names of statutes as people type them and
# labels found on foreign listing pages are material, not words of ours;
# docs/workflow.md is a Chinese page.
MATERIAL = (
    "moderation/demo/",
    "moderation/settings.py",
    "moderation/management/commands/accounts.py",
    "evidence/matching/",
    "evidence/extractors/",
    "cases/citations.py",
    "cases/workflows/drawing.py",
    "cases/workflows/guards.py",
    "migrations/",
)


def python_files() -> Iterator[Path]:
    for package in messages.PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            if not any(part in place for part in MATERIAL):
                yield path


def bare_strings(path: Path) -> Iterator[int]:
    """Lines of string literals with Han characters outside a call of gettext."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in CALLS:
                passed |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and HAN.search(node.value)
            and id(node) not in passed
        ):
            yield node.lineno


def test_no_bare_han_characters_in_python() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files()
        for line in bare_strings(path)
    ]
    assert found == []


def test_no_bare_han_characters_in_templates() -> None:
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        inside = False
        for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
            if token.token_type is TokenType.BLOCK:
                word = token.contents.split()[0]
                inside = {"blocktranslate": True, "endblocktranslate": False}.get(
                    word, inside
                )
            if token.token_type is TokenType.TEXT and not inside:
                bare = re.sub(r"<!--.*?-->", "", token.contents, flags=re.S)
                if HAN.search(bare):
                    found.append(f"{path.relative_to(ROOT)}:{token.lineno}")
    assert found == []


@pytest.mark.parametrize("language", ["en"])
def test_every_message_is_translated(language: str) -> None:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalog = pofile.read_po(file, locale=language)
    missing = messages.untranslated(catalog, list(messages.every_message()))
    assert [message for message, _place, _line in missing] == []


@pytest.mark.parametrize("language", ["en"])
def test_translations_keep_the_placeholders(language: str) -> None:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    names = re.compile(r"%\((\w+)\)")
    with path.open("rb") as file:
        catalog = pofile.read_po(file, locale=language)
    for entry in catalog:
        source = entry.id if isinstance(entry.id, str) else entry.id[0]
        said = [entry.string] if isinstance(entry.string, str) else entry.string
        for text in said:
            assert set(names.findall(text)) <= set(names.findall(source)), source
