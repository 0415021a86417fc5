"""先行限制 comes once, within its caps, and never over what a person has decided."""

from datetime import timedelta
from typing import Any

import pytest
from django_fsm import can_proceed

from cases.models import Notice, Restriction
from cases.policies import set_policy
from cases.reporting import Origin, Said, file_report
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence import ledger
from evidence.actors import ANONYMOUS, SYSTEM, Actor
from evidence.models import Document, SellerAccount
from tests.factories import AT, make_document, make_text, make_user
from tests.reporting.matters import again, decide, report, staff

pytestmark = pytest.mark.django_db
COPIED = "已经下架的同一篇文字"


def cap(name: str, most: int) -> None:
    set_policy(name, most, by=staff("compliance"), at=AT)


def removed_before(words: str = COPIED) -> Any:
    """A text that is down for a P0: whatever copies it may be held back."""
    text = make_text(words)
    first = make_document(text=text)
    decide(again(report(first, "B1").report.case), by=staff(), level="remove")
    Restriction.objects.update(placed_at=AT - timedelta(days=3))
    return text


def copies(count: int) -> list[Document]:
    text = removed_before()
    return [
        make_document(text=text, seller=SellerAccount.objects.create(mask=f"M****{n}"))
        for n in range(count)
    ]


def from_address(document: Document, address: str) -> None:
    origin = Origin("proof", address=address)
    file_report(document, Said("B1"), origin, by=ANONYMOUS, at=AT)


def test_what_a_person_has_let_go_does_not_come_back_by_the_next_report() -> None:
    [copy] = copies(1)
    case = report(copy, "B1").report.case
    by = staff()
    claim(again(case), by=by, at=AT)
    advance(case, "end_restriction", by=by, at=AT)
    letters = Notice.objects.count()
    report(copy, "B1")
    assert not visibility(copy).is_down
    assert Notice.objects.count() == letters
    report(copy, "A1", source="authority")
    assert visibility(copy).is_down, "a paper is an occasion of its own"


def test_after_a_ruling_its_measures_hold_and_no_others() -> None:
    [copy] = copies(1)
    case = decide(again(report(copy, "B1").report.case), by=staff(), level="remove")
    advance(case, "close", by=SYSTEM, at=AT + timedelta(days=20))
    by = staff("compliance")
    advance(case, "reopen", by=by, at=AT + timedelta(days=21), ground="主管部门来函")
    assert report(copy, "B1", at=AT + timedelta(days=22)).report.case == case
    report(copy, "A1", source="authority", at=AT + timedelta(days=22))
    [held] = Restriction.objects.active().filter(document=copy)
    assert held.level == "remove"
    assert not can_proceed(again(case).restrict)


def test_each_document_of_a_case_counts_against_the_cap_of_its_seller() -> None:
    text = removed_before()
    one, other = (SellerAccount.objects.create(mask=mask) for mask in ("A*1", "B*2"))
    mine = [make_document(text=text, seller=one) for _ in range(3)]
    theirs = make_document(text=text, seller=other)
    cap("interim_seller_daily", 2)
    cap("interim_copy", 0)
    for document in (theirs, *mine):
        case = report(document, "B1").report.case
    cap("interim_copy", 1)
    cap("interim_reporter_daily", 10)
    report(theirs, "B1")
    assert visibility(theirs).is_down
    assert [visibility(each).is_down for each in mine] == [True, True, False]
    entry = ledger.entries_of([case.stream]).get(kind="report.restrict")
    assert len(entry.payload["documents"]) == 3
    told = Notice.objects.filter(kind="interim", report__document=mine[2])
    assert not told.exists(), "of that document there is nothing to tell"


def test_a_guest_is_capped_by_address_as_a_reader_is_by_account() -> None:
    cap("interim_reporter_daily", 1)
    cap("interim_copy", 1)
    one, other = removed_before(), removed_before("另一篇已经下架的文字")
    first, second = make_document(text=one), make_document(text=other)
    from_address(first, "198.51.100.7")
    from_address(second, "198.51.100.7")
    assert visibility(first).is_down
    assert not visibility(second).is_down


def test_whoever_held_it_back_or_answered_another_appeal_does_not_review() -> None:
    from tests.reporting.matters import appeal_of, facts_for
    from tests.reporting.test_machine import may

    document, confirmer = make_document(), staff("senior")
    case = report(document, "A1", source="authority").report.case
    for _ in range(2):
        report(document, "A1")
    claim(again(case), by=confirmer, at=AT)
    advance(case, "confirm", by=confirmer, at=AT)
    by, at = staff("senior"), AT + timedelta(hours=1)
    claim(again(case), by=by, at=at)
    advance(case, "decide", by=by, at=at, **facts_for(again(case)))
    one, other = (
        appeal_of(again(case), filer=each)
        for each in case.reports.filter(source="person")
    )
    assert not may(one, "uphold", confirmer)
    upholder = staff("senior")
    advance(one, "uphold", by=upholder, at=at, answer="重新查看之后，理由如上。")
    assert not may(other, "uphold", upholder)
    assert may(other, "uphold", staff("senior"))


def test_who_was_there_when_somebody_else_was_right_earns_nothing() -> None:
    from cases.priority import accuracy_of

    user = make_user()
    for reason in ("E5", "A7"):
        document = make_document()
        report(document, reason, by=Actor(user_id=user.pk))
        case = report(document, "A8").report.case
        decide(again(case), by=staff())
    past = accuracy_of(user.pk)
    assert (past.decided, past.upheld) == (1, 1)
