"""manage.py verify_report: whether a PDF is a case file of ours, unaltered."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence.management.answers import answer_json
from evidence.management.readiness import ensure_database, refusal
from reports.verification import Unreadable, verify_report


class Command(BaseCommand):
    help = (
        "Say genuine (exit 0), or altered, unknown, superseded, signature or chain "
        "(exit 1); what cannot be read exits 2."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, file: Path, json: bool, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise refusal(f"cannot read {file}: {error.strerror}") from error
        ensure_database()
        try:
            verdict = verify_report(content)
        except Unreadable as error:
            raise refusal(f"{file} is {error}") from error
        if json:
            told = asdict(verdict)
            judged = {"path": str(file), "verdict": told.pop("code")}
            answer_json(self.stdout, judged | told)
        else:
            place = verdict.reference or "-"
            self.stdout.write(f"{verdict.code} {place} {verdict.reason}")
        if verdict.code != "genuine":
            sys.exit(1)
