"""A letter reads as it did when it was written, whatever became of the matter since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cases.firing import fire_due
from cases.models import Deadline, Notice
from cases.registration import Proof
from cases.services import advance, claim
from reports.letters import letter_of
from tests.cases.journeys import PAPER, REASONING, Matter, make_matter
from tests.factories import AT, make_case

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)


def ordered_about_twice(matter: Matter) -> None:
    for day, measure in ((1, "stop_download"), (3, "remove")):
        order = matter.order(AT + day * DAY, measure=measure)
        matter.conclude(order, "ended", AT + day * DAY + DAY)


def let_go_and_ordered_about(matter: Matter) -> None:
    matter.let_go(AT + DAY, [matter.item])
    matter.order(AT + 5 * DAY, measure="stop_download")


def answered_in_vain_and_again(matter: Matter) -> None:
    counter = matter.answer(AT + DAY)
    claim(matter.case, by=matter.legal, at=AT + DAY)
    facts = {"refusal": "forged", "reasoning": REASONING}
    advance(counter, "reject", by=matter.legal, at=AT + 2 * DAY, **facts)
    assert fire_due(at=Deadline.objects.open().get(clock="window").due_at) == 1


def sued_and_restored(matter: Matter) -> None:
    waiting = matter.wait(AT + DAY)
    suit = matter.sue(waiting.due_at - HOUR, proofs=[DOCKET])
    matter.conclude(suit, "dismissed", waiting.due_at + DAY)
    order = matter.order(waiting.due_at + 2 * DAY)
    matter.conclude(order, "ended", waiting.due_at + 3 * DAY)


LIVES = [
    ordered_about_twice,
    let_go_and_ordered_about,
    answered_in_vain_and_again,
    sued_and_restored,
]


@pytest.mark.parametrize("live", LIVES)
def test_no_letter_changes_after_it_was_written(
    live: Callable[[Matter], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: dict[int, str] = {}

    def read_all() -> None:
        for row in Notice.objects.order_by("pk"):
            body = str(letter_of(row).body)
            assert written.setdefault(row.pk, body) == body, row.entry.kind

    matter = make_matter()
    read_all()
    for name in ("order", "conclude", "let_go", "answer", "wait", "sue"):
        step = getattr(Matter, name)

        def then_read(*args: Any, step: Any = step, **facts: Any) -> Any:
            done = step(*args, **facts)
            read_all()
            return done

        monkeypatch.setattr(Matter, name, then_read)
    live(matter)
    read_all()
    assert len(written) > 4


def test_a_letter_says_whether_another_case_kept_the_document_down_then() -> None:
    matter = make_matter()
    other = make_case(state="measured", documents=[matter.item.document])
    at = matter.wait(AT + DAY).due_at
    assert fire_due(at=at) >= 1
    letter = Notice.objects.get(
        case=matter.case, kind="restoration", audience="uploader"
    )
    assert "另有其他案件的措施" in letter_of(letter).body
    item = other.items.get()
    item.restrictions.update(lifted_at=at + DAY)
    assert "另有其他案件的措施" in letter_of(letter).body
