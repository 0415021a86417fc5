"""A likeness that is found while a merger commits is written down in the case that has
the document by then."""

from typing import Any

import pytest

from cases import attaching
from cases.attaching import KIND, attach_matches
from cases.models import CaseItem
from evidence import ledger
from evidence.models import Match
from tests.cases.mergers import LATER, Two

pytestmark = pytest.mark.django_db


def test_the_case_that_a_document_has_just_left_hears_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = Two()
    item = two.other.items.get(document=two.c)
    Match.objects.create(
        query=two.work.sample,
        found=item.snapshot.version.text,
        containment_query=0.4,
        containment_found=0.8,
        longest_run=12,
        passages=[],
        parameters={},
        parameters_digest="1" * 16,
        at=LATER,
    )
    attach = attaching._attach

    def between(case: int, items: list[int], at: Any) -> int:
        """The case is locked only once the merger has committed."""
        monkeypatch.setattr(attaching, "_attach", attach)
        two.merge()
        return attach(case, items, at)

    monkeypatch.setattr(attaching, "_attach", between)
    assert attach_matches(at=LATER) == 0
    assert CaseItem.objects.get(pk=item.pk).match is None
    assert not ledger.entries_of([two.other.stream]).filter(kind=KIND)
    assert attach_matches(at=LATER) == 1
    assert CaseItem.objects.get(pk=item.pk).match is not None
    [entry] = ledger.entries_of([two.into.stream]).filter(kind=KIND)
    assert entry.payload["item"] == item.pk
    assert ledger.verify().breaks == ()
