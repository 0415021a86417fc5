"""条例 15: measure and forwarding are one moment. What cannot be forwarded is not
taken down either."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError
from django.db.models import Model

from cases import notices
from cases.models import Notice, Restriction
from cases.restrictions import visibility
from cases.services import advance, advance_all
from evidence.writing import insert
from tests.cases.journeys import REASONING, Matter, make_matter
from tests.factories import AT

pytestmark = pytest.mark.django_db
MEASURE: dict[str, Any] = {"measure": "remove", "reasoning": REASONING}
OURS = ("cases", "evidence", "moderation", "reports")


def every_row() -> dict[str, list[Any]]:
    """All that the database keeps of ours, by table."""
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values_list())
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed and not model._meta.proxy
    }


def fail_after(written: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database gives up over the letters, after everything else was written."""

    def fails(rows: Sequence[Model], *, numbered: bool = True) -> None:
        assert Restriction.objects.active().exists(), "the measure is written by now"
        insert(rows[:written], numbered=numbered)
        raise OperationalError("the disk is full")

    monkeypatch.setattr(notices, "insert", fails)


def still_up(matter: Matter) -> bool:
    return not any(visibility(item.document).is_down for item in matter.items)


@pytest.mark.parametrize("together", [False, True], ids=["one", "all at once"])
@pytest.mark.parametrize("written", [0, 1], ids=["no letter", "the first letter"])
def test_a_letter_that_cannot_be_written_takes_the_measure_back(
    written: int, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = make_matter(items=2, state="accepted")
    before = every_row()
    fail_after(written, monkeypatch)
    by = matter.moderator
    items = matter.items if together else [matter.item]
    with pytest.raises(OperationalError, match="the disk is full"):
        advance_all(items, "measure_and_forward", by=by, at=AT, **MEASURE)
    assert every_row() == before
    assert still_up(matter)
    monkeypatch.undo()
    advance_all(matter.items, "measure_and_forward", by=by, at=AT, **MEASURE)
    assert not still_up(matter)
    assert Notice.objects.filter(kind="forwarding").count() == 2


def test_everything_is_looked_at() -> None:
    """That nothing changed is said of the tables in which a measure writes."""
    matter = make_matter(state="accepted")
    before = every_row()
    by = matter.moderator
    advance(matter.item, "measure_and_forward", by=by, at=AT, **MEASURE)
    after = every_row()
    changed = {table for table in after if after[table] != before[table]}
    assert changed >= {
        *("cases_caseitem", "cases_restriction", "cases_deadline", "cases_decision"),
        *("cases_notice", "cases_effect", "evidence_ledgerentry"),
    }
