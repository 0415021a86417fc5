"""What quotes the agent of a merged notice names nobody to the other side."""

from typing import Any

import pytest

from cases.models import Case, CaseItem
from cases.services import advance
from evidence.models import Work
from reports.kinds.case_facts import facts_of
from reports.kinds.case_rows import rows_of
from reports.letters import letter_of
from tests.cases.mergers import LATER, Two, mandated, take_out
from tests.factories import AT

pytestmark = pytest.mark.django_db


def merged(*, into_has_agent: bool = False) -> Two:
    two = Two("accepted", "accepted")
    mandated(two, two.into if into_has_agent else two.other)
    two.merge()
    return two


def decide(two: Two, item: CaseItem) -> None:
    """With reasons that quote whoever acts in the notices."""
    facts = {"measure": "interim_down", "reasoning": "代理甲在函中指出三处相同。"}
    advance(item, "measure_and_forward", by=two.moderator, at=LATER, **facts)


def redacted(case: Case) -> str:
    return str(facts_of(rows_of(case.pk), "redacted", at=AT))


def letters_to_sellers(case: Case) -> list[Any]:
    return [letter_of(row) for row in case.notices.filter(seller__isnull=False)]


def test_the_file_and_the_letters_of_the_case_that_stays_blot_that_agent() -> None:
    two = merged()
    for document in (two.a, two.b, two.c):
        decide(two, two.into.items.get(document=document))
    assert "代理甲" in str(facts_of(rows_of(two.into.pk), "full", at=AT))
    letters = letters_to_sellers(two.into)
    assert len(letters) == 3
    for said in (redacted(two.into), *(letter.body for letter in letters)):
        assert "指出三处相同" in said
        assert "代理甲" not in said


@pytest.mark.parametrize("into_has_agent", [True, False])
def test_so_does_the_file_of_the_case_that_went(into_has_agent: bool) -> None:
    two = merged(into_has_agent=into_has_agent)
    Work.objects.update(publication="由代理甲交付出版")
    assert "由代理甲交付出版" in str(facts_of(rows_of(two.other.pk), "full", at=AT))
    said = redacted(two.other)
    assert "交付出版" in said
    assert "代理甲" not in said


def test_what_was_written_meanwhile_names_nobody_when_they_have_come_apart() -> None:
    two = merged()
    decide(two, two.into.items.get(document=two.a))
    take_out(two, two.other, LATER)
    assert "代理甲" not in redacted(two.into)
    [letter] = letters_to_sellers(two.into)
    assert "指出三处相同" in letter.body
    assert "代理甲" not in letter.body
