"""Letters by e-mail, beside the inbox on the site, which stays the designated system.

Off unless LETTERS_BY_EMAIL is set. A letter is queued once, sent at least once and
under one Message-ID, so that whoever gets it twice sees it once. The e-mail says what
the letter says and nothing else; that it went out is no arrival.
"""

import html
import logging
import re
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.html import strip_tags

from cases.arrivals import record_failure
from cases.designations import EMAIL
from cases.models import Notice, SubmissionNotice
from evidence.actors import SYSTEM, Actor
from evidence.models import Party
from reports.letters import Letter, letter_of
from reports.models import Mailing
from reports.submission_letters import submission_letter_of

logger = logging.getLogger(__name__)
# Letters written before the mail was switched on are not sent after it.
NEWEST = timedelta(days=3)
# A process that died while sending: the row is tried again after this.
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
AT_ONCE = 200
Status = Mailing.Status
_BLOCK = re.compile(r"</(p|h[1-6]|tr|li|div|table|ul|ol)>|<br\s*/?>")
_CELL = re.compile(r"</t[hd]>")
_EMPTY = re.compile(r"\n\s*\n\s*")


def mail_letters(*, at: datetime) -> int:
    """Queue what was written lately and send what waits; return how many went out.

    Whoever calls twice, or at the same time, sends nothing twice but what a process
    died over.
    """
    if not settings.LETTERS_BY_EMAIL:
        return 0
    queue(at=at)
    rows = Mailing.objects.waiting(at).order_by("try_at", "pk")
    return sum(_send(pk, at) for pk in rows.values_list("pk", flat=True)[:AT_ONCE])


def queue(*, at: datetime) -> None:
    """Write a row for every letter of the last days that has none."""
    since = {"mailing__isnull": True, "at__gte": at - NEWEST}
    notices = Notice.objects.filter(**since).order_by("pk")
    others = SubmissionNotice.objects.filter(**since).order_by("pk")
    rows = [Mailing(notice=each, try_at=at) for each in notices[:AT_ONCE]]
    rows += [Mailing(submission_notice=each, try_at=at) for each in others[:AT_ONCE]]
    Mailing.objects.bulk_create(rows, ignore_conflicts=True)


def send_again(row: Mailing, *, at: datetime) -> bool:
    """Queue what failed or came back; False when it did neither."""
    rows = Mailing.objects.troubled().filter(pk=row.pk)
    return bool(rows.update(status=Status.QUEUED, attempts=0, try_at=at, error=""))


def came_back(row: Mailing, *, by: Actor, at: datetime) -> bool:
    """Note that the addressee's system has returned a letter; False when it was not
    sent. What would have run from it waits."""
    with transaction.atomic():
        rows = Mailing.objects.filter(pk=row.pk, status=Status.SENT)
        returned = bool(rows.update(status=Status.BOUNCED, try_at=at))
        if returned and row.notice is not None:
            record_failure(row.notice, system=EMAIL, by=by, at=at)
    return returned


def address_of(row: Mailing) -> str:
    """Return where a letter goes: what the addressee gave for this purpose, else the
    address of the account; "" where there is none."""
    if row.submission_notice is not None:
        return _of_party(row.submission_notice.submission.seller.party)
    notice = row.notice
    if notice is None:
        return ""
    if notice.report is not None:
        details = getattr(notice.report, "details", None)
        given = details.email if details else ""
        account = notice.report.user
        return given or (account.email if account else "")
    if notice.seller is not None:
        return _of_party(notice.seller.party)
    return _of_party(notice.party)


def text_of(letter: Letter) -> str:
    """Return a letter as plain text: its own words, blocks on lines of their own."""
    body = _CELL.sub("\u3000", _BLOCK.sub("\n", letter.body))
    lines = (line.strip() for line in html.unescape(strip_tags(body)).splitlines())
    words = _EMPTY.sub("\n\n", "\n".join(lines)).strip()
    number = f"{letter.title}\n{letter.number}"
    return f"{number}\n\n{words}\n\n{letter.sender}\n{letter.on:%Y-%m-%d}\n"


def _send(pk: int, at: datetime) -> bool:
    taken = Mailing.objects.waiting(at).filter(pk=pk)
    if not taken.update(try_at=at + LEASE):
        return False
    row = _whole().get(pk=pk)
    address = address_of(row)
    if not address:
        _give_up(row, at, status=Status.UNADDRESSED)
        return False
    try:
        _message(row, address).send()
    except smtplib.SMTPRecipientsRefused as refused:
        _give_up(row, at, status=Status.FAILED, error=type(refused).__name__)
        return False
    except Exception as failure:
        # Whatever it is, it must not hold up the letters to others. The address and
        # the words of the server stay out of our log.
        logger.warning("letter %s: %s", row.number, type(failure).__name__)
        _put_off(row, type(failure).__name__, at)
        return False
    _settle(row, status=Status.SENT, sent_at=at, error="")
    return True


def _whole() -> QuerySet[Mailing]:
    return Mailing.objects.select_related(
        *("notice__report__details", "notice__report__user", "notice__entry"),
        *("notice__seller__party__details", "notice__party__details"),
        *("notice__case__claimant", "notice__case__agent"),
        "submission_notice__submission__seller__party__details",
    )


def _message(row: Mailing, address: str) -> EmailMessage:
    if row.submission_notice is not None:
        letter = submission_letter_of(row.submission_notice)
    elif row.notice is not None:
        letter = letter_of(row.notice)
    else:
        raise ValueError("a mailing is of one letter")
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        subject=f"{letter.title}（{letter.number}）",
        body=text_of(letter),
        to=[address],
        headers={
            "Message-ID": f"<{row.public_id}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _settle(row: Mailing, **changed: object) -> None:
    Mailing.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, **changed)


def _put_off(row: Mailing, error: str, at: datetime) -> None:
    wait = min(timedelta(minutes=2**row.attempts), LONGEST_WAIT)
    if row.attempts + 1 >= MOST_ATTEMPTS:
        _give_up(row, at, status=Status.FAILED, error=error[:60])
        return
    _settle(row, status=Status.QUEUED, error=error[:60], try_at=at + wait)


def _give_up(row: Mailing, at: datetime, **changed: object) -> None:
    """The letter has reached nobody by this way: what would have run from it waits."""
    with transaction.atomic():
        _settle(row, try_at=at, **changed)
        if row.notice is not None:
            record_failure(row.notice, system=EMAIL, by=SYSTEM, at=at)


def _of_party(party: Party | None) -> str:
    if party is None:
        return ""
    details = getattr(party, "details", None)
    if details is not None and details.email:
        return str(details.email)
    member = party.memberships.select_related("user").order_by("pk").first()
    return member.user.email if member else ""
