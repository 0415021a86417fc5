"""仅转送: nothing was restricted, and no paper or page says that it was lifted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cases.firing import fire_due
from cases.models import Deadline, Notice
from cases.services import advance, claim
from moderation.models import User
from reports.letters import letter_of
from tests.cases.journeys import REASONING, Matter, make_matter
from tests.factories import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOTHING = "没有限制该文档"
LIFTED = ["起解除", "已经解除", "已经恢复", "恢复结算", "恢复该文档，现将"]


def measured(measure: str, profile: str = "civil") -> Matter:
    matter = make_matter(state="accepted", profile=profile)
    claim(matter.case, by=matter.moderator, at=AT)
    facts = {"measure": measure, "reasoning": REASONING}
    advance(matter.item, "measure_and_forward", by=matter.moderator, at=AT, **facts)
    return matter


def restored(matter: Matter) -> None:
    matter.wait(AT + DAY)
    assert fire_due(at=Deadline.objects.open().get(clock="waiting").due_at) == 1


def restored_at_once(matter: Matter) -> None:
    matter.forward(matter.answer(AT + DAY), AT + DAY)


def let_go(matter: Matter) -> None:
    matter.let_go(AT + DAY, [matter.item])


ENDS = [(restored, "civil"), (restored_at_once, "regulation"), (let_go, "civil")]


def last_words(matter: Matter) -> dict[str, str]:
    """The letters of the act that ended the matter, by their audience."""
    last: datetime = Notice.objects.filter(case=matter.case).latest("at").at
    rows = Notice.objects.filter(case=matter.case, at=last, item=matter.item)
    rows = rows.filter(entry__kind__startswith="item.")
    return {row.audience: letter_of(row).body for row in rows}


def page_of(matter: Matter) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=matter.uploader.user_id or 0))
    page = client.get(f"/seller/items/{matter.item.public_id}/")
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(("end", "profile"), ENDS)
def test_both_letters_and_the_page_say_that_nothing_was_restricted(
    settings: Any, end: Callable[[Matter], None], profile: str
) -> None:
    settings.CLOCK_PROFILES = [profile]
    matter = measured("only_forward", profile)
    end(matter)
    told = last_words(matter)
    assert set(told) == {"uploader", "claimant"}
    for said in (*told.values(), page_of(matter)):
        assert NOTHING in said
    for said in told.values():
        assert not [word for word in LIFTED if word in said]
    assert "本案的措施已经解除" not in page_of(matter)


@pytest.mark.parametrize(("end", "profile"), ENDS)
def test_after_a_restriction_they_say_that_it_was_lifted(
    settings: Any, end: Callable[[Matter], None], profile: str
) -> None:
    settings.CLOCK_PROFILES = [profile]
    matter = measured("stop_download", profile)
    end(matter)
    told = last_words(matter)
    assert all(NOTHING not in said for said in told.values())
    assert "起解除" in told["uploader"]
    assert "恢复结算" in told["uploader"]
    assert "本案的措施已经解除" in page_of(matter)
