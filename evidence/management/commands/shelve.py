"""manage.py shelve: put files on a shelf, from where anyone may copy."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from evidence import intake, pipeline
from evidence.actors import SYSTEM, Role
from evidence.management.answers import printable
from evidence.management.commands.ingest import files_of
from evidence.management.readiness import ensure_database, refusal
from evidence.models import Shelf, ShelfText
from evidence.shelving import NothingToShelve, Shelver, shelf_named, shelve
from evidence.staging import UploadTooLarge
from evidence.thresholds import in_force


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Put texts on a shelf: what is copied from there is a quotation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--shelf", required=True, metavar="NAME")
        parser.add_argument(
            "--kind",
            choices=Shelf.Kind.values,
            default=Shelf.Kind.OFFICIAL.value,
            help="what the shelf holds, when it is a new one",
        )

    def handle(
        self, *args: Any, paths: list[str], shelf: str, kind: str, **options: Any
    ) -> None:
        files = files_of(paths)
        if not 0 < len(shelf.strip()) <= 80:
            raise refusal("--shelf takes a name of up to 80 characters")
        ensure_database()
        counts = {"shelved": 0, "unchanged": 0, "failed": 0}
        for path in files:
            outcome = _shelve(path, shelf.strip(), Shelf.Kind(kind))
            counts[outcome] += 1
            self.stderr.write(printable(f"{outcome:<9} {path}"))
        self.stdout.write(" ".join(f"{name}={n}" for name, n in counts.items()))
        if counts["failed"]:
            sys.exit(1)


def _shelve(path: Path, name: str, kind: Shelf.Kind) -> str:
    at = timezone.now()
    shelver = Shelver(SYSTEM, Role.SYSTEM, at)
    try:
        with path.open("rb") as content, transaction.atomic():
            text = intake.receive_text(content, name=path.name, at=at)
            shelf = shelf_named(name, kind, at=at)
            title = path.stem
            try:
                row = shelve(text, shelf, in_force(), shelver=shelver, title=title)
            except NothingToShelve:
                return "failed"
    except (OSError, UploadTooLarge):
        return "failed"
    if row is None:
        return "unchanged"
    pipeline.process(text.pk, at=at)
    standing = ShelfText.objects.standing().filter(pk=row.pk)
    return "shelved" if standing.exists() else "failed"
