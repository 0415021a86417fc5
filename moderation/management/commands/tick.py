"""manage.py tick: fire what is due, reclaim what died, sweep a part of the files."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.firing import fire_due, note_missed
from moderation.housekeeping import keep_house
from moderation.management.instants import instant_argument
from moderation.worklist import nudge_waiting


class Command(BaseCommand):
    help = "Fire the deadlines that are due and nudge work whose worker has died."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=instant_argument, help="act as of this instant (ISO 8601)"
        )

    def handle(self, *args: Any, at: datetime | None, **options: Any) -> None:
        now = at or timezone.now()
        counts = {"fired": fire_due(at=now), "missed": note_missed(at=now)}
        counts |= {"nudged": nudge_waiting(at=now)} | keep_house(at=now)
        self.stdout.write(" ".join(f"{name}={n}" for name, n in counts.items()))
