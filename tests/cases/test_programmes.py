"""Whatever people do in whatever order, under whatever law, the invariants of a case
hold after every step (invariants.py)."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from cases.firing import fire_due
from cases.services import advance
from evidence import ledger
from tests.cases.invariants import DRAWN
from tests.cases.journeys import REASONING, make_matter
from tests.cases.programme import PROFILES, Programme
from tests.cases.scene import Scene
from tests.factories import AT
from tests.programmes import run_programmes
from tests.sizes import FULL, SIZE


@pytest.mark.django_db
def test_the_invariants_hold_in_every_programme(settings: Settings) -> None:
    """At full size the programmes together make every move that the machines know:
    they cannot be blind to one."""
    settings.CLOCK_PROFILES = list(PROFILES)
    Programme.scene, Programme.taken = Scene.build(), Counter()
    is_sqlite = connection.vendor == "sqlite"
    programmes = SIZE.programmes if is_sqlite else SIZE.slower_programmes
    run_programmes(Programme, programmes)
    if SIZE is FULL:
        # Some moves come once in hundreds of programmes: those few are played on for.
        for _again in range(4):
            if _never_made():
                run_programmes(Programme, programmes // 4)
        assert _never_made() == []
    assert ledger.verify().breaks == ()


def _never_made() -> list[tuple[str, str, str]]:
    moves = {(machine, step, source) for machine, step, source, _to in DRAWN}
    return sorted(moves - Programme.taken.keys())


def test_a_hold_stops_nothing_but_deletion(db: None) -> None:
    """I8."""
    matter = make_matter()
    facts = {"document": "函 1 号", "reasoning": REASONING}
    advance(matter.case, "hold", by=matter.legal, at=AT, **facts)
    waiting = matter.wait(AT + timedelta(days=1))
    assert fire_due(at=waiting.due_at) == 1
    assert matter.state() == "restored"
