"""Nudges for the worker: idempotent, by id; the rows hold the truth."""

from django.utils import timezone
from django_tasks import task

from cases.gate.screening import screen


@task()
def screen_submission(pk: int) -> None:
    screen(pk, at=timezone.now())
