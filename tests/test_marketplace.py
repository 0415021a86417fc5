"""Income and restrictions as the marketplace is told of them: in order, once."""

from datetime import timedelta
from typing import Any

import pytest

from cases.firing import fire_due
from cases.models import Deadline, Effect
from moderation.marketplace import InProcessMarketplace, deliver_effects, may_settle
from moderation.models import IncomeHold
from tests.cases.journeys import make_matter
from tests.factories import AT, make_case, make_moderator

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Broken(InProcessMarketplace):
    """Refuses whatever concerns one document."""

    def __init__(self, at: Any, number: str) -> None:
        super().__init__(at)
        self.number = number

    def restrict(self, number: str, claim: str, level: str, *, key: str) -> None:
        if number == self.number:
            raise ConnectionError
        super().restrict(number, claim, level, key=key)


def test_income_is_held_with_the_measure_and_released_with_the_document() -> None:
    matter = make_matter()
    number = matter.item.document.number
    assert may_settle(number)
    assert deliver_effects(at=AT) == 2
    assert not may_settle(number)
    waiting = matter.wait(AT + DAY)
    fire_due(at=waiting.due_at)
    deliver_effects(at=waiting.due_at)
    assert may_settle(number)
    assert IncomeHold.objects.get().state == "released"


def test_income_of_a_final_measure_is_kept_for_the_claimant() -> None:
    matter = make_matter()
    window = Deadline.objects.open().get(clock="window")
    fire_due(at=window.due_at)
    deliver_effects(at=window.due_at)
    assert IncomeHold.objects.get().state == "kept"
    assert not may_settle(matter.item.document.number)


def test_one_case_releases_only_its_own_hold() -> None:
    matter = make_matter()
    document = matter.item.document
    make_case(state="measured", documents=[document], by=make_moderator())
    matter.let_go(AT + DAY, None)
    deliver_effects(at=AT + DAY)
    states = set(IncomeHold.objects.values_list("state", flat=True))
    assert states == {"held", "released"}
    assert not may_settle(document.number)


def test_forwarding_alone_holds_no_income() -> None:
    make_case(state="no_measure")
    assert not Effect.objects.exists()


def test_a_second_delivery_of_the_same_effect_changes_nothing() -> None:
    matter = make_matter()
    deliver_effects(at=AT)
    matter.let_go(AT + DAY, None)
    deliver_effects(at=AT + DAY)
    # The answer was lost: everything is delivered again, in its order.
    Effect.objects.update(delivered_at=None)
    assert deliver_effects(at=AT + 2 * DAY) == 4
    assert IncomeHold.objects.get().state == "released"


def test_a_failure_waits_keeps_its_order_and_holds_up_nobody_else() -> None:
    matter = make_matter(items=2)
    first, second = matter.items
    broken = Broken(AT, first.document.number)
    assert deliver_effects(at=AT, to=broken) == 2
    assert set(IncomeHold.objects.values_list("number", flat=True)) == {
        second.document.number
    }
    failed = Effect.objects.get(error="ConnectionError")
    assert (failed.attempts, failed.try_at) == (1, AT + timedelta(minutes=1))
    assert deliver_effects(at=AT) == 0
    assert deliver_effects(at=failed.try_at) == 2
    assert IncomeHold.objects.count() == 2
