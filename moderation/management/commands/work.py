"""manage.py work: the worker. Runs nudged tasks and ticks, until told to stop."""

import gc
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from cases.matched import open_leads
from cases.models.heartbeats import SCHEDULER, beat
from cases.timekeeping import keep_time
from moderation.housekeeping import keep_house
from moderation.worklist import nudge_waiting


class Command(BaseCommand):
    help = "Run background tasks and, every --tick seconds, what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.3)
        parser.add_argument("--tick", type=float, default=30.0)

    def handle(self, *args: Any, interval: float, tick: float, **options: Any) -> None:
        self.running = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        # What is imported by now stays. To walk it again and again in search of garbage
        # costs a screening a tenth of its time.
        gc.collect()
        gc.freeze()
        ticked = float("-inf")
        while self.running:
            if time.monotonic() - ticked >= tick:
                ticked = time.monotonic()
                now = timezone.now()
                beat(SCHEDULER, at=now)
                keep_time(at=now)
                open_leads(at=now)
                nudge_waiting(at=now)
                keep_house(at=now)
            self._drain()
            time.sleep(interval)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.running = False

    def _drain(self) -> None:
        """Run the tasks that wait now, one worker a call, then come back."""
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=20,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        ).run()
