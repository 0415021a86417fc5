"""manage.py verify_ledger: recompute the chains, and compare them with what was
sealed outside the database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence.checkpoints import fingerprint, witnessed
from evidence.ledger import verify
from evidence.management.readiness import ensure_database, refusal
from evidence.witness import BrokenWitness, Witness


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Check that every ledger entry follows from the one before it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stream", help="only this stream")

    def handle(self, *args: Any, stream: str | None, **options: Any) -> None:
        ensure_database()
        witness, forged = self._witness()
        found = verify(stream, witness=witness)
        known = stream in witness.streams if witness else False
        if stream is not None and not (found.streams or found.entries or known):
            raise refusal(f"no such stream: {stream}")
        for each in found.breaks:
            place = f"stream={each.stream} seq={each.seq}"
            self.stdout.write(f"BAD {place} reason={each.reason}")
        if forged:
            place = f"stream=checkpoints seq={forged.number}"
            self.stdout.write(f"BAD {place} reason={forged.reason}")
        if found.breaks or forged:
            sys.exit(1)
        self.stdout.write(f"OK entries={found.entries} streams={found.streams}")

    def _witness(self) -> tuple[Witness | None, BrokenWitness | None]:
        """Read what was sealed; say on stderr how far it reaches."""
        try:
            witness = witnessed()
        except BrokenWitness as error:
            return None, error
        if witness.last is None:
            self.stderr.write("nothing was sealed yet: a lost stream would not be seen")
        else:
            last = witness.last
            self.stderr.write(
                f"sealed: checkpoint {last.number} of {last.at}, root {last.root}, "
                f"key {fingerprint()}"
            )
        return witness, None
