"""The strings of the site: find them all, keep the catalogue of translations whole.

    .venv/bin/python script/messages.py            update locale/*/LC_MESSAGES/django.po
    .venv/bin/python script/messages.py --check    name what is untranslated; exit 1

The source language is Chinese. Needs no GNU gettext.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, pofile
from django.template.base import Lexer, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import (
    block_re,
    constant_re,
    endblock_re,
    inline_re,
    plural_re,
)

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("evidence", "cases", "reports", "moderation")
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}

Message = str | tuple[str, str]
Found = tuple[Message, str, int]


def main() -> int:
    messages = list(every_message())
    whole = True
    for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalog = pofile.read_po(file, locale=path.parts[-3])
        if "--check" in sys.argv:
            whole &= _is_whole(catalog, messages, path)
        else:
            _update(catalog, messages, path)
    return 0 if whole else 1


def every_message() -> Iterator[Found]:
    """Yield each message with the file and the line in which it stands."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from _in_python(path)
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".svg"):
            yield from _in_template(path)


def untranslated(catalog: Catalog, messages: list[Found]) -> list[Found]:
    return [found for found in messages if not _is_translated(catalog, found[0])]


def _is_translated(catalog: Catalog, message: Message) -> bool:
    entry = catalog.get(message if isinstance(message, str) else message[0])
    said = entry.string if entry else ""
    return all(said) if isinstance(said, tuple | list) else bool(said)


def _is_whole(catalog: Catalog, messages: list[Found], path: Path) -> bool:
    missing = untranslated(catalog, messages)
    for message, place, line in missing:
        print(f"{place}:{line}: not in {path.relative_to(ROOT)}: {message}")
    return not missing


def _update(catalog: Catalog, messages: list[Found], path: Path) -> None:
    """Keep what is translated; a message that gained or lost its plural as well."""
    fresh = Catalog(
        locale=catalog.locale,
        charset="utf-8",
        fuzzy=False,
        project="Anjian",
        version="1",
        header_comment="# The words of Anjian, kept by script/messages.py",
        last_translator="Anjian",
        language_team="Anjian",
        msgid_bugs_address="Anjian",
        # The dates of the first run stay: they would change with every other one.
        creation_date=catalog.creation_date,
        revision_date=catalog.creation_date,
    )
    for message, place, _line in messages:
        is_plural = not isinstance(message, str)
        held = catalog.get(message[0] if is_plural else message)
        said = held.string if held else ""
        forms = tuple(said) if isinstance(said, tuple | list) else (said, said)
        fresh.add(message, forms if is_plural else forms[-1], locations=[(place, 0)])
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        pofile.write_po(file, fresh, width=88, sort_output=True, no_location=True)
    draft.replace(path)


def _in_python(path: Path) -> Iterator[Found]:
    place = str(path.relative_to(ROOT))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if name in SINGULAR and texts and isinstance(texts[0], str):
            yield texts[0], place, node.lineno
        elif name in PLURAL and len(texts) >= 2:
            yield (str(texts[0]), str(texts[1])), place, node.lineno


def _in_template(path: Path) -> Iterator[Found]:
    place = str(path.relative_to(ROOT))
    block: list[str] | None = None
    plural: list[str] | None = None
    trimmed = False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if block is not None:
            if token.token_type is TokenType.BLOCK and endblock_re.match(
                token.contents
            ):
                one = _joined(block, trimmed=trimmed)
                many = None if plural is None else _joined(plural, trimmed=trimmed)
                yield one if many is None else (one, many), place, token.lineno
                block = plural = None
            elif token.token_type is TokenType.BLOCK and plural_re.match(
                token.contents
            ):
                plural = []
            else:
                (block if plural is None else plural).append(_spelled(token))
        elif token.token_type is TokenType.BLOCK and block_re.match(token.contents):
            block, trimmed = [], "trimmed" in token.split_contents()
        elif token.token_type is TokenType.BLOCK:
            if found := inline_re.match(token.contents):
                yield found[1].strip("\"'"), place, token.lineno
            for constant in constant_re.findall(token.contents):
                yield constant.strip("\"'"), place, token.lineno
        elif token.token_type is TokenType.VAR:
            for constant in constant_re.findall(token.contents):
                yield constant.strip("\"'"), place, token.lineno


def _spelled(token: object) -> str:
    contents: str = token.contents  # type: ignore[attr-defined]
    if token.token_type is TokenType.VAR:  # type: ignore[attr-defined]
        return f"%({contents})s"
    return contents.replace("%", "%%")


def _joined(parts: list[str], *, trimmed: bool) -> str:
    text = "".join(parts)
    return trim_whitespace(text) if trimmed else text


if __name__ == "__main__":
    sys.exit(main())
