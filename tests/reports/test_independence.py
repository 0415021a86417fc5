"""Who answers for a case file has no part in its case."""

import pytest
from django.test import Client
from django.urls import reverse

from evidence.models import Membership, Party, SellerAccount
from moderation.models import User
from reports.models import CaseFile
from tests.factories import AT, make_case, make_document, make_party, make_user

pytestmark = pytest.mark.django_db


def answers(user: User, case_file: CaseFile) -> list[int]:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    new = client.post(reverse("case_file_new", args=[case_file.case.reference]))
    kept = client.get(reverse("case_file", args=[case_file.public_id]))
    return [new.status_code, kept.status_code]


def joined(user: User, party: Party) -> User:
    Membership.objects.create(user=user, party=party, role="member", since=AT)
    return user


def test_staff_on_either_side_of_a_case_get_no_file_of_it() -> None:
    claimant, seller = make_party(name="投诉一方"), make_party(name="上传一方")
    account = SellerAccount.objects.create(mask="R****2", party=seller)
    document = make_document(seller=account)
    case = make_case(claimant=claimant, documents=[document])
    case_file = CaseFile.objects.create(case=case, asked_by="user:1", asked_at=AT)
    apart = make_user(duty="compliance")
    assert answers(apart, case_file) == [302, 200]
    for side in (claimant, seller):
        assert answers(joined(make_user(duty="compliance"), side), case_file) == [
            404,
            404,
        ]
