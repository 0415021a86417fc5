"""A letter that reached nobody starts no term: the window stands, the desk is told."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from pytest_django import Settings

from cases import alarms
from cases.announcing import announce_unknown
from cases.arrivals import record_arrival
from cases.designations import EMAIL
from cases.firing import fire_due
from cases.models import Deadline, DeliveryFailure, Notice, Statement
from cases.services import advance, claim
from evidence import ledger
from evidence.actors import SYSTEM
from evidence.ledger import entries_of
from evidence.models import Membership, PersonalDetails
from reports.mailing import MOST_ATTEMPTS, came_back, mail_letters
from reports.models import Mailing
from tests.cases.journeys import REASONING, Matter, make_matter
from tests.factories import AT, make_case, make_party, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def switched_on(settings: Settings) -> None:
    settings.LETTERS_BY_EMAIL = True


class Broken(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({})


def window() -> Deadline:
    return Deadline.objects.get(clock="window")


def forwarding(matter: Matter) -> Notice:
    return Notice.objects.get(case=matter.case, kind="forwarding")


def bounced(matter: Matter, at: Any = AT + DAY) -> Notice:
    mail_letters(at=AT)
    letter = forwarding(matter)
    assert came_back(Mailing.objects.get(notice=letter), by=matter.moderator, at=at)
    return letter


def pass_on(matter: Matter) -> None:
    """The account goes to somebody else: that a seller who answered has designated the
    mailbox binds nobody but that seller."""
    seller = matter.item.document.seller
    seller.party = make_party(user=make_user(), at=AT)
    seller.save()


def rejected(matter: Matter) -> Notice:
    """The answer came to nothing: a second window begins with the letter."""
    counter = matter.answer(AT + HOUR)
    pass_on(matter)
    claim(matter.case, by=matter.legal, at=AT + HOUR)
    facts = {"refusal": "blank", "reasoning": REASONING}
    advance(counter, "reject", by=matter.legal, at=AT + HOUR, **facts)
    return Notice.objects.get(case=matter.case, kind="answer", audience="uploader")


def lapsed(matter: Matter) -> Notice:
    counter = matter.answer(AT + HOUR)
    claim(matter.case, by=matter.moderator, at=AT + HOUR)
    facts = {"codes": ["C03"], "defects": {"C03": "没有任何证据。"}}
    advance(counter, "find_defects", by=matter.moderator, at=AT + HOUR, **facts)
    pass_on(matter)
    fire_due(at=Deadline.objects.open().get(clock="counter_cure").due_at)
    return Notice.objects.get(case=matter.case, kind="lapse")


def told(at: Any) -> list[str]:
    kind = alarms.Kind.UNDELIVERED
    return [each.sentence for each in alarms.alarms(at=at) if each.kind == kind]


def test_a_window_does_not_run_out_after_the_forwarding_came_back() -> None:
    matter = make_matter()
    due_at = window().due_at
    letter = bounced(matter)
    assert window().awaits_arrival
    assert fire_due(at=due_at) == 0
    assert matter.state() == "measured"
    [sentence] = told(AT + DAY)
    assert letter.number in sentence
    assert "转送通知书" in sentence
    assert "公告" in sentence
    kinds = [entry.kind for entry in entries_of([matter.case.stream])]
    assert kinds[-3:] == ["notice.fail", "deadline.move", "deadline.refuse"]
    assert ledger.verify(matter.case.stream).breaks == ()


def test_the_window_runs_from_the_day_on_which_it_reached_another_address() -> None:
    matter = make_matter()
    letter = bounced(matter)
    entered = AT + 4 * DAY
    record_arrival(
        letter, system=EMAIL, entered_at=entered, by=matter.legal, at=entered
    )
    assert (window().started_at, window().awaits_arrival) == (entered, False)
    assert not told(entered)
    assert fire_due(at=window().due_at) == 1
    assert matter.state() == "final"


@pytest.mark.parametrize("come_to_nothing", [rejected, lapsed])
def test_a_second_window_does_not_run_out_after_its_letter_came_back(
    come_to_nothing: Callable[[Matter], Notice],
) -> None:
    matter = make_matter()
    letter = come_to_nothing(matter)
    second = Deadline.objects.open().get(clock="window")
    assert not second.awaits_arrival
    mail_letters(at=letter.at)
    at = letter.at + HOUR
    assert came_back(Mailing.objects.get(notice=letter), by=matter.moderator, at=at)
    second.refresh_from_db()
    assert second.awaits_arrival
    [sentence] = told(at)
    assert letter.number in sentence
    assert fire_due(at=second.due_at) == 0
    assert matter.state() == "measured"
    claim(matter.case, by=matter.legal, at=second.due_at)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=matter.legal.user_id))
    page = client.get(f"/desk/cases/{matter.case.reference}/").content.decode()
    assert f"/desk/cases/{matter.case.reference}/letters/{letter.public_id}/" in page
    entered = second.due_at + DAY
    record_arrival(
        letter, system=EMAIL, entered_at=entered, by=matter.legal, at=entered
    )
    second.refresh_from_db()
    assert (second.started_at, second.awaits_arrival) == (entered, False)
    assert fire_due(at=second.due_at) == 1
    assert matter.state() == "final"


def test_only_the_letter_that_opened_a_window_makes_it_wait() -> None:
    """The forwarding came back, but the uploader has answered it all the same."""
    matter = make_matter()
    mail_letters(at=AT)
    rejected(matter)
    row = Mailing.objects.get(notice=forwarding(matter))
    assert came_back(row, by=matter.moderator, at=AT + DAY)
    assert not Deadline.objects.open().filter(awaits_arrival=True).exists()
    assert not told(AT + DAY)


@pytest.mark.parametrize("come_to_nothing", [rejected, lapsed])
def test_windows_that_are_open_already_are_hung_on_their_letter_and_back(
    come_to_nothing: Callable[[Matter], Notice],
) -> None:
    migration = import_module("cases.migrations.0025_windows_of_rejected_answers")
    matter = make_matter(items=2)
    first = Deadline.objects.get(clock="window", item=matter.item)
    letter = come_to_nothing(matter)
    mine = Deadline.objects.open().get(clock="window", item=matter.item)
    others = Deadline.objects.filter(clock="window").exclude(pk=mine.pk)
    before = set(others.values_list("pk", "trigger"))
    migration.hang_on_the_step(apps, None)
    mine.refresh_from_db()
    assert mine.trigger.kind == "item.keep_measure"
    assert mine.trigger.payload["id"] == matter.item.pk
    migration.hang_on_the_letter(apps, None)
    mine.refresh_from_db()
    assert mine.trigger == letter.entry
    assert (first.pk, first.trigger_id) in before
    assert set(others.values_list("pk", "trigger")) == before


def test_an_announcement_takes_the_place_of_what_came_back() -> None:
    matter = make_matter()
    bounced(matter)
    at = AT + 4 * DAY
    claim(matter.case, by=matter.moderator, at=at)
    advance(matter.item, "announce", by=matter.moderator, at=at, ground="failed")
    assert window().ending == "void"
    assert not told(at)


def test_an_announcement_is_public_and_needs_no_mail() -> None:
    """The mail of an announcement goes nowhere: its thirty days run all the same."""
    case = make_case(state="measured")
    assert announce_unknown(at=AT) == 1
    mail_letters(at=AT)
    announced = Deadline.objects.get(case=case, clock="announced")
    assert not announced.awaits_arrival
    assert not DeliveryFailure.objects.exists()


@pytest.mark.parametrize("backend", ["Broken", "Refusing"])
def test_what_the_server_refuses_for_good_has_reached_nobody(
    backend: str, settings: Settings
) -> None:
    matter = make_matter()
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    mail_letters(at=AT)
    assert window().awaits_arrival is (backend == "Refusing")
    for day in range(1, MOST_ATTEMPTS + 1):
        mail_letters(at=AT + day * DAY)
    assert window().awaits_arrival
    assert told(AT + 9 * DAY)
    assert matter.state() == "measured"


def test_an_uploader_without_an_address_is_reached_by_no_mail() -> None:
    matter = make_matter()
    PersonalDetails.objects.update(email="")
    Membership.objects.filter(party=matter.item.document.seller.party).delete()
    mail_letters(at=AT)
    assert window().awaits_arrival
    assert matter.state() == "measured"


def test_a_letter_in_the_designated_mailbox_has_arrived_whatever_the_mail_does() -> (
    None
):
    matter = make_matter()
    Statement.objects.create(
        case=matter.case,
        party=matter.item.document.seller.party,
        declarations=[{"code": "delivery", "sha256": "0" * 64}],
        signature_salt="0",
        signature_digest="0",
        signed_at=AT,
    )
    bounced(matter)
    assert not window().awaits_arrival
    assert not told(AT + DAY)
    assert fire_due(at=window().due_at) == 1


def test_what_has_arrived_is_not_undone_by_a_later_return() -> None:
    matter = make_matter()
    letter = forwarding(matter)
    record_arrival(letter, system=EMAIL, entered_at=AT, by=matter.legal, at=AT)
    bounced(matter)
    assert not window().awaits_arrival


def test_letters_on_which_no_clock_hangs_are_the_mails_own_affair() -> None:
    matter = make_matter()
    mail_letters(at=AT)
    row = Mailing.objects.get(notice__kind="decision", notice__case=matter.case)
    assert came_back(row, by=SYSTEM, at=AT)
    assert not DeliveryFailure.objects.exists()


def test_a_forwarded_answer_that_came_back_is_alarmed_at_once() -> None:
    """转送反通知: the waiting runs from arrival at a complainant who has named no
    system; that it came back is told before the three days are over."""
    matter = make_matter()
    Statement.objects.filter(party=matter.party).update(declarations=[])
    matter.wait(AT)
    at = AT + HOUR
    mail_letters(at=AT)
    letter = Notice.objects.get(case=matter.case, kind="counter")
    assert came_back(Mailing.objects.get(notice=letter), by=matter.moderator, at=at)
    [sentence] = told(at)
    assert letter.number in sentence
    assert "公告" not in sentence
    waiting = Deadline.objects.get(clock="waiting")
    assert fire_due(at=waiting.due_at) == 0
    assert matter.state() == "waiting"


def test_the_desk_is_told_on_every_page_and_where_to_look() -> None:
    matter = make_matter()
    letter = bounced(matter)
    client = Client()
    client.force_login(make_user(duty="legal"))
    assert "没有送达" in client.get("/desk/").content.decode()
    page = client.get("/desk/deadlines/").content.decode()
    assert letter.number in page
    assert f"/letters/{letter.public_id}/" in page
    case = client.get(f"/desk/cases/{matter.case.reference}/").content.decode()
    assert "登记邮件送达" in case
    assert "文书未能送达" in case


def test_repeating_it_changes_nothing() -> None:
    matter = make_matter()
    letter = bounced(matter)
    Mailing.objects.filter(notice=letter).update(status="sent")
    assert came_back(Mailing.objects.get(notice=letter), by=SYSTEM, at=AT + 2 * DAY)
    assert DeliveryFailure.objects.count() == 1
    assert Deadline.objects.filter(awaits_arrival=True).count() == 1
