"""A letter reads as it did when it was written, whatever became of the matter since."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.arrivals import record_arrival, record_failure
from cases.calendar_entries import Arrangement, enter
from cases.calendars import CHINA
from cases.designations import EMAIL
from cases.firing import fire_due
from cases.models import Deadline, Notice
from cases.registration import Proof
from cases.services import advance, claim
from evidence.actors import SYSTEM, Actor, Role
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


def arrived(at: datetime) -> None:
    told = Notice.objects.get(kind="forwarding")
    record_arrival(told, system=EMAIL, entered_at=at, by=SYSTEM, at=at)


def came_back(at: datetime) -> None:
    told = Notice.objects.get(kind="forwarding")
    assert record_failure(told, system=EMAIL, by=SYSTEM, at=at)


def came_back_and_reached_another_address(at: datetime) -> None:
    came_back(at)
    arrived(at + 4 * DAY)


def had_its_year_published(at: datetime) -> None:
    rest = date(2027, 1, 1), date(2027, 1, 8), date(2027, 1, 11)
    year = Arrangement(2027, rest, (), True, "国办发明电")
    compliance = Actor(user_id=None, duty=Role.COMPLIANCE)
    enter(year, by=compliance, at=at, expect_version=0)


def arrived_and_had_its_year_published(at: datetime) -> None:
    arrived(at)
    had_its_year_published(at + DAY)


@pytest.mark.parametrize(
    ("profile", "live"),
    [
        ("civil", came_back_and_reached_another_address),
        ("civil", had_its_year_published),
        ("dsa", arrived),
        ("dsa", arrived_and_had_its_year_published),
    ],
)
def test_a_letter_keeps_the_dates_that_it_gave_when_its_clock_is_moved(
    profile: str, live: Callable[[datetime], None], settings: Settings
) -> None:
    settings.CLOCK_PROFILES = [profile]
    at = datetime(2026, 12, 24, 9, tzinfo=CHINA)
    make_matter(profile=profile, at=at)
    row = Deadline.objects.get(clock="window")
    assert row.provisional
    letters = list(Notice.objects.order_by("pk"))
    before = [str(letter_of(each).body) for each in letters]
    live(at + DAY)
    assert Deadline.objects.get(pk=row.pk).due_at != row.due_at
    assert [str(letter_of(each).body) for each in letters] == before


def beside(letter: Notice, reader: Actor) -> str:
    """The sentence that the page of a letter has beside it, if any."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=reader.user_id))
    page = client.get(reverse("letter", args=[letter.public_id])).content.decode()
    said = re.search(
        r'<p class="message message-info">.*?<span>(.*?)</span>', page, re.S
    )
    return said[1] if said else ""


@pytest.mark.parametrize(
    ("profile", "live", "told"),
    [
        ("civil", came_back_and_reached_another_address, "现至 2027-01-13 24:00 止"),
        ("civil", came_back, "转送的文书未能送达"),
        ("civil", lambda at: None, ""),
        ("dsa", had_its_year_published, ""),
    ],
)
def test_beside_a_letter_stands_to_when_its_term_was_moved(
    profile: str, live: Callable[[datetime], None], told: str, settings: Settings
) -> None:
    settings.CLOCK_PROFILES = [profile]
    at = datetime(2026, 12, 24, 9, tzinfo=CHINA)
    matter = make_matter(profile=profile, at=at)
    live(at + DAY)
    letter = Notice.objects.get(kind="forwarding")
    said = beside(letter, matter.uploader)
    assert told in said
    assert bool(said) == bool(told)


def test_only_letters_that_gave_the_term_have_it_beside_them() -> None:
    matter = make_matter()
    came_back(AT + DAY)
    letters = Notice.objects.filter(audience="claimant").order_by("pk")
    said = {letter.kind: beside(letter, matter.claimant) for letter in letters}
    assert "转送的文书未能送达" in said.pop("decision")
    assert set(said.values()) == {""}


def test_a_letter_of_the_waiting_stays_when_the_year_of_its_end_is_published() -> None:
    at = datetime(2026, 12, 24, 9, tzinfo=CHINA)
    matter = make_matter(at=at)
    assert matter.wait(at + DAY).provisional
    letters = list(Notice.objects.filter(entry__kind="item.forward_counter"))
    before = [str(letter_of(each).body) for each in letters]
    assert all("末日可能再顺延" in body for body in before)
    had_its_year_published(at + 2 * DAY)
    assert [str(letter_of(each).body) for each in letters] == before
    for letter, reader in zip(letters, (matter.claimant, matter.uploader), strict=True):
        end = Deadline.objects.open().get(clock="waiting").due_at - timedelta(seconds=1)
        day = end.astimezone(CHINA).date().isoformat()
        assert f"现至 {day} 24:00 止" in beside(letter, reader)


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
