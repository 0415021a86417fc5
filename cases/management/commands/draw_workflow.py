"""manage.py draw_workflow: write docs/workflow.md from the machines."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.workflows.drawing import workflow_page


class Command(BaseCommand):
    help = "Write docs/workflow.md; with --check say whether it is current."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 when it differs"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path: Path = settings.BASE_DIR / "docs" / "workflow.md"
        page = workflow_page()
        if not check:
            path.write_text(page, encoding="utf-8")
            self.stdout.write("docs/workflow.md")
        elif not path.exists() or path.read_text(encoding="utf-8") != page:
            raise CommandError(
                "docs/workflow.md is not current: run manage.py draw_workflow",
                returncode=1,
            )
