"""Nudges for the worker: idempotent, by id; the rows hold the truth."""

from django.utils import timezone
from django_tasks import task

from evidence import pipeline


@task()
def process_text(text_id: int) -> None:
    pipeline.process(text_id, at=timezone.now())
