"""Nudges for the worker: idempotent, by id; the rows hold the truth."""

from django.utils import timezone
from django_tasks import task

from reports.kinds import case_file


@task()
def render_case_file(pk: int) -> None:
    case_file.render(pk, at=timezone.now())
