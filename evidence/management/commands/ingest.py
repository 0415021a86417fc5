"""manage.py ingest: take listing pages and files into the house."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from evidence.actors import SYSTEM
from evidence.listings import NUMBER, TakenIn, take_in
from evidence.management.answers import answer_json, printable
from evidence.management.readiness import ensure_database, refusal
from evidence.reading import Reading


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Take in listing pages and document files; folders are walked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--as", dest="reading", choices=["listing", "text"])
        parser.add_argument("--number", help="the document number of a single file")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *args: Any,
        paths: list[str],
        reading: Reading | None,
        number: str | None,
        as_json: bool,
        **options: Any,
    ) -> None:
        files = files_of(paths)
        if number is not None:
            _check_number(number, paths)
        ensure_database()
        answers = []
        for path in files:
            taken, error = _take_in(path, reading or "auto", number)
            answers.append(_answer(path, taken, error))
            self._tell(answers[-1], as_json)
        if as_json:
            answer_json(self.stdout, {"documents": answers})
        if any(answer["status"] == "failed" for answer in answers):
            sys.exit(1)

    def _tell(self, answer: dict[str, Any], as_json: bool) -> None:
        out = self.stderr if as_json else self.stdout
        told = answer["error"] or answer["number"]
        out.write(printable(f"{answer['status']:<11} {told}  {answer['path']}"))


def files_of(paths: list[str]) -> list[Path]:
    """Return the files of all paths; those in folders in the order of their names."""
    files: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            files += _walk(path)
        elif path.is_file():
            files.append(path)
        else:
            raise refusal(printable(f"no such file or folder: {path}"))
    return files


def _walk(folder: Path) -> Iterator[Path]:
    """Hidden files and folders are the computer's own and never documents."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file():
                yield path


def _check_number(number: str, paths: list[str]) -> None:
    if len(paths) > 1 or Path(paths[0]).is_dir():
        raise refusal("--number goes with a single file")
    if not NUMBER.fullmatch(number):
        raise refusal("--number takes up to 40 letters, digits, - and _")


def _take_in(path: Path, reading: Reading, number: str | None) -> tuple[TakenIn, str]:
    try:
        with path.open("rb") as content:
            taken = take_in(
                content,
                name=path.name,
                number=number,
                reading=reading,
                at=timezone.now(),
                by=SYSTEM,
            )
    except OSError:
        return TakenIn("failed"), "unreadable"
    return taken, taken.error


def _answer(path: Path, taken: TakenIn, error: str) -> dict[str, Any]:
    document, version, text = taken.document, taken.version, taken.text
    uploaded_on = version.uploaded_on if version else None
    return {
        "path": str(path),
        "status": taken.status,
        "number": document.number if document else None,
        "title": version.title if version else None,
        "seller": (document.seller.mask if document else "") or None,
        "uploaded_at": uploaded_on.isoformat() if uploaded_on else None,
        "format": (version.format if version else "") or None,
        "size_bytes": version.size_bytes if version else None,
        "pages": version.pages if version else None,
        "tags": version.tags if version else [],
        "characters": text.characters if text else None,
        "sha256": text.blob.sha256 if text else None,
        "text_state": text.state if text else "refused",
        "error": error or None,
    }
