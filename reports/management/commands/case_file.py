"""manage.py case_file: print one case into a PDF."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.models import Case
from evidence.actors import SYSTEM
from evidence.intake import read_blob
from evidence.management.readiness import ensure_database, refusal
from reports.kinds import case_file as case_files
from reports.models import CaseFile
from reports.pdf import printing_problem
from reports.wording import FAILURES


class Command(BaseCommand):
    help = "Print a case's file as PDF; prints the path and the SHA-256."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REFERENCE")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
        parser.add_argument(
            "--edition", choices=CaseFile.Edition.values, default=CaseFile.Edition.FULL
        )

    def handle(
        self, *args: Any, reference: str, out: Path, edition: str, **options: Any
    ) -> None:
        if out.is_dir() or not out.absolute().parent.is_dir():
            raise refusal(f"cannot write {out}: no such folder, or it is one")
        ensure_database()
        case = Case.objects.filed().filter(reference=reference).first()
        if case is None:
            raise refusal(f"no case {reference!r}")
        if problem := printing_problem():
            raise CommandError(problem)
        row = _rendered(case, edition)
        if row.blob is None:
            raise CommandError(str(FAILURES.get(row.error, row.error or row.stage)))
        try:
            out.write_bytes(read_blob(row.blob))
        except OSError as error:
            raise refusal(f"cannot write {out}: {error.strerror}") from error
        self.stdout.write(f"{out} {row.blob.sha256}")


def _rendered(case: Case, edition: str) -> CaseFile:
    now = timezone.now()
    row = case_files.ask(case, edition, by=SYSTEM, at=now)
    case_files.render(row.pk, at=now)
    return CaseFile.objects.select_related("blob").get(pk=row.pk)
