"""Staff with a part in a report case: to them it is not there."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Report
from cases.permissions.desk import may_claim
from cases.permissions.submission import may_review
from cases.registration import Upload
from evidence.models import Membership, Party, SellerAccount
from moderation.access import actor_of
from moderation.models import User
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_party,
    make_submission,
    make_user,
)
from tests.gate.sellers import make_seller
from tests.reporting.matters import report

pytestmark = pytest.mark.django_db


def sold_by(party: Party) -> SellerAccount:
    return SellerAccount.objects.create(mask="R****2", party=party)


def codes(user: User, row: Report) -> list[int]:
    """What the pages that show who reported answer to this person."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    case, file = row.case.reference, row.attachments.get().public_id
    answers = (
        client.get(reverse("desk_report", args=[case])),
        client.get(reverse("desk_reporter", args=[row.public_id])),
        client.post(reverse("desk_report_file", args=[case, file])),
        client.post(reverse("desk_report_reveal", args=[case, row.public_id])),
    )
    for answer in answers:
        answer.getvalue()  # a file that is not read through stays open
    return [answer.status_code for answer in answers]


def test_staff_who_sell_what_was_reported_cannot_read_the_reports_of_it() -> None:
    party = make_party(name="上传一方")
    document = make_document(seller=sold_by(party))
    row = report(document, files=[Upload(b"\x89PNG", "截图.png")]).report
    seller = make_user(duty="moderator")
    Membership.objects.create(user=seller, party=party, role="member", since=AT)
    assert codes(seller, row) == [404] * 4
    assert codes(make_user(duty="moderator"), row) == [200] * 4


def test_staff_who_reported_are_shown_no_page_of_the_case() -> None:
    user = make_user(duty="senior")
    files = [Upload(b"\x89PNG", "截图.png")]
    row = report(by=actor_of(user), files=files).report
    assert codes(user, row) == [404] * 4


def test_other_cases_of_a_reporter_are_listed_without_those_of_ones_own() -> None:
    party = make_party(name="上传一方")
    reporter = actor_of(make_user())
    own = report(make_document(seller=sold_by(party)), by=reporter).report
    other = report(by=reporter).report
    user = make_user(duty="moderator")
    Membership.objects.create(user=user, party=party, role="member", since=AT)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("desk_reporter", args=[other.public_id])).content.decode()
    assert other.number in page
    assert own.number not in page


def test_who_sells_a_document_in_a_complaint_cannot_claim_it() -> None:
    party = make_party(name="上传一方")
    case = make_case(documents=[make_document(seller=sold_by(party))])
    user = make_user(duty="moderator")
    assert may_claim(case, actor_of(user))
    Membership.objects.create(user=user, party=party, role="member", since=AT)
    assert not may_claim(case, actor_of(User.objects.get(pk=user.pk)))


def test_who_sells_what_a_file_at_the_gate_resembles_does_not_review_it() -> None:
    party = make_party(name="上传一方")
    user = make_user(duty="moderator")
    Membership.objects.create(user=user, party=party, role="member", since=AT)
    mine = sold_by(party)
    document, other = make_document(seller=mine), make_submission(seller=mine)
    for held in ({"document": document}, {"other": other}):
        submission = make_submission(seller=make_seller()[0])
        by = actor_of(User.objects.get(pk=user.pk))
        assert may_review(submission, by)
        submission.findings.create(likeness="seller_copy", outcome="held", **held)
        assert not may_review(submission, by)
