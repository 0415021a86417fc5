"""A notice of 300 documents costs as many statements as one of three."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.declarations import DECLARATIONS
from cases.filing import list_documents, open_draft, submit
from cases.models import Case
from cases.services import advance, advance_all, claim
from evidence.actors import SYSTEM, Actor
from evidence.models import Document, Work
from tests.factories import (
    AT,
    make_document,
    make_party,
    make_senior,
    make_user,
    make_work,
)


def statements(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def walk(work: Work, documents: list[Document], by: Actor) -> dict[str, int]:
    """File, accept, decide and finalise a notice about these documents."""
    filer = Actor(user_id=None, parties=frozenset({work.party_id}))
    case = open_draft(claimant=work.party, by=filer, at=AT)
    found = {
        "list": statements(
            lambda: list_documents(case, work, documents, by=filer, manner="part")
        ),
        "submit": statements(
            lambda: submit(
                case,
                by=filer,
                at=AT,
                expect_version=0,
                declared=[declaration.code for declaration in DECLARATIONS],
                signature=work.party.name,
            )
        ),
    }
    filed = Case.objects.get(pk=case.pk)
    claim(filed, by=by, at=AT)
    found["accept"] = statements(
        lambda: advance(filed, "accept", by=by, at=AT, profile="civil")
    )
    items = list(filed.items.all())
    told = {"measure": "interim_down", "reasoning": "初步证据充分。"}
    found["measure"] = statements(
        lambda: advance_all(items, "measure_and_forward", by=by, at=AT, **told)
    )
    found["finalise"] = statements(
        lambda: advance_all(items, "finalise", by=SYSTEM, at=AT)
    )
    return found


@pytest.mark.django_db
def test_statements_do_not_grow_with_the_number_of_documents() -> None:
    # So many are a senior's to measure.
    senior, party = make_senior(), make_party(user=make_user())
    work = make_work(party=party, at=AT)
    documents = [make_document(at=AT) for _ in range(300)]
    few, more, most = (walk(work, documents[:n], senior) for n in (3, 30, 300))
    assert few == more == most
