"""The worker's job: read, index, screen; done once, and done after any kill."""

import multiprocessing
import os
import signal
import time
from datetime import datetime, timedelta
from io import StringIO
from multiprocessing.synchronize import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evidence import pipeline, reading, store
from evidence.actors import SYSTEM
from evidence.extractors import ExtractionError
from evidence.extractors.isolation import extract_isolated
from evidence.intake import receive_text
from evidence.listings import take_in
from evidence.models import Document, Match, Text
from evidence.progress import LEASE, Stage
from tests.extractors.making import SENTENCE, docx, paragraph
from tests.factories import AT, make_document, make_party, make_work
from tests.matching.memory import make_text as make_words
from tests.sizes import SIZE

WORDS = make_words(1500, 7)


def received(content: str, *, name: str = "a.txt") -> Text:
    return receive_text(content.encode(), name=name, at=AT)


def processed(content: str, *, name: str = "a.txt") -> Text:
    text = received(content, name=name)
    pipeline.process(text.pk, at=AT)
    return Text.objects.get(pk=text.pk)


def uploaded(content: str) -> Document:
    document = make_document(text=received(content))
    pipeline.process(document.versions.get().text_id, at=AT)
    return document


@pytest.mark.django_db
def test_a_text_becomes_readable_and_can_be_found() -> None:
    text = processed(WORDS)

    assert (text.state, text.stage) == ("ok", Stage.DONE)
    assert (text.content, text.characters) == (WORDS, len(WORDS))
    assert text.indexed_at == AT
    assert (text.done, text.total) == (pipeline.STEPS, pipeline.STEPS)
    assert store.count() == 1
    assert not Match.objects.exists()


@pytest.mark.django_db
def test_notes_behind_the_body_have_no_page() -> None:
    content = docx(
        paragraph(SENTENCE),
        beside={"footnotes": f"<w:footnote>{paragraph('脚注')}</w:footnote>"},
    )
    text = receive_text(content, name="a.docx", at=AT)
    pipeline.process(text.pk, at=AT)

    assert Text.objects.get(pk=text.pk).body_end == len(SENTENCE) + 1


@pytest.mark.django_db
def test_what_holds_no_characters_is_accepted_but_cannot_be_compared() -> None:
    text = processed(" \n …… \n")

    assert (text.state, text.stage, text.indexed_at) == ("no_text", Stage.DONE, None)
    assert store.count() == 0


@pytest.mark.django_db
def test_a_file_refused_while_it_is_read_says_why() -> None:
    text = received("%PDF-1.7 broken", name="a.pdf")
    pipeline.process(text.pk, at=AT)
    text = Text.objects.get(pk=text.pk)

    assert (text.state, text.refusal, text.stage) == ("refused", "malformed", "done")


@pytest.mark.django_db
def test_a_file_that_ran_out_of_time_is_read_with_more_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(*arguments: object, seconds: float | None = None, **rest: object) -> Any:
        if (seconds or 8) < 60:
            raise ExtractionError("timeout")
        return extract_isolated(*arguments, seconds=seconds, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "extract_isolated", slow)
    taken = take_in(WORDS.encode(), name="a.txt", at=AT, by=SYSTEM)
    assert (taken.status, taken.error) == ("failed", "timeout")
    text = Text.objects.get()
    assert (text.media_type, text.refusal) == ("text/plain", "timeout")

    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("reread", "--seconds=30", stdout=out)
    call_command("reread", text.blob.sha256, "--seconds=60", stdout=out)

    assert out.getvalue().split() == [
        *("timeout", text.blob.sha256),
        *("ok", text.blob.sha256),
    ]
    assert Text.objects.get().content == WORDS
    taken = take_in(WORDS.encode(), name="a.txt", at=AT, by=SYSTEM)
    assert (taken.status, Text.objects.count()) == ("created", 1)


@pytest.mark.django_db
def test_only_what_ran_out_of_time_is_read_again() -> None:
    text = processed(WORDS)
    with pytest.raises(CommandError):
        call_command("reread", text.blob.sha256)

    assert not pipeline.read_again(text)


@pytest.mark.django_db
def test_a_match_stands_both_ways_round_in_thousandths() -> None:
    original, copy = uploaded(WORDS), uploaded(make_words(300, 1) + WORDS[200:900])
    first, second = original.versions.get().text_id, copy.versions.get().text_id

    made = Match.objects.get(query=second, found=first)
    mirrored = Match.objects.get(query=first, found=second)
    assert Match.objects.count() == 2
    assert made.parameters_digest == mirrored.parameters_digest
    assert made.containment_query == mirrored.containment_found
    assert made.containment_query == pytest.approx(0.7, abs=0.02)
    (passage,), (back,) = made.passages, mirrored.passages
    assert passage["found"] == back["query"]
    assert passage["query"] == back["found"]
    assert passage["found"][0] == 200
    assert passage["similarity"] == back["similarity"] == 1000
    ours, theirs = slice(*passage["query"]), slice(*passage["found"])
    assert made.query.content[ours] == made.found.content[theirs]


@pytest.mark.django_db
def test_asked_again_nothing_is_done_twice() -> None:
    uploaded(WORDS)
    text = uploaded(WORDS[:900]).versions.get().text
    before = list(Match.objects.order_by("pk").values())

    pipeline.process(text.pk, at=AT)
    text = Text.objects.get(pk=text.pk)
    pipeline.ask_again(text)
    pipeline.process(text.pk, at=AT + LEASE)

    assert list(Match.objects.order_by("pk").values()) == before
    assert store.count() == 2
    assert Text.objects.get(pk=text.pk).indexed_at == AT


@pytest.mark.django_db
def test_a_work_finds_its_copies_and_a_new_copy_finds_the_work() -> None:
    early = uploaded(make_words(400, 2) + WORDS[:600])
    sample = received(WORDS)
    make_work(party=make_party(), text=sample)
    pipeline.process(sample.pk, at=AT)
    late = uploaded(WORDS[500:1200] + make_words(400, 3))

    leads = Match.objects.filter(query=sample).order_by("pk")
    found = [match.found.versions.get().document for match in leads]
    assert found == [early, late]
    assert leads[0].parameters["rights"] is True


@pytest.mark.django_db
def test_a_text_that_a_work_and_an_upload_share_is_a_copy_of_itself() -> None:
    document = uploaded(WORDS)
    text = document.versions.get().text
    make_work(party=make_party(), text=text)
    pipeline.ask_again(text)
    pipeline.process(text.pk, at=AT)

    match = Match.objects.get(query=text, found=text)
    assert match.containment_query == match.containment_found == 1
    assert match.passages[0]["found"] == [0, len(WORDS)]


@pytest.mark.django_db
def test_a_text_in_other_hands_is_left_alone() -> None:
    text = received(WORDS)
    Text.objects.filter(pk=text.pk).update(
        stage=Stage.RUNNING, lease_until=AT + LEASE, attempts=1
    )
    pipeline.process(text.pk, at=AT)

    assert Text.objects.get(pk=text.pk).state == "received"


def work_until_killed(pk: int, step: str, at: datetime, reached: Event) -> None:
    """Work as the worker does, and stop for good when the step begins."""

    def wait(*_: object, **__: object) -> None:
        reached.set()
        time.sleep(60)

    setattr(pipeline, step, wait)
    pipeline.process(pk, at=at)


STEPS: tuple[str, ...] = ("fingerprints", "read_text", "screen_text")


def kills() -> list[str]:
    return [STEPS[number % len(STEPS)] for number in range(max(SIZE.kills, 3))]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_mid_job_costs_only_its_lease() -> None:
    uploaded(WORDS)
    fork = multiprocessing.get_context("fork")
    for number, step in enumerate(kills()):
        text = make_document(text=received(WORDS[: 700 + number])).versions.get().text
        died_at = timezone.now() - 2 * LEASE
        connections.close_all()
        reached = fork.Event()
        worker = fork.Process(
            target=work_until_killed, args=(text.pk, step, died_at, reached)
        )
        worker.start()
        assert reached.wait(30)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        assert worker.exitcode == -signal.SIGKILL

        indexed = store.count()
        assert Text.objects.get(pk=text.pk).stage == Stage.RUNNING
        call_command("tick", at=died_at + timedelta(seconds=30))
        assert not DBTaskResult.objects.ready().exists()
        call_command("tick", at=died_at + LEASE + timedelta(seconds=1))
        call_command("db_worker", batch=True, interval=0, startup_delay=False)

        text = Text.objects.get(pk=text.pk)
        assert (text.stage, text.state, text.attempts) == (Stage.DONE, "ok", 2)
        assert store.count() == indexed + (step != "screen_text")
        assert Match.objects.filter(query=text).count() == 1 + number
