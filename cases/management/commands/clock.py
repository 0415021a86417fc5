"""manage.py clock: when a period runs out, and why on that day."""

import json
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.calendars import ChineseCalendar
from cases.citations import CODES
from cases.models.calendar_years import chinese_calendar
from cases.questions import answer, read
from cases.terms import TERMS
from evidence.management.answers import answer_json, printable
from evidence.management.readiness import ensure_database, refusal

UNREAD = {"due": None, "provisional": None, "article": None}


def span(text: str) -> list[str]:
    begins, slash, ends = text.partition("/")
    if not slash:
        raise ArgumentTypeError(f"{text!r} is not FROM/TO")
    return [begins, ends]


class Command(BaseCommand):
    # Periods stand without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = (
        "Answer when a period runs out. Rules: "
        f"{', '.join(code for code, term in TERMS.items() if not term.stated)}. "
        f"Profiles: {', '.join(CODES)}; "
        "options after a colon: N=DAYS, weekends=rest|work, cap=delay|whole, "
        "zone=NAME, calendar=CN or a member state of the EU (DE, DE-BY)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", nargs="?", metavar="RULE")
        parser.add_argument("--profile", default="", metavar="P")
        parser.add_argument(
            "--start",
            metavar="INSTANT",
            help="ISO 8601; without an offset it is read as Beijing time",
        )
        parser.add_argument(
            "--pause", action="append", default=[], type=span, metavar="FROM/TO"
        )
        parser.add_argument("--extension", type=int, default=0, metavar="N")
        parser.add_argument("--batch", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, batch: Path | None, **options: Any) -> None:
        if (batch is None) == (options["rule"] is None):
            raise refusal("give a RULE, or --batch FILE.jsonl")
        ensure_database()
        if batch is not None:
            self._answer_all(batch)
        else:
            self._answer_one(options)

    def _answer_one(self, options: dict[str, Any]) -> None:
        try:
            question = read(options | {"pauses": options["pause"]})
        except ValueError as error:
            raise refusal(str(error)) from error
        told = answer(question, chinese_calendar()).told()
        if options["json"]:
            answer_json(self.stdout, told)
            return
        self.stdout.write(told["due"] or "—")
        self.stdout.write(f"{told['article']}\n{told['why']}")

    def _answer_all(self, batch: Path) -> None:
        """One answer a line, in order; a question that cannot be read gets null."""
        try:
            # Bytes: one line that is not UTF-8 spoils no other, and text would break
            # at characters that a JSON string may hold.
            lines = batch.read_bytes().split(b"\n")
        except OSError as error:
            raise refusal(f"cannot read {batch}: {error}") from error
        china, unread = chinese_calendar(), 0
        for line in filter(bytes.strip, lines):
            told = _answered(line, china)
            unread += told["provisional"] is None
            self.stdout.write(printable(json.dumps(told, ensure_ascii=False)))
        if unread:
            self.stderr.write(f"{unread} questions could not be read")
            sys.exit(1)


def _answered(line: bytes, china: ChineseCalendar) -> dict[str, Any]:
    identity = None
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            raise ValueError("a question is a JSON object")
        identity = fields.get("id")
        return {"id": identity} | answer(read(fields), china).told()
    except (ValueError, RecursionError) as error:
        return {"id": identity} | UNREAD | {"why": str(error)}
