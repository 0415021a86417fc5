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
from pathlib import Path
from typing import NamedTuple

import pytest

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
    Golden(
        *("civil1196", "民法典:N=7", noon("2026-09-20"), night("2026-10-01")),
        "The 7th day is Sun 27 September, in 中秋: what is added runs from there and "
        "not from the day it would roll to. 28, 29, Wed 30.",
        extension=3,
    ),
    Golden(
        *("civil1196", "民法典:N=7", noon("2026-09-19"), night("2026-10-30")),
        "From Sat 26 September: 28–30 (3), after 国庆 8, 9, make-up Sat 10 (6), 12–16 "
        "(11), 19–23 (16), 26–29 (20).",
        extension=20,
    ),
    Golden(
        *("civil1196", "民法典:N=30,cap=whole"),
        *(noon("2026-01-19"), night("2026-02-15")),
        "At most 20 工作日: 20–23 (4), 26–30 (9), 2–6 February (14), 9–13 (19), "
        "make-up Sat 14 (20), before the 30th day in 春节 could roll.",
    ),
    Golden(
        *("ec43", "电商法:weekends=work", noon("2024-05-24"), night("2024-06-12")),
        "The 15th day is Sat 8 June 2024. 端午 was Mon 10, off 与周末连休: one block "
        "of three days, as where a notice writes 8 to 10. Tue 11.",
    ),
    Golden(
        *("ec43", "电商法", noon("2025-09-13"), night("2025-09-29")),
        "The 15th day is Sun 28 September 2025, a make-up working day.",
    ),
    Golden(
        *("cure10", "电商法", noon("2019-04-25"), night("2019-05-06")),
        "The 10th day is Sun 5 May 2019, made up for a 劳动节 of four days.",
    ),
    Golden(
        *("appeal15", "条例", noon("2020-01-16"), night("2020-02-04")),
        "The 15th day is Fri 31 January 2020, when 春节 had been made longer, to Sun 2 "
        "February: Mon 3.",
    ),
    Golden(
        *("retention3y", "民法典", noon("2021-02-28"), night("2024-02-29")),
        "To 28 February answers the 28th, in a leap year as well: Wed 28.",
    ),
    Golden(
        *("dsa6m", "DSA:zone=America/New_York"),
        *("2026-05-02T03:00:00Z", night("2026-11-03", "-05:00")),
        "23:00 of 1 May in New York; Sun 1 November, when summer time ends: Mon 2.",
    ),
    Golden(
        *("sla_p0", "", noon("2026-03-02"), "2026-03-02T13:00:00+08:00"),
        "It stands still when it starts; two pauses that touch are one, to 11:00.",
        pauses=(
            ("2026-03-02T09:00:00+08:00", "2026-03-02T10:30:00+08:00"),
            ("2026-03-02T02:30:00Z", "2026-03-02T03:00:00Z"),
        ),
    ),
    Golden(
        *("sla_p2", "", noon("2026-03-02"), night("2026-03-06")),
        "The pause begins as Tue 3 ends and is over before Wed 4 does: 3, 4, 5.",
        pauses=((night("2026-03-04"), noon("2026-03-04")),),
    ),
    Golden(
        *("sla_p2", "", noon("2026-03-02"), night("2026-03-07")),
        "Tue 3 ends while it stands still, be it to that very moment: 4, 5, 6.",
        pauses=((noon("2026-03-03"), night("2026-03-04")),),
    ),
    Golden(
        *("sla_p2", "", noon("2026-03-02"), night("2026-03-10")),
        "Tue 3 and Wed 4 both end in pauses that touch: 5, 6, after the weekend Mon 9.",
        pauses=(
            (noon("2026-03-03"), night("2026-03-04")),
            (night("2026-03-04"), night("2026-03-05")),
        ),
    ),
    Golden(
        *("sla_p3", "", noon("2025-01-24"), night("2025-02-11")),
        "Make-up Sun 26 (1), 27 (2), after 春节 5–7 (5), make-up Sat 8 (6), Mon 10.",
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2026-03-03T04:59:59Z",
        night("2026-03-17", "-04:00"),
        "One second before midnight of 2 March in New York.",
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2026-03-03T05:00:00Z",
        night("2026-03-18", "-04:00"),
        "Midnight in New York: 4–6 (3), 9–13 (8), 16, Tue 17 (10).",
    ),
    Golden(
        "dmca_earliest",
        "DMCA",
        "2021-06-14T09:00:00-04:00",
        night("2021-06-30", "-04:00"),
        "15–17 (3); Juneteenth became law on the 17th and was a Saturday, observed on "
        "Fri 18; 21–25 (8), 28, Tue 29 (10).",
    ),
    Golden(
        "dmca_latest",
        "DMCA",
        "2027-12-20T09:00:00-05:00",
        night("2028-01-12", "-05:00"),
        "21–23 (3); Christmas and New Year are Saturdays, observed on Fri 24 and 31; "
        "27–30 (7), 3–7 January (12), 10, Tue 11 (14).",
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


SCRIPT = """
import json, os, sys, time
import django
zone = os.environ["TZ"]
django.setup()  # which puts the process in the zone of the settings
os.environ["TZ"] = zone
time.tzset()
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
