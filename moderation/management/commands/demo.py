"""manage.py demo: a marketplace in a minute, with cases in different states."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.test.utils import override_settings
from django.utils import timezone

from cases.matched import skip_to_now
from cases.models import Case
from evidence.checkpoints import put_aside, seal
from evidence.models import LedgerEntry
from moderation.demo.cases import make_cases
from moderation.demo.contests import make_contests
from moderation.demo.people import make_people
from moderation.demo.reports import make_reports
from moderation.demo.shelves import make_stock
from moderation.demo.submissions import make_submissions
from moderation.management.instants import instant_argument


class Command(BaseCommand):
    help = "Build the demo in a database without cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=instant_argument, help="the moment that the demo calls now"
        )
        parser.add_argument(
            "--reset", action="store_true", help="throw a demo database away first"
        )
        parser.add_argument("--yes", action="store_true", help="confirm --reset")

    def handle(
        self, *args: Any, at: datetime | None, reset: bool, yes: bool, **options: Any
    ) -> None:
        if reset:
            self._reset(yes=yes)
        if connection.vendor == "sqlite":
            call_command("migrate", verbosity=0, interactive=False)
        if Case.objects.exists():
            raise CommandError(
                "the database holds cases; use --reset --yes on a demo", returncode=2
            )
        now = at or timezone.now()
        if not LedgerEntry.objects.exists():
            # A new database: what was sealed of another is kept beside.
            put_aside(at=timezone.now())
        # The demo's moderators accept cases, which asks for a released profile.
        with override_settings(CLOCK_PROFILES=["civil"]), transaction.atomic():
            people = make_people(now)
            stock = make_stock(people, now)
            make_cases(people, stock, now)
            make_contests(people, stock, now)
            make_submissions(people, stock, now)
            make_reports(people, stock, now)
            # What the demo copied on purpose is complained of already.
            skip_to_now()
            # Before the commit: published passwords never exist without the marker.
            _marker().touch()
        seal(at=now)
        documents = sum(len(found) for found in stock.copies.values())
        self.stdout.write(f"demo ready: {documents} copies of {len(stock.works)} works")

    def _reset(self, *, yes: bool) -> None:
        """Only a demo can be thrown away: evidence is never deleted otherwise."""
        if not _marker().exists():
            raise CommandError(
                "this is no demo database; nothing was deleted", returncode=2
            )
        if not yes:
            raise CommandError(
                "--reset deletes the demo and all in it; add --yes", returncode=2
            )
        if connection.vendor == "sqlite":
            name = str(connection.settings_dict["NAME"])
            connection.close()
            for suffix in ("", "-wal", "-shm"):
                Path(name + suffix).unlink(missing_ok=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            call_command("migrate", verbosity=0, interactive=False)
        put_aside(at=timezone.now())
        _marker().unlink()


def _marker() -> Path:
    """The file by which the settings know that this is a demo."""
    folder: Path = settings.VAR_DIR
    return folder / "demo"
