"""manage.py reindex: make the fingerprints of every text anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from evidence.actors import SYSTEM, Role
from evidence.management.readiness import ensure_database
from evidence.reindexing import reindex
from evidence.shelving import Shelver, record
from evidence.thresholds import in_force


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Make the index anew beside live traffic; killed, it goes on where it was."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_database()
        at = timezone.now()
        for row in reindex(in_force(), at=at):
            self.stderr.write(f"{row.done}/{row.total}")
        with transaction.atomic():
            facts = {"reindexing": row.pk, "rule": row.rule, "texts": row.done}
            record("index.renewed", {**facts}, Shelver(SYSTEM, Role.SYSTEM, at))
        self.stdout.write(f"texts={row.done} rule={row.rule}")
