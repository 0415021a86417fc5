"""Letters by e-mail: once each, again after a failure, and saying what they say."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.models import Arrival, Notice, SubmissionNotice
from cases.services import advance
from evidence.actors import SYSTEM
from reports.letters import letter_of
from reports.mailing import MOST_ATTEMPTS, NEWEST, came_back, mail_letters, text_of
from reports.models import Mailing
from tests.factories import AT, make_document, make_user
from tests.gate.sellers import make_seller, screened, taken_down, words
from tests.reporting.matters import again, decide, report, staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# What the factory gives a party as its address.
SELLER = "lin@example.com"


@pytest.fixture(autouse=True)
def switched_on(settings: Settings) -> None:
    settings.LETTERS_BY_EMAIL = True


class Broken(EmailBackend):
    """The server that answers nobody."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({})


def decided(email: str = "reader@example.com") -> tuple[Notice, Notice]:
    """A statement to a seller with an account, and an outcome to a guest."""
    seller, _by = make_seller()
    case = report(make_document(seller=seller), "E5", email=email).report.case
    decide(again(case), by=staff())
    rows = case.notices.all()
    return rows.get(kind="statement"), rows.get(kind="outcome")


def states() -> list[str]:
    return sorted(Mailing.objects.values_list("status", flat=True))


def test_each_letter_goes_out_once_and_says_only_what_it_says() -> None:
    statement, outcome = decided()
    assert mail_letters(at=AT) == 2
    assert mail_letters(at=AT + DAY) == 0
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {SELLER, "reader@example.com"}
    for address, notice in (
        (SELLER, statement),
        ("reader@example.com", outcome),
    ):
        message, letter = sent[address], letter_of(notice)
        assert message.body == text_of(letter)
        assert letter.number in message.subject
        assert "<" not in message.body
    told = str(sent[SELLER].message())
    assert "reader@example.com" not in told
    row = Mailing.objects.get(notice=statement)
    assert str(row.public_id) in sent[SELLER].message()["Message-ID"]


def test_the_inbox_stays_the_system_in_which_letters_arrive() -> None:
    decided()
    mail_letters(at=AT)
    assert not Arrival.objects.exists()


def test_it_is_off_unless_it_is_configured(settings: Settings) -> None:
    settings.LETTERS_BY_EMAIL = False
    decided()
    assert mail_letters(at=AT) == 0
    assert not Mailing.objects.exists()


def test_what_was_written_long_before_is_not_sent_after() -> None:
    decided()
    assert mail_letters(at=AT + NEWEST + DAY) == 0
    assert not Mailing.objects.exists()


def test_who_gave_no_address_is_written_to_on_the_site_alone() -> None:
    decided(email="")
    assert mail_letters(at=AT) == 1
    assert states() == ["none", "sent"]


def test_a_failure_is_tried_again_and_given_up_in_the_end(
    settings: Settings,
) -> None:
    _statement, outcome = decided()
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    assert mail_letters(at=AT) == 0
    row = Mailing.objects.get(notice=outcome)
    assert (row.status, row.attempts, row.error) == (
        *("queued", 1, "ConnectionRefusedError"),
    )
    assert mail_letters(at=AT) == 0, "not before its time"
    at = AT
    for _ in range(MOST_ATTEMPTS):
        at += DAY
        mail_letters(at=at)
    assert states() == ["failed", "failed"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_letters(at=at + DAY) == 0


def test_an_address_that_is_refused_is_not_tried_again(
    settings: Settings,
) -> None:
    decided()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    mail_letters(at=AT)
    assert states() == ["failed", "failed"]


def test_a_process_that_died_over_a_letter_leaves_it_to_the_next() -> None:
    decided()
    mail_letters(at=AT)
    Mailing.objects.update(status="queued", try_at=AT + timedelta(minutes=10))
    assert mail_letters(at=AT + timedelta(minutes=9)) == 0
    assert mail_letters(at=AT + timedelta(minutes=10)) == 2
    ids = [message.message()["Message-ID"] for message in mail.outbox]
    assert len(ids) == 4
    assert len(set(ids)) == 2, "the same letter under the same id"


def test_the_desk_sees_what_failed_and_what_came_back(client: Client) -> None:
    statement, outcome = decided()
    mail_letters(at=AT)
    row = Mailing.objects.get(notice=outcome)
    assert came_back(row, by=SYSTEM, at=AT)
    assert not came_back(row, by=SYSTEM, at=AT)
    client.force_login(make_user(duty="moderator"))
    page = client.get(reverse("desk_mails")).content.decode()
    assert outcome.number in page
    assert statement.number not in page
    case = client.get(reverse("desk_report", args=[outcome.case.reference]))
    assert "邮件被退回" in case.content.decode()
    again_url = reverse("desk_mail", args=[row.public_id, "again"])
    assert client.post(again_url).status_code == 302
    assert client.post(again_url).status_code == 409
    sent = reverse("desk_mails") + "?state=queued"
    assert outcome.number in client.get(sent).content.decode()


def test_letters_about_submissions_go_the_same_way() -> None:
    seller, by = make_seller()
    content = words(70)
    taken_down(content)
    row = screened(seller, by, content)
    advance(
        row,
        "refuse",
        by=staff(),
        at=AT,
        ground="removed",
        reasoning="与已下架文档相同，未见授权，不予发布。",
    )
    notice = SubmissionNotice.objects.get()
    mail_letters(at=AT)
    [message] = [each for each in mail.outbox if notice.number in each.subject]
    assert message.to == [SELLER]
