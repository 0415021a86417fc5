"""What `manage.py clock` makes of questions: well put, oddly put and badly put."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.questions import answer, read
from tests.clocks.test_golden import GOLDEN, noon, question


@pytest.mark.django_db
def test_a_batch_answers_every_question_in_its_order(tmp_path: Path) -> None:
    lines = [json.dumps(question(golden, n)) for n, golden in enumerate(GOLDEN)]
    batch = tmp_path / "questions.jsonl"
    batch.write_text("\n".join(lines), encoding="utf-8")
    out = StringIO()
    call_command("clock", batch=batch, stdout=out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["id"] for each in answers] == list(range(len(GOLDEN)))
    assert [each["due"] for each in answers] == [golden.due for golden in GOLDEN]
    assert all(each["article"] and each["why"] for each in answers)


@pytest.mark.django_db
def test_a_question_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    unread = ['{"id": 7, "rule": "ec99", "start": "2026-01-01"}', "not JSON"]
    batch.write_text("\n".join([*unread, json.dumps(question(GOLDEN[0]))]))
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("clock", batch=batch, stdout=out, stderr=StringIO())
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert stop.value.code == 1
    assert [each["due"] for each in answers] == [None, None, GOLDEN[0].due]
    assert answers[0]["id"] == 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    "odd",
    [
        f'{{"id": 1, "rule": "sla_p0", "start": "2026-03-02", "pauses": {pauses}}}'
        for pauses in ("5", "true", '"2026"', "[5]", '{"a": "b"}')
    ]
    + [
        '{"id": 1, "rule": ["ec43"], "start": "2026-03-02"}',
        '{"id": 1, "rule": "ec43", "profile": ["电商法"], "start": "2026-03-02"}',
        '{"id": 1, "rule": "retention3y", "start": "9999-12-31"}',
        '{"id": 1, "rule": "sla_p3", "start": "9999-12-31"}',
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_question_of_the_wrong_shape_spoils_no_other(
    odd: str | bytes, tmp_path: Path
) -> None:
    batch = tmp_path / "questions.jsonl"
    first = odd if isinstance(odd, bytes) else odd.encode()
    batch.write_bytes(first + b"\n" + json.dumps(question(GOLDEN[0])).encode())
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("clock", batch=batch, stdout=out, stderr=StringIO())
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["due"] for each in answers] == [None, GOLDEN[0].due]


@pytest.mark.django_db
def test_a_batch_is_read_as_other_programs_write_it(tmp_path: Path) -> None:
    """A byte order mark, ends of line with CR, and line separators in a string."""
    batch = tmp_path / "questions.jsonl"
    asked = [question(GOLDEN[0], identity) for identity in (1, "a\u2028b\u0085c")]
    lines = [json.dumps(each, ensure_ascii=False) for each in asked]
    batch.write_bytes("\r\n".join(["\ufeff" + lines[0], lines[1], ""]).encode())
    out = StringIO()
    call_command("clock", batch=batch, stdout=out)
    answers = [json.loads(line) for line in out.getvalue().split("\n") if line]
    assert [each["id"] for each in answers] == [1, "a\u2028b\u0085c"]
    assert [each["due"] for each in answers] == [GOLDEN[0].due] * 2


def test_a_cap_on_the_whole_period_asks_nothing_of_the_years_that_it_cuts_off() -> None:
    asked = {"rule": "civil1196", "profile": "民法典:cap=whole", "extension": 20}
    told = answer(read(asked | {"start": noon("2026-12-01")}))
    assert told.due is not None
    assert told.due.isoformat() == "2026-12-30T00:00:00+08:00"
    assert not told.provisional


@pytest.mark.parametrize("rule", ["ec43", "civil1196"])
def test_no_delay_is_shorter_than_none(rule: str) -> None:
    profile = "电商法" if rule == "ec43" else "民法典"
    asked = {"rule": rule, "profile": profile, "start": noon("2026-03-02")}
    assert answer(read(asked | {"extension": -1})).due is None


@pytest.mark.parametrize(
    ("rule", "profile", "extension"),
    [("ec43", "民法典", 0), ("civil1196", "电商法", 0), ("civil1196", "民法典", 21)],
)
def test_what_a_profile_does_not_know_has_no_date(
    rule: str, profile: str, extension: int
) -> None:
    fields = {"rule": rule, "profile": profile, "start": noon("2026-03-02")}
    assert answer(read(fields | {"extension": extension})).due is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "yesterday"},
        {"profile": "刑法"},
        {"rule": "ec44"},
        {"pause": [["2026-03-03", "2026-03-02"]]},
    ],
)
def test_wrong_usage_is_told_and_leaves_with_two(wrong: dict[str, object]) -> None:
    usage = {"rule": "ec43", "profile": "电商法", "start": noon("2026-03-02")} | wrong
    rule = usage.pop("rule")
    with pytest.raises(CommandError) as error:
        call_command("clock", rule, **usage)
    assert error.value.returncode == 2


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["9999-12-30T00:00:00Z", "1750-01-01T00:00:00Z"])
def test_an_instant_that_no_calendar_reaches_is_wrong_usage(start: str) -> None:
    with pytest.raises(CommandError, match=start) as error:
        call_command("clock", "ec43", profile="电商法", start=start)
    assert error.value.returncode == 2


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="a question has no start"):
        read({"rule": "ec43", "profile": "电商法"})


def test_a_pause_that_ends_before_it_begins_is_named_as_such() -> None:
    pause = [noon("2026-03-03"), noon("2026-03-02")]
    with pytest.raises(ValueError, match="ends before it begins"):
        read({"rule": "sla_p0", "start": noon("2026-03-02"), "pauses": [pause]})


@pytest.mark.parametrize(
    ("start", "pauses", "said"),
    [
        ("2026-03-02T10:00:00", [], True),
        ("2026-03-02", [], True),
        (noon("2026-03-02"), [["2026-03-02T11:00", noon("2026-03-03")]], True),
        (noon("2026-03-02"), [[noon("2026-03-02"), noon("2026-03-03")]], False),
    ],
)
def test_an_instant_without_an_offset_is_chinas_and_the_answer_says_so(
    start: str, pauses: list[list[str]], said: bool
) -> None:
    told = answer(read({"rule": "sla_p1", "start": start, "pauses": pauses})).told()
    assert ("没有注明时区" in told["why"]) == said
    assert told["due"].endswith("+08:00")
