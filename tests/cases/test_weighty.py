"""Measures on a notice that weighs much are a senior's: counted over the whole notice,
inside the door, however few documents are decided on at once."""

from collections.abc import Sequence

import pytest
from django.test import Client

from cases.errors import NotPermitted
from cases.models import Case, CaseItem, Notice
from cases.services import advance, advance_all, claim
from cases.splitting import split
from evidence.actors import Actor, Role
from evidence.ledger import entries_of
from evidence.models import Document, DocumentVersion
from moderation.access import actor_of
from moderation.desk.queue import claim_next
from tests.cases.journeys import REASONING
from tests.factories import AT, make_case, make_document, make_user

pytestmark = pytest.mark.django_db
MEASURE = {"measure": "interim_down", "reasoning": REASONING}


def make_staff(duty: str) -> Actor:
    return actor_of(make_user(duty=duty))


def priced(*, yuan: int, downloads: int) -> Document:
    document = make_document()
    DocumentVersion.objects.filter(document=document).update(
        price_cents=yuan * 100, downloads=downloads
    )
    return Document.objects.get(pk=document.pk)


def accepted(documents: Sequence[Document], by: Actor) -> Case:
    return make_case(state="accepted", documents=list(documents), by=by)


def items_of(case: Case) -> list[CaseItem]:
    return list(CaseItem.objects.filter(case=case).order_by("position"))


def may_measure(case: Case, by: Actor) -> bool:
    claim(case, by=by, at=AT)
    try:
        advance(items_of(case)[0], "measure_and_forward", by=by, at=AT, **MEASURE)
    except NotPermitted:
        return False
    return True


def test_fifty_documents_are_a_moderators_and_one_more_is_a_seniors() -> None:
    moderator = make_staff(Role.MODERATOR)
    documents = [make_document() for _ in range(51)]
    assert may_measure(accepted(documents[:50], moderator), moderator)
    assert not may_measure(accepted(documents, moderator), moderator)


def test_three_hundred_documents_cannot_be_measured_a_few_at_a_time() -> None:
    moderator = make_staff(Role.MODERATOR)
    case = accepted([make_document() for _ in range(60)], moderator)
    few = items_of(case)[:6]
    with pytest.raises(NotPermitted):
        advance_all(few, "measure_and_forward", by=moderator, at=AT, **MEASURE)
    assert not CaseItem.objects.exclude(state="pending").exists()


@pytest.mark.parametrize("duty", [Role.SENIOR, Role.LEGAL])
def test_a_senior_may_and_so_may_legal(duty: Role) -> None:
    moderator, senior = make_staff(Role.MODERATOR), make_staff(duty)
    case = accepted([priced(yuan=5, downloads=10_000)], moderator)
    assert not may_measure(case, moderator)
    Case.objects.get(pk=case.pk).assignment.delete()  # type: ignore[attr-defined]
    assert may_measure(case, senior)


def test_what_the_documents_brought_in_counts_together() -> None:
    """Downloads × price as the frozen listings state them; what is not stated adds
    nothing. 五万元 is the figure of 条例 18 and 19."""
    moderator = make_staff(Role.MODERATOR)
    under = [priced(yuan=5, downloads=9_999), make_document()]
    assert may_measure(accepted(under, moderator), moderator)
    reached = [priced(yuan=5, downloads=5_000), priced(yuan=5, downloads=5_000)]
    assert not may_measure(accepted(reached, moderator), moderator)


def test_a_part_that_is_set_apart_weighs_what_the_whole_weighs() -> None:
    moderator = make_staff(Role.MODERATOR)
    documents = [make_document() for _ in range(51)]
    whole = make_case(state="claimed", documents=documents, by=moderator)
    part = split(whole, [1], by=moderator, at=AT)
    claim(part, by=moderator, at=AT)
    advance(part, "accept", by=moderator, at=AT, profile="civil")
    advance(whole, "accept", by=moderator, at=AT, profile="civil")
    senior = make_staff(Role.SENIOR)
    for case, documents in ((part, 1), (whole, 50)):
        assert len(items_of(case)) == documents
        assert not may_measure(Case.objects.get(pk=case.pk), moderator)
        Case.objects.get(pk=case.pk).assignment.delete()  # type: ignore[attr-defined]
        assert may_measure(Case.objects.get(pk=case.pk), senior)


def test_a_moderator_may_still_find_that_no_measure_is_due() -> None:
    moderator = make_staff(Role.MODERATOR)
    case = accepted([make_document() for _ in range(51)], moderator)
    assert not may_measure(case, moderator)
    facts = {"finding": "evidence", "reasoning": REASONING}
    advance(items_of(case)[0], "assess_no_measure", by=moderator, at=AT, **facts)
    found, *rest = items_of(case)
    assert (found.state, found.finding) == ("no_measure", "evidence")
    assert {item.state for item in rest} == {"pending"}
    entry = entries_of([case.stream]).get(kind="item.assess_no_measure")
    assert (entry.actor, entry.role) == (moderator.label, Role.MODERATOR)
    letters = Notice.objects.filter(item=found).values_list("kind", "audience")
    assert set(letters) == {("forwarding", "uploader"), ("decision", "claimant")}


def test_the_ledger_keeps_what_the_notice_weighed() -> None:
    case = accepted([priced(yuan=2, downloads=7)], make_staff(Role.MODERATOR))
    entry = entries_of([case.stream]).get(kind="copyright.submit")
    assert (entry.payload["items"], entry.payload["cents"]) == (1, 1_400)


def test_the_desk_says_why_and_offers_to_hand_the_case_over() -> None:
    user = make_user(duty=Role.MODERATOR)
    case = accepted([priced(yuan=5, downloads=10_000)], actor_of(user))
    client = Client()
    client.force_login(user)
    release = f"/desk/cases/{case.reference}/release/"
    for page in ("", "items/1/"):
        told = client.get(f"/desk/cases/{case.reference}/{page}").content.decode()
        assert "采取措施须复审" in told
        assert "50,000.00 元" in told
        assert release in told[told.index("采取措施须复审") :]
        assert "采取措施并转送" not in told
    assert client.post(release).status_code == 302
    assert "须复审" in client.get("/desk/").content.decode()
    senior_user = make_user(duty=Role.SENIOR)
    claim(case, by=actor_of(senior_user), at=AT)
    client.force_login(senior_user)
    told = client.get(f"/desk/cases/{case.reference}/items/1/").content.decode()
    assert "采取措施并转送" in told
    assert "采取措施须复审" not in told


def test_the_next_case_of_a_moderator_is_one_that_can_be_worked_on() -> None:
    moderator, senior = make_staff(Role.MODERATOR), make_staff(Role.SENIOR)
    case = accepted([priced(yuan=5, downloads=10_000)], moderator)
    case.assignment.delete()  # type: ignore[attr-defined]
    assert claim_next(by=moderator, at=AT) is None
    assert claim_next(by=senior, at=AT) == case


def test_a_moderator_reads_the_form_of_a_weighty_notice() -> None:
    moderator = make_staff(Role.MODERATOR)
    case = make_case(documents=[priced(yuan=5, downloads=10_000)])
    assert claim_next(by=moderator, at=AT) == case
