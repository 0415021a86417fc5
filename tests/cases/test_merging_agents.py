"""并案 where an agent acts: who reads what, and whose mandate is asked for."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.errors import NotMergeable
from cases.joining import obstacle_between
from cases.merging import related
from cases.models import Case
from cases.services import advance
from evidence.models import Mandate
from tests.cases.mergers import LATER, Two, fresh, mandated, merge_into, take_out
from tests.factories import make_party, make_user

pytestmark = pytest.mark.django_db
TODAY = LATER.date()
YESTERDAY = TODAY - timedelta(days=1)


def test_each_side_reads_what_is_its_own() -> None:
    """The principal reads both; an agent who filed one of them, that one, with its
    documents as they stand in the other."""
    two = Two("accepted", "accepted")
    user, other_user = make_user(), make_user()
    mandated(two, two.other, user=user)
    two.merge()
    page = f"/cases/{two.other.reference}/"
    for who, code in ((two.user, 200), (user, 200), (other_user, 404)):
        client = Client()
        client.force_login(who)
        assert client.get(page).status_code == code
    client = Client()
    client.force_login(user)
    body = client.get(page).content.decode()
    assert "已并案" in body
    assert two.into.reference in body
    assert two.c.number in body
    assert two.b.number in body
    assert two.a.number not in body
    assert "第 2 项" in body
    assert "第 3 项" not in body, "numbers are those of its own notice"
    assert client.get(f"/cases/{two.into.reference}/").status_code == 404
    client.force_login(two.user)
    assert f'href="/cases/{two.into.reference}/"' in client.get(page).content.decode()


@pytest.mark.parametrize("who", ["other", "into"])
def test_a_mandate_that_has_ended_keeps_two_cases_apart(who: str) -> None:
    """Letters go to the agent of the case that stays, about what the other brought:
    each has to stand for the complainant today."""
    two = Two()
    agent = mandated(two, getattr(two, who), until=YESTERDAY)
    case, into = fresh(two.other), fresh(two.into)
    said = "本案代理人" if who == "other" else "该案代理人"
    assert said in str(obstacle_between(case, into, at=LATER))
    [row] = related(case, at=LATER)
    assert said in str(row.obstacle)
    with pytest.raises(NotMergeable):
        two.merge()
    with pytest.raises(NotMergeable):
        advance(case, "merge", by=two.moderator, at=LATER, into=into.pk)
    Mandate.objects.filter(agent=agent).update(until=TODAY)
    two.merge()
    assert fresh(two.other).state == "merged"


def test_of_two_agents_each_needs_a_mandate() -> None:
    two = Two()
    mandated(two, two.into)
    agent = mandated(two, two.other)
    merge_into(two, two.other, two.into, LATER)
    take_out(two, two.other, LATER + timedelta(minutes=1))
    Mandate.objects.filter(agent=agent).update(principal=make_party())
    with pytest.raises(NotMergeable):
        merge_into(two, two.other, two.into, LATER + timedelta(minutes=2))


def test_one_agent_in_both_cases_is_served_in_both_as_before() -> None:
    two = Two()
    agent = mandated(two, two.into, until=YESTERDAY)
    Case.objects.filter(pk=two.other.pk).update(agent=agent)
    two.merge()
    assert fresh(two.other).state == "merged"
