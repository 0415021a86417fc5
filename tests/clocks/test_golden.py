"""Deadlines worked by hand, each with its reasoning.

The arrangements: 2025: 春节 1-28–2-4, 国庆 10-1–10-8. 2026: 元旦 1-1–1-3 (make-up
Sun 1-4), 春节 2-15–2-23 (make-up Sat 2-14, Sat 2-28), 清明 4-4–4-6, 劳动节 5-1–5-5
(make-up Sat 5-9), 端午 6-19–6-21, 中秋 9-25–9-27, 国庆 10-1–10-7 (make-up Sun 9-20,
Sat 10-10).
"""

import json
import os
import subprocess
import sys
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command

from cases.questions import answer, read

ROOT = Path(__file__).resolve().parents[2]


class Golden(NamedTuple):
    rule: str
    profile: str
    start: str
    due: str
    reasoning: str
    pauses: tuple[tuple[str, str], ...] = ()
    extension: int = 0
    provisional: bool = False


def noon(day: str) -> str:
    return f"{day}T10:00:00+08:00"


def night(day: str, offset: str = "+08:00") -> str:
    return f"{day}T00:00:00{offset}"


GOLDEN = [
    Golden(
        *("ec43", "电商法", noon("2026-03-02"), night("2026-03-18")),
        "2 March is not counted; the 15th day after it is Tue 17 March, to 24:00.",
    ),
    Golden(
        *("ec43", "电商法", "2026-03-02T23:59:59+08:00", night("2026-03-18")),
        "One second before midnight is still 2 March.",
    ),
    Golden(
        *("ec43", "电商法", "2026-03-03T00:00:00+08:00", night("2026-03-19")),
        "Midnight belongs to 3 March, so everything is a day later.",
    ),
    Golden(
        *("ec43", "电商法", "2026-03-02T16:00:00Z", night("2026-03-19")),
        "16:00 UTC is midnight of 3 March in China.",
    ),
    Golden(
        *("ec43", "电商法", "2026-03-02T10:59:00-05:00", night("2026-03-18")),
        "10:59 in New York is 23:59 of 2 March in China.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-03-06"), night("2026-03-24")),
        "The 15th day is Sat 21 March, a plain weekend: rolls to Mon 23 March.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-02-01"), night("2026-02-25")),
        "The 15th day is 16 February, in 春节: the block ends on 23, so Tue 24.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-01-30"), night("2026-02-15")),
        "The 15th day is Sat 14 February, a make-up working day: it does not roll.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-02-13"), night("2026-03-01")),
        "The 15th day is Sat 28 February, a make-up working day. The holidays in "
        "between are counted: 日 are calendar days.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-09-16"), night("2026-10-09")),
        "The 15th day is 1 October, in 国庆: the block ends on 7, so Thu 8.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-09-25"), night("2026-10-11")),
        "The 15th day is Sat 10 October, a make-up working day.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-09-05"), night("2026-09-21")),
        "The 15th day is Sun 20 September, a make-up working day.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-09-10"), night("2026-09-29")),
        "The 15th day is Fri 25 September, 中秋 to Sun 27: Mon 28.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-10-02"), night("2026-10-20")),
        "Starting on a holiday changes nothing: the 15th day is Sat 17, so Mon 19.",
    ),
    Golden(
        *("ec43", "电商法", noon("2025-09-16"), night("2025-10-10")),
        "The 15th day is 1 October 2025, 国庆与中秋 to 8: Thu 9.",
    ),
    Golden(
        *("ec43", "电商法", noon("2025-01-15"), night("2025-02-06")),
        "The 15th day is 30 January 2025, 春节 to 4 February: Wed 5.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-12-16"), night("2027-01-01")),
        "The 15th day is Thu 31 December 2026, whose calendar is loaded.",
    ),
    Golden(
        *("ec43", "电商法", noon("2026-12-17"), night("2027-01-05")),
        "The 15th day is 1 January 2027: a holiday by statute, Mon 4 if nothing else "
        "is arranged. The arrangement of 2027 is not loaded.",
        provisional=True,
    ),
    Golden(
        *("ec43", "电商法", noon("2026-03-02"), night("2026-03-18")),
        "The law knows neither suspension nor extension of it: both change nothing.",
        pauses=((noon("2026-03-05"), noon("2026-03-09")),),
        extension=5,
    ),
    Golden(
        *("civil1196", "民法典:N=7", noon("2026-04-27"), night("2026-05-07")),
        "The 7th day is Mon 4 May, in 劳动节 to 5: Wed 6.",
    ),
    Golden(
        *("civil1196", "民法典", noon("2026-04-24"), night("2026-05-10")),
        "The 15th day is Sat 9 May, a make-up working day.",
    ),
    Golden(
        *("civil1196", "民法典", noon("2026-03-06"), night("2026-03-28")),
        "The 15th day is Sat 21 March. Only the last day rolls, so the five 工作日 "
        "are Mon 23 to Fri 27.",
        extension=5,
    ),
    Golden(
        *("civil1196", "民法典", noon("2026-03-02"), night("2026-04-16")),
        "To 17 March, then 18–20 (3), 23–27 (8), 30–4-3 (13), after 清明 4-7–10 (17), "
        "13–15 (20): Wed 15 April.",
        extension=20,
    ),
    Golden(
        *("civil1196", "民法典:cap=whole", noon("2026-03-02"), night("2026-03-31")),
        "At most 20 工作日 in all: 3–6 (4), 9–13 (9), 16–20 (14), 23–27 (19), Mon 30.",
        extension=20,
    ),
    Golden(
        *("civil1196", "民法典:cap=whole", noon("2026-03-02"), night("2026-03-18")),
        "Without a delay 15 日 end before the cap does.",
    ),
    Golden(
        *("civil1196", "民法典:weekends=work", noon("2026-03-06"), night("2026-03-22")),
        "Read strictly a plain Saturday is no 法定休假日: it ends on Sat 21 March.",
    ),
    Golden(
        *("civil1196", "民法典:weekends=work", noon("2026-02-01"), night("2026-02-25")),
        "16 February is in the block under every reading: Tue 24.",
    ),
    Golden(
        *("civil1196", "民法典:weekends=work", noon("2026-09-12"), night("2026-09-29")),
        "Sun 27 September belongs to the block of 中秋: Mon 28.",
    ),
    Golden(
        *("reg17", "条例", "2026-10-03T11:20:00+08:00", "2026-10-03T11:20:00+08:00"),
        "At once, holiday or not.",
    ),
    Golden(
        *("cure10", "条例", noon("2026-02-10"), night("2026-02-25")),
        "The 10th day is Fri 20 February, in 春节 to 23: Tue 24.",
    ),
    Golden(
        *("cure10", "民法典", noon("2026-06-09"), night("2026-06-23")),
        "The 10th day is Fri 19 June, 端午 to Sun 21: Mon 22.",
    ),
    Golden(
        *("appeal15", "民法典", noon("2024-02-14"), night("2024-03-01")),
        "2024 is a leap year: the 15th day is Thu 29 February.",
    ),
    Golden(
        *("dsa6m", "DSA", noon("2025-08-31"), night("2026-03-01")),
        "February has no 31st: its last day, Sat 28, is a make-up working day.",
    ),
    Golden(
        *("dsa6m", "DSA", noon("2023-08-31"), night("2024-03-01")),
        "February 2024 has no 31st: Thu 29, the leap day.",
    ),
    Golden(
        *("dsa6m", "DSA", noon("2026-04-03"), night("2026-10-09")),
        "The corresponding day is 3 October, in 国庆 to 7: Thu 8.",
    ),
    Golden(
        "dsa6m",
        "DSA:zone=Europe/Berlin",
        "2025-10-15T10:00:00+02:00",
        night("2026-04-16", "+02:00"),
        "Not before midnight where the recipient is: Wed 15 April, summer time again.",
    ),
    Golden(
        *("retention3y", "条例", noon("2023-05-01"), night("2026-05-07")),
        "The corresponding day is 1 May 2026, in 劳动节 to 5: Wed 6.",
    ),
    Golden(
        *("retention3y", "条例", noon("2024-02-29"), night("2027-03-02")),
        "2027 has no 29 February: Sun 28 rolls to Mon 1 March, as far as is known.",
        provisional=True,
    ),
    Golden(
        *("sla_p0", "", "2026-10-01T22:30:00+08:00", "2026-10-02T00:30:00+08:00"),
        "Hours run through the night and the holiday.",
    ),
    Golden(
        *("sla_p0", "", noon("2026-03-02"), "2026-03-02T13:00:00+08:00"),
        "Half an hour, an hour's pause, an hour and a half.",
        pauses=(("2026-03-02T10:30:00+08:00", "2026-03-02T11:30:00+08:00"),),
    ),
    Golden(
        *("sla_p1", "", noon("2026-03-02"), "2026-03-03T13:00:00+08:00"),
        "12–14 and 13–15 overlap: three hours stood still, not four.",
        pauses=(
            ("2026-03-02T13:00:00+08:00", "2026-03-02T15:00:00+08:00"),
            ("2026-03-02T12:00:00+08:00", "2026-03-02T14:00:00+08:00"),
        ),
    ),
    Golden(
        *("sla_p1", "", noon("2026-03-02"), noon("2026-03-03")),
        "A pause at the very end comes too late, one before the start too early.",
        pauses=(
            (noon("2026-03-03"), noon("2026-03-04")),
            (noon("2026-03-01"), noon("2026-03-02")),
        ),
    ),
    Golden(
        *("sla_p2", "", noon("2026-02-12"), night("2026-02-25")),
        "Fri 13 (1), make-up Sat 14 (2), after 春节 Tue 24 (3).",
    ),
    Golden(
        *("sla_p3", "", noon("2026-09-28"), night("2026-10-14")),
        "29, 30 (2), after 国庆 8, 9 (4), make-up Sat 10 (5), Mon 12, Tue 13 (7).",
    ),
    Golden(
        *("sla_p3", "", noon("2026-12-22"), night("2027-01-01")),
        "23–25 (3), 28–31 (7): it ends within the loaded year.",
    ),
    Golden(
        *("sla_p3", "", noon("2026-12-23"), night("2027-01-05")),
        "24, 25 (2), 28–31 (6), then 2027: Mon 4 if nothing else is arranged.",
        provisional=True,
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2026-03-02T10:00:00-05:00",
        night("2026-03-17", "-04:00"),
        "3–6 (4), 9–13 (9), Mon 16 (10). Summer time began on 8 March.",
    ),
    Golden(
        "dmca_latest",
        "DMCA",
        "2026-03-02T10:00:00-05:00",
        night("2026-03-21", "-04:00"),
        "As before to Mon 16 (10), then 17–20 (14).",
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2026-03-03T09:00:00+08:00",
        night("2026-03-17", "-04:00"),
        "Nine in the morning in China is the evening of 2 March in New York.",
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2026-10-26T12:00:00-04:00",
        night("2026-11-10", "-05:00"),
        "27–30 (4), 2–6 November (9), Mon 9 (10). Summer time ended on 1 November.",
    ),
    Golden(
        "dmca_latest",
        "DMCA",
        "2026-10-26T12:00:00-04:00",
        night("2026-11-17", "-05:00"),
        "To Mon 9 (10), Tue 10 (11), not Veterans Day, 12, 13 (13), Mon 16 (14).",
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2026-06-25T09:00:00-04:00",
        night("2026-07-11", "-04:00"),
        "26 (1), 29–2 July (5); 4 July is a Saturday, observed on Fri 3; 6–10 (10).",
    ),
    Golden(
        "dmca_latest",
        "DMCA",
        "2026-11-25T09:00:00-05:00",
        night("2026-12-17", "-05:00"),
        "Not Thanksgiving; Fri 27 (1), 30–4 December (6), 7–11 (11), 14–16 (14).",
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2026-12-21T09:00:00-05:00",
        night("2027-01-07", "-05:00"),
        "22–24 (3), 28–31 (7), 4–6 January (10). A statute fixes these holidays: "
        "nothing is provisional.",
    ),
]


def question(golden: Golden, number: object = 0) -> dict[str, object]:
    return {
        "id": number,
        "rule": golden.rule,
        "profile": golden.profile,
        "start": golden.start,
        "pauses": [list(pause) for pause in golden.pauses],
        "extension": golden.extension,
    }


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.reasoning)
def test_a_deadline_worked_by_hand(golden: Golden) -> None:
    found = answer(read(question(golden)))
    assert found.due is not None
    # The same wall clock, not only the same instant.
    assert found.due.isoformat() == golden.due
    assert found.provisional == golden.provisional


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


SCRIPT = """
import json, sys
import django
django.setup()
from cases.questions import answer, read
for line in sys.stdin:
    print(answer(read(json.loads(line))).due.isoformat())
"""


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_zone_of_the_process_changes_no_date(zone: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input="\n".join(json.dumps(question(golden)) for golden in GOLDEN),
        env=os.environ
        | {
            "TZ": zone,
            "ANJIAN_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "moderation.settings",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == [golden.due for golden in GOLDEN]


def test_at_least_forty_are_worked_by_hand() -> None:
    assert len({(each.rule, each.profile, each.start) for each in GOLDEN}) >= 40


def test_every_golden_moment_is_an_instant() -> None:
    for golden in GOLDEN:
        assert datetime.fromisoformat(golden.due).tzinfo is not None
