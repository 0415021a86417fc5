"""What the matcher finds is a case of the system, by policy and above the floors."""

from typing import Any

import pytest

from cases import matched
from cases.matched import open_leads
from cases.models import Case, Report, Restriction
from cases.policies import set_policy, value_of
from cases.reporting import Receipt, file_report
from evidence.actors import Actor
from evidence.models import Document, Match, SellerAccount, Text
from tests.factories import AT, make_document, make_party, make_text, make_work
from tests.matching.memory import make_text as words
from tests.reporting.matters import again, decide, report, staff

pytestmark = pytest.mark.django_db
CONTENT = words(600, 7)


def copy_of(text: Text, content: str = CONTENT, **listing: object) -> Document:
    document = make_document(text=make_text(content), **listing)  # type: ignore[arg-type]
    assert document.current is not None
    length = len(content)
    Match.objects.create(
        query=document.current.text,
        found=text,
        containment_query=1.0,
        containment_found=1.0,
        longest_run=length,
        passages=[
            {
                "query": [0, length],
                "found": [0, length],
                "similarity": 1000,
                "length": length,
            }
        ],
        parameters={},
        parameters_digest="0" * 16,
        at=AT,
    )
    return document


def test_a_copy_of_a_work_is_a_lead_of_the_system_and_restricts_nothing() -> None:
    work = make_work(party=make_party(), text=make_text(CONTENT))
    copy = copy_of(work.sample)
    assert open_leads(at=AT) == 1
    filed = Report.objects.get()
    assert (filed.document, filed.source, filed.reason) == (copy, "system", "C1")
    assert filed.match is not None
    assert not Restriction.objects.exists()
    assert open_leads(at=AT) == 0


def test_a_reader_that_dies_leaves_the_match_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work = make_work(party=make_party(), text=make_text(CONTENT))
    copies = [copy_of(work.sample, CONTENT[n:]) for n in (0, 30)]
    with monkeypatch.context() as patch:
        patch.setattr(matched, "file_report", _killed)
        with pytest.raises(KeyboardInterrupt):
            open_leads(at=AT)
    assert open_leads(at=AT) == len(copies)


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_one_match_that_cannot_be_handled_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work = make_work(party=make_party(), text=make_text(CONTENT))
    odd, copy = copy_of(work.sample), copy_of(work.sample, CONTENT[:-30])

    def first_fails(document: Document, *rest: Any, **facts: Any) -> Receipt:
        if document == odd:
            raise ZeroDivisionError
        return file_report(document, *rest, **facts)

    monkeypatch.setattr(matched, "file_report", first_fails)
    assert open_leads(at=AT) == 1
    assert Report.objects.get().document == copy


def test_a_copy_of_what_was_removed_is_reported_for_the_same_reason() -> None:
    removed = make_document(text=make_text(CONTENT))
    decide(again(report(removed, "A8").report.case), by=staff())
    assert removed.current is not None
    copy = copy_of(removed.current.text)
    assert open_leads(at=AT) == 1
    assert Report.objects.get(document=copy).reason == "A8"


def test_another_sellers_document_is_a_lead_and_ones_own_is_none() -> None:
    first = make_document(text=make_text(CONTENT))
    assert first.current is not None
    copy_of(first.current.text, seller=first.seller)
    assert open_leads(at=AT) == 0
    copy_of(first.current.text, seller=SellerAccount.objects.create(mask="Z****2"))
    assert open_leads(at=AT) == 1
    assert Report.objects.get().reason == "C2"


def test_below_a_floor_nothing_is_opened() -> None:
    short = CONTENT[:80]
    work = make_work(party=make_party(), text=make_text(short))
    copy_of(work.sample, short)
    assert open_leads(at=AT) == 0


def test_compliance_switches_leads_off() -> None:
    by: Actor = staff("compliance")
    set_policy("match_lead", 0, by=by, at=AT)
    assert value_of("match_lead") == 0
    work = make_work(party=make_party(), text=make_text(CONTENT))
    copy_of(work.sample)
    assert open_leads(at=AT) == 0
    assert Case.objects.count() == 0
