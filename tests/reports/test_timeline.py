"""The ledger in words."""

import re
from pathlib import Path

import pytest

from cases.chronicle import ranges
from evidence.models import LedgerEntry
from reports.timeline import told
from tests.reports.papers import make_told_case

OWN_ACT = re.compile(r'"((?:case|deadline|notice)\.[a-z_]+)"')


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [([], ""), ([4], "4"), ([1, 2, 3, 7], "1–3、7"), ([1, 3, 4], "1、3–4")],
)
def test_runs_of_numbers_are_drawn_together(numbers: list[int], shown: str) -> None:
    assert ranges(numbers) == shown


@pytest.mark.django_db
def test_every_act_of_the_line_has_its_words() -> None:
    make_told_case("final")
    make_told_case("no_measure")
    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    kinds |= {"case.release", "report.rendered", "report.downloaded"}
    assert not [kind for kind in kinds if told(kind) == kind]


def test_no_act_in_the_file_of_a_case_is_told_by_its_code() -> None:
    """Whatever the sources write there, the rare acts as well."""
    cases = Path(__file__).resolve().parents[2] / "cases"
    kinds = {
        kind
        for path in cases.glob("*.py")
        for kind in re.findall(OWN_ACT, path.read_text())
    }
    assert "deadline.miss" in kinds
    assert not [kind for kind in kinds if told(kind) == kind]


def test_an_unknown_act_is_shown_by_its_code() -> None:
    assert told("somewhere.else") == "somewhere.else"
