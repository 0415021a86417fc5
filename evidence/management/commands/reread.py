"""manage.py reread: give files that were not read in time more of it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from evidence import pipeline
from evidence.management.readiness import ensure_database, refusal
from evidence.models import Text

MOST_SECONDS = 86_400


class Command(BaseCommand):
    # Evidence stands without the site: its addresses need not be loaded.
    requires_system_checks = []
    help = "Read files again that were refused because they took too long."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sha256", nargs="*", metavar="SHA256", help="only these; as a rule all"
        )
        parser.add_argument("--seconds", metavar="N", type=float, default=600.0)

    def handle(
        self, *args: Any, sha256: list[str], seconds: float, **options: Any
    ) -> None:
        if not 0 < seconds < MOST_SECONDS:
            raise refusal("--seconds takes a number above 0")
        ensure_database()
        late = Text.objects.filter(
            state=Text.State.REFUSED, refusal=pipeline.OVERTIME
        ).select_related("blob")
        if sha256:
            late = late.filter(blob__sha256__in=sha256)
            if missing := set(sha256) - set(
                late.values_list("blob__sha256", flat=True)
            ):
                raise refusal(f"did not run out of time: {min(missing)}")
        ends = [self._again(text, seconds) for text in late.defer("content")]
        if not all(ends):
            sys.exit(1)

    def _again(self, text: Text, seconds: float) -> bool:
        """Read one text again; True when it was read this time."""
        if pipeline.read_again(text):
            pipeline.process(text.pk, at=timezone.now(), seconds=seconds)
        now = Text.objects.defer("content").get(pk=text.pk)
        self.stdout.write(f"{now.refusal or now.state:<11} {text.blob.sha256}")
        return now.state in (Text.State.OK, Text.State.NO_TEXT)
