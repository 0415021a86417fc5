"""manage.py api_token: let a program of the marketplace in, or keep it out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from evidence.management.readiness import ensure_database
from moderation.api.access import issue_token, revoke_tokens


class Command(BaseCommand):
    help = "Print a new token for the JSON interface, or revoke those of a name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="which program it is for")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, name: str, revoke: bool, **options: Any) -> None:
        ensure_database()
        if revoke:
            self.stdout.write(f"revoked={revoke_tokens(name, at=timezone.now())}")
            return
        self.stdout.write(issue_token(name, at=timezone.now()))
        self.stderr.write("shown this once: keep it where the program keeps secrets")
