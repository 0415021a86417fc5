"""manage.py screen: what a file resembles among everything held; stores nothing."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence.comparison import place_of
from evidence.extractors import Extract, ExtractionError
from evidence.management.answers import answer_json, printable
from evidence.management.readiness import ensure_database, refusal
from evidence.matching.passages import Passage, Screening
from evidence.models import Text
from evidence.reading import read_file
from evidence.screening import Found, documents_in, is_comparable, screen_text
from evidence.thresholds import in_force


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Compare a file with every document held and print what it resembles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--rights", action="store_true", help="look for every copy of one work"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *args: Any, file: str, rights: bool, as_json: bool, **options: Any
    ) -> None:
        path = Path(file)
        _check(path)
        ensure_database()
        extract, refused = Extract(name="", version="", text=""), ""
        try:
            _kind, extract = read_file(path, path.name)
        except ExtractionError as error:
            refused = error.code
            self.stderr.write(f"REFUSED: {error.code} {error.sentence}")
        screening = screen_text(extract.text, rights=rights)
        found = documents_in(screening)
        if as_json:
            answer_json(
                self.stdout,
                {
                    "query": _query(path, extract, refused),
                    "parameters": {**in_force().as_dict(), "rights": rights},
                    "matches": [_match(each, extract) for each in found],
                    "ignored": _ignored(screening),
                },
            )
        else:
            self._print(found)
        if refused:
            sys.exit(1)

    def _print(self, found: list[Found]) -> None:
        self.stdout.write(f"matches={len(found)}")
        for each in found:
            alike = each.resemblance
            shares = f"{alike.containment_query:.1%} {alike.containment_found:.1%}"
            title = each.document.current.title if each.document.current else ""
            self.stdout.write(printable(f"{each.document.number}  {shares}  {title}"))


def _check(path: Path) -> None:
    if not path.is_file():
        raise refusal(printable(f"no such file: {path}"))
    try:
        path.open("rb").close()
    except OSError as error:
        raise refusal(printable(f"{path}: {error.strerror}")) from error


def _query(path: Path, extract: Extract, refused: str) -> dict[str, Any]:
    readable = is_comparable(extract.text)
    state = Text.State.OK if readable else Text.State.NO_TEXT
    return {
        "path": str(path),
        "characters": len(extract.text),
        "pages": extract.pages,
        "text_state": Text.State.REFUSED if refused else state,
    }


def _match(each: Found, extract: Extract) -> dict[str, Any]:
    current = each.document.current
    return {
        "document": each.document.number,
        "title": current.title if current else None,
        "containment_query": round(each.resemblance.containment_query, 4),
        "containment_document": round(each.resemblance.containment_found, 4),
        "longest_run": each.resemblance.longest_run,
        "passages": [
            _passage(passage, extract, each.text)
            for passage in each.resemblance.passages
        ],
    }


def _passage(passage: Passage, extract: Extract, text: Text) -> dict[str, Any]:
    place = place_of(text, passage.found[0])
    return {
        "query": list(passage.query),
        "document": list(passage.found),
        "query_page": extract.page_at(passage.query[0]),
        "document_page": place.page,
        "document_segment": place.segment,
        "similarity": passage.similarity,
    }


def _ignored(screening: Screening) -> list[dict[str, Any]]:
    return [
        {"query": list(each.query), "why": each.why, "source": each.source}
        for each in screening.ignored
    ]
