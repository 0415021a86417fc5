"""manage.py sweep_evidence: check every stored file and every snapshot."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from evidence.management.readiness import ensure_database
from evidence.sweeping import sweep


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = (
        "Read every stored file again, and name each that is not what its row says and"
        " each snapshot that is not as it was sealed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_database()
        found = sweep()
        if not found.faults:
            self.stdout.write(f"OK blobs={found.blobs}")
            return
        for fault in found.faults:
            blob, _, snapshot = fault.name.partition(":")
            place = f"snapshot={snapshot} blob={blob}" if snapshot else f"blob={blob}"
            self.stdout.write(f"BAD {place} reason={fault.reason}")
        sys.exit(1)
