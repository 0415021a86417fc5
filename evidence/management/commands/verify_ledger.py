"""manage.py verify_ledger: recompute the chains of the ledger."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence.ledger import verify
from evidence.management.readiness import ensure_database, refusal


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Check that every ledger entry follows from the one before it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stream", help="only this stream")

    def handle(self, *args: Any, stream: str | None, **options: Any) -> None:
        ensure_database()
        found = verify(stream)
        if stream is not None and not (found.streams or found.entries):
            raise refusal(f"no such stream: {stream}")
        if not found.breaks:
            self.stdout.write(f"OK entries={found.entries} streams={found.streams}")
            return
        for each in found.breaks:
            place = f"stream={each.stream} seq={each.seq}"
            self.stdout.write(f"BAD {place} reason={each.reason}")
        sys.exit(1)
