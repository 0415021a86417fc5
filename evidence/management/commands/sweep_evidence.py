"""manage.py sweep_evidence: check every stored file against its row."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from evidence.management.readiness import ensure_database
from evidence.sweeping import sweep


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Read every stored file again and name each that is not what its row says."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_database()
        found = sweep()
        if not found.faults:
            self.stdout.write(f"OK blobs={found.blobs}")
            return
        for fault in found.faults:
            self.stdout.write(f"BAD blob={fault.name} reason={fault.reason}")
        sys.exit(1)
