"""条例 17: a notice about what was restored is marked, whenever it came and under
whichever name its work is registered."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from cases.errors import NotPermitted
from cases.models import Case, CaseItem
from cases.renotices import mark_again
from cases.services import advance, claim
from cases.timekeeping import keep_time
from evidence import ledger
from evidence.actors import Actor
from evidence.ledger import LedgerEntry
from evidence.models import Text, Work
from tests.cases.journeys import REASONING, Matter, make_matter
from tests.factories import AT, make_case, make_text, make_work

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEASURE = {"measure": "remove", "reasoning": REASONING}


@pytest.fixture
def matter(settings: Settings) -> Matter:
    settings.CLOCK_PROFILES = ["regulation", "civil"]
    return make_matter(profile="regulation")


def restore(matter: Matter) -> None:
    matter.forward(matter.answer(AT + DAY), AT + DAY)
    assert matter.state() == "restored"


def again(matter: Matter, state: str = "claimed", **changed: Any) -> Case:
    facts = {"documents": [matter.item.document], "work": matter.item.work} | changed
    return make_case(
        state=state, claimant=matter.party, by=matter.moderator, at=AT + HOUR, **facts
    )


def marks(case: Case) -> list[str]:
    return [item.bar for item in CaseItem.objects.filter(case=case)]


def same_bytes(matter: Matter) -> Work:
    return make_work(party=matter.party, title="换个名字", text=matter.item.work.sample)


def same_words(matter: Matter) -> Work:
    """The same text in a file of another kind: set in lines of its own."""
    words = matter.item.work.sample.content.replace("。", "。\r\n\r\n")
    return make_work(party=matter.party, title="换种格式", text=make_text(words))


@pytest.mark.parametrize("work_of", [same_bytes, same_words])
def test_a_text_that_is_registered_again_is_no_other_work(
    work_of: Any, matter: Matter
) -> None:
    restore(matter)
    second = again(matter, work=work_of(matter))
    assert marks(second) == ["barred"]
    with pytest.raises(NotPermitted):
        advance(second, "accept", by=matter.moderator, at=AT + DAY, profile="civil")


def test_a_text_that_was_not_read_when_the_notice_came_is_asked_again(
    matter: Matter,
) -> None:
    restore(matter)
    work = same_words(matter)
    sample = Text.objects.filter(pk=work.sample_id)
    words = sample.get().content
    sample.update(state="received", content="")
    second = again(matter, work=work)
    assert marks(second) == ["flagged"]
    sample.update(state="ok", content=words)
    with pytest.raises(NotPermitted):
        advance(second, "accept", by=matter.moderator, at=AT + DAY, profile="civil")


def test_two_works_of_which_nothing_was_read_are_two(matter: Matter) -> None:
    restore(matter)
    other = make_work(party=matter.party)
    Text.objects.update(state="no_text", content="")
    assert marks(again(matter, work=other)) == ["flagged"]


def test_what_was_filed_before_the_restoring_is_barred_before_it_is_accepted(
    matter: Matter,
) -> None:
    counter = matter.answer(AT + HOUR)
    second = again(matter)
    assert marks(second) == [""]
    matter.forward(counter, AT + DAY)
    with pytest.raises(NotPermitted):
        advance(second, "accept", by=matter.moderator, at=AT + DAY, profile="civil")
    claim(second, by=matter.legal, at=AT + DAY)
    advance(second, "accept", by=matter.legal, at=AT + DAY, profile="civil")
    item = second.items.get()
    assert (item.bar, item.earlier) == ("barred", matter.item)


def test_what_was_accepted_before_the_restoring_is_barred_before_any_measure(
    matter: Matter,
) -> None:
    counter = matter.answer(AT + HOUR)
    second = again(matter, "accepted")
    matter.forward(counter, AT + DAY)
    item = second.items.get()
    with pytest.raises(NotPermitted):
        advance(
            item, "measure_and_forward", by=matter.moderator, at=AT + DAY, **MEASURE
        )
    assert second.items.get().state == "pending"
    claim(second, by=matter.legal, at=AT + DAY)
    advance(item, "measure_and_forward", by=matter.legal, at=AT + DAY, **MEASURE)
    fresh = second.items.get()
    assert (fresh.state, fresh.bar, fresh.earlier) == (
        *("measured", "barred"),
        matter.item,
    )


def test_the_scheduler_marks_what_came_before_the_restoring(matter: Matter) -> None:
    """So that the desk says why a step is legal's, before anybody tries it."""
    counter = matter.answer(AT + HOUR)
    second = again(matter)
    at = AT + DAY
    assert keep_time(at=at)["marked"] == 0
    matter.forward(counter, at)
    assert keep_time(at=at)["marked"] == 1
    assert marks(second) == ["barred"]
    entry = LedgerEntry.objects.get(kind="case.bar")
    assert entry.stream == Case.objects.get(pk=second.pk).reference
    assert entry.payload == {
        "item": second.items.get().pk,
        "bar": "barred",
        "earlier": matter.item.pk,
    }
    assert keep_time(at=at)["marked"] == 0
    assert ledger.verify().breaks == ()


def test_what_was_let_go_and_then_restored_weighs_as_the_later(matter: Matter) -> None:
    dropped = again(matter, "accepted")
    filer = Actor(None, parties=frozenset({matter.party.pk}))
    letting = {"ground": "mistaken", "reasoning": ""}
    advance(dropped.items.get(), "drop", by=filer, at=AT + HOUR, **letting)
    second = again(matter)
    assert marks(second) == ["flagged"]
    restore(matter)
    assert keep_time(at=AT + DAY)["marked"] == 1
    assert marks(second) == ["barred"]


def test_a_notice_of_another_complainant_is_not_marked(
    matter: Matter,
) -> None:
    counter = matter.answer(AT + HOUR)
    second = again(matter, "accepted")
    stranger = make_case(
        state="accepted", documents=[matter.item.document], by=matter.moderator
    )
    matter.forward(counter, AT + DAY)
    keep_time(at=AT + DAY)
    assert (marks(second), marks(stranger)) == (["barred"], [""])


def test_it_is_asked_in_one_statement_and_only_before_those_steps(
    matter: Matter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    [item] = matter.items
    case = matter.fresh()
    for row, step, statements in (
        (item, "measure_and_forward", 1),
        (item, "finalise", 0),
        (case, "accept", 1),
        (case, "close", 0),
    ):
        with django_assert_num_queries(statements):
            mark_again([row], step)
