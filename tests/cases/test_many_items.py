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
from tests.cases.journeys import make_matter
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


@pytest.mark.django_db
def test_a_step_that_writes_to_nobody_is_four_statements() -> None:
    """The row with its case and the end of its ledger, the row, the head, the entry:
    who sells the document is not read."""
    item = make_matter().item
    advance(item, "receive_counter", by=SYSTEM, at=AT)
    advance(item, "await_counter", by=SYSTEM, at=AT)
    kinds: list[str] = []

    def heard(execute: Any, sql: str, *others: Any) -> Any:
        kinds.append(sql.split(maxsplit=1)[0])
        return execute(sql, *others)

    with connection.execute_wrapper(heard):
        advance(item, "resume_counter", by=SYSTEM, at=AT)
    kinds = [kind for kind in kinds if kind not in {"SAVEPOINT", "RELEASE"}]
    assert kinds == ["SELECT", "UPDATE", "UPDATE", "INSERT"]
