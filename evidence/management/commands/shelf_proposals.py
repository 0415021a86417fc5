"""manage.py shelf_proposals: passages that many sellers have, and a word on each."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from evidence import proposing
from evidence.actors import SYSTEM, Role
from evidence.management.answers import printable
from evidence.management.readiness import ensure_database
from evidence.models import ShelfProposal
from evidence.shelving import Shelver
from evidence.thresholds import in_force


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Look for passages to shelve and list the open ones, or decide on some."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accept", nargs="+", type=int, default=[], metavar="ID")
        parser.add_argument("--refuse", nargs="+", type=int, default=[], metavar="ID")

    def handle(
        self, *args: Any, accept: list[int], refuse: list[int], **options: Any
    ) -> None:
        ensure_database()
        at = timezone.now()
        if accept or refuse:
            self._decide(accept, refuse, Shelver(SYSTEM, Role.SYSTEM, at))
            return
        fresh = proposing.propose(in_force(), at=at)
        rows = ShelfProposal.objects.filter(state=ShelfProposal.State.OPEN)
        for row in rows.select_related("text").order_by("pk"):
            passage = " ".join(row.text.content[row.start : row.end].split())
            holders = len({text for text, *_ in row.found}) + 1
            self.stdout.write(printable(f"{row.pk}  texts={holders}  {passage}"))
        self.stdout.write(f"open={rows.count()} new={fresh}")

    def _decide(self, accept: list[int], refuse: list[int], shelver: Shelver) -> None:
        done = 0
        for row in ShelfProposal.objects.filter(pk__in=accept):
            done += proposing.accept(row, in_force(), shelver=shelver)
        for row in ShelfProposal.objects.filter(pk__in=refuse):
            done += proposing.refuse(row, shelver=shelver)
        self.stdout.write(f"decided={done}")
        if done < len(accept) + len(refuse):
            sys.exit(1)
