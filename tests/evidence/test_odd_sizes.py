"""Texts of odd sizes get an answer or a clear refusal: from the worker, on the command
line, beside others of their kind."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from evidence import pipeline, store
from evidence.intake import receive_text
from evidence.models import Match, Text
from tests.factories import AT, make_document
from tests.matching.memory import make_text
from tests.sizes import SIZE

pytestmark = pytest.mark.django_db
DIGITS = "".join(f"{n * 7919 % 1_000_003} " for n in range(20_000))
LONG = make_text(SIZE.characters, 1)

ODD = {"empty": "", "one": "字", "one_digit": "7", "digits": DIGITS, "long": LONG}


def processed(content: str) -> Text:
    text = receive_text(content.encode(), name="a.txt", at=AT)
    make_document(text=text)
    pipeline.process(text.pk, at=AT)
    return Text.objects.get(pk=text.pk)


@pytest.mark.parametrize(
    ("kind", "state", "refusal"),
    [
        ("empty", "refused", "empty"),
        ("one", "ok", ""),
        ("one_digit", "no_text", ""),
        ("digits", "no_text", ""),
        ("long", "ok", ""),
    ],
)
def test_the_worker_answers_for_a_text_of_any_size(
    kind: str, state: str, refusal: str
) -> None:
    text = processed(ODD[kind])

    assert (text.state, text.refusal, text.stage) == (state, refusal, "done")
    assert text.characters == len(ODD[kind])
    assert store.count() == (state == "ok")
    if state == "ok":
        again = processed(ODD[kind] + "。")
        match = Match.objects.get(query=again, found=text)
        assert match.containment_query == match.containment_found == 1


@pytest.mark.parametrize("kind", ODD)
def test_the_command_answers_for_a_text_of_any_size(kind: str, tmp_path: Path) -> None:
    numbers = []
    if ODD[kind]:
        text = processed(ODD[kind])
        if text.state == Text.State.OK:
            numbers = [text.versions.get().document.number]
    path = tmp_path / "query.txt"
    path.write_text(ODD[kind], encoding="utf-8")
    out, told = StringIO(), StringIO()

    try:
        call_command("screen", str(path), "--json", stdout=out, stderr=told)
        code = 0
    except SystemExit as left:
        code = int(str(left.code))

    answer = json.loads(out.getvalue())
    assert [each["document"] for each in answer["matches"]] == numbers
    assert answer["query"]["text_state"] == {
        "empty": "refused",
        "digits": "no_text",
        "one_digit": "no_text",
    }.get(kind, "ok")
    assert code == (1 if kind == "empty" else 0)
    assert ("REFUSED: empty" in told.getvalue()) is (kind == "empty")


def test_tables_of_digits_do_not_resemble_one_another() -> None:
    processed(DIGITS)
    other = processed("".join(f"{n * 104_729 % 999_983} " for n in range(20_000)))

    assert not Match.objects.filter(query=other).exists()
