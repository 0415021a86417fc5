"""Defects with the words of their codes, for whoever reads or answers them."""

from collections.abc import Iterable

from cases.models import DefectFound
from cases.workflows.copyright import Defect
from cases.workflows.counter_notice import CounterDefect

LABELS = {each.value: each.label for kind in (Defect, CounterDefect) for each in kind}


def labelled(rows: Iterable[DefectFound]) -> list[tuple[str, DefectFound]]:
    return [(str(LABELS.get(row.code, "")), row) for row in rows]
