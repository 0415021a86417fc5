"""manage.py tick: fire what is due, reclaim what died, sweep a part of the files."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.matched import open_leads
from cases.models.heartbeats import SCHEDULER, beat
from cases.timekeeping import keep_time
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
        beat(SCHEDULER, at=timezone.now())
        counts = keep_time(at=now) | {"nudged": nudge_waiting(at=now)}
        counts |= keep_house(at=now)
        counts |= {"leads": open_leads(at=now)}
        self.stdout.write(" ".join(f"{name}={n}" for name, n in counts.items()))
