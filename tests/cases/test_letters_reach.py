"""Whom letters reach when an agent files for a principal."""

from datetime import timedelta

import pytest

from cases.declarations import DECLARATIONS
from cases.filing import list_documents, open_draft, submit
from cases.models import Notice
from evidence.actors import Actor
from evidence.models import Mandate
from moderation.access import actor_of
from tests.factories import AT, make_document, make_party, make_user, make_work

pytestmark = pytest.mark.django_db


def test_a_principal_reads_the_letters_that_went_to_the_agent() -> None:
    users = {name: make_user() for name in ("principal", "agent", "stranger")}
    principal = make_party(name="权利人公司", user=users["principal"])
    agent = make_party(name="代理所", user=users["agent"])
    make_party(name="别人", user=users["stranger"])
    day = AT.date()
    Mandate.objects.create(
        agent=agent, principal=principal, since=day, until=day + timedelta(days=9)
    )
    filer = Actor(user_id=None, parties=frozenset({agent.pk}))
    case = open_draft(claimant=principal, agent=agent, by=filer, at=AT)
    work = make_work(party=principal)
    list_documents(case, work, [make_document()], by=filer, manner="whole")
    submit(
        case,
        by=filer,
        at=AT,
        expect_version=case.version,
        declared=[declaration.code for declaration in DECLARATIONS],
        signature="代理所",
    )
    assert Notice.objects.get().party == agent
    read = {
        name: Notice.objects.visible_to(actor_of(user)).count()
        for name, user in users.items()
    }
    assert read == {"principal": 1, "agent": 1, "stranger": 0}
