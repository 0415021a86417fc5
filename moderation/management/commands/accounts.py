"""manage.py accounts: the demo's logins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from moderation.demo.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "List the accounts of the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.VAR_DIR / "demo").exists():
            raise CommandError("no demo is loaded here")
        self.stdout.write(f"演示账号(密码均为 {PASSWORD})")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:<26}{account.name}  {account.what}")
