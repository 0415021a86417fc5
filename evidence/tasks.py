"""Nudges for the worker: idempotent, by id; the rows hold the truth."""

from django.utils import timezone
from django_tasks import task

from evidence import pipeline, replaying, seeking


@task()
def process_text(text_id: int) -> None:
    pipeline.process(text_id, at=timezone.now())


@task()
def seek_proposals(pk: int) -> None:
    seeking.seek(pk, now=timezone.now)


@task()
def replay_threshold(pk: int) -> None:
    replaying.run(pk, now=timezone.now)
