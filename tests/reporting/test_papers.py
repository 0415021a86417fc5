"""What an authority sends on paper: entered, proven, timed, and to be answered."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.authorities import Paper, file_paper
from cases.errors import NotPermitted
from cases.models import AuthorityPaper, AuthorityTask, Case, Notice, Report
from cases.policies import set_policy
from cases.registration import Upload
from cases.reporting import Said
from cases.restrictions import visibility
from evidence import ledger
from evidence.actors import Actor
from evidence.models import Document
from tests.factories import AT, make_document, make_user
from tests.reporting.matters import again, decide, report, staff

pytestmark = pytest.mark.django_db
PAPER = Paper("cac", "某市网信办", "网办〔2026〕17号", date(2026, 11, 1))


def filed(
    document: Document,
    reason: str = "B1",
    *,
    by: Actor | None = None,
    ends_at: datetime | None = None,
) -> Report:
    paper = Paper(PAPER.authority, PAPER.name, PAPER.number, PAPER.dated_on, ends_at)
    said = Said(
        reason,
        statement="请依法处置并反馈。",
        files=[Upload(b"%PDF-1.4", "来文.pdf")],
    )
    return file_paper(document, said, paper, by=by or staff("compliance"), at=AT)


def test_an_urgent_paper_restricts_at_once_where_the_policy_lets_it() -> None:
    document = make_document()
    row = filed(document)
    assert (row.source, row.checked) == ("authority", "paper")
    assert visibility(document).is_down
    entry = ledger.entries_of([row.case.stream]).get(kind="report.restrict")
    assert entry.payload["policy"] == "interim_authority"


def test_compliance_may_switch_that_off() -> None:
    set_policy("interim_authority", 0, by=staff("compliance"), at=AT)
    document = make_document()
    filed(document)
    assert not visibility(document).is_down


def test_a_paper_joins_the_open_case_and_leaves_its_number_in_the_ledger() -> None:
    document = make_document()
    case = report(document, "E5").report.case
    row = filed(document, "E5")
    assert row.case == case
    entry = ledger.entries_of([case.stream]).get(kind="report.receive_paper")
    assert entry.payload["paper"] == PAPER.number
    assert (entry.payload["authority"], entry.role) == ("cac", "compliance")
    assert row.attachments.get().original_name == "来文.pdf"
    assert AuthorityTask.objects.get(case=case).ground == "paper"


def test_whoever_enters_a_paper_stands_by_it_in_the_ledger() -> None:
    clerk = staff("compliance")
    case = filed(make_document(), by=clerk).case
    kinds = ["case.reported", "report.submit", "document.snapshot"]
    rows = ledger.entries_of([case.stream]).filter(kind__in=kinds)
    assert {row.actor for row in rows} == {f"user:{clerk.user_id}"}


def test_the_time_that_the_paper_sets_is_a_clock_that_a_decision_stops() -> None:
    ends = AT + timedelta(hours=5)
    case = again(filed(make_document(), "C1", ends_at=ends).case)
    [clock] = case.deadlines.open().filter(clock="paper")
    assert clock.due_at == ends
    decide(case, by=staff())
    assert not case.deadlines.open().filter(clock="paper").exists()
    # An authority is answered by a paper of ours and not by our letters.
    assert not Notice.objects.filter(report__isnull=False).exists()


def test_only_who_answers_to_authorities_enters_their_papers() -> None:
    with pytest.raises(NotPermitted):
        filed(make_document(), by=staff())
    assert not Case.objects.exists()


def test_the_desk_enters_a_paper_with_its_scan(client: Client) -> None:
    document = make_document()
    client.force_login(make_user(duty="legal"))
    page = reverse("desk_paper_new")
    assert client.get(page, {"number": document.number}).status_code == 200
    posted: dict[str, Any] = {
        "authority": "police",
        "name": "某市公安局",
        "number": "公网〔2026〕9号",
        "dated_on": "2026-01-05",
        "ends_at": f"{datetime.now(AT.tzinfo) + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "document": document.number,
        "reason": "E5",
        "statement": "请依法处置并反馈结果。",
    }
    assert set(client.post(page, posted).context["form"].errors) == {"scans"}
    scan = SimpleUploadedFile("来文.pdf", b"%PDF-1.4 x")
    late = posted | {"dated_on": "2999-01-01", "ends_at": "2020-01-01T10:00"}
    errors = client.post(page, late | {"scans": scan}).context["form"].errors
    assert set(errors) == {"dated_on", "ends_at"}
    scan.seek(0)
    answer = client.post(page, posted | {"scans": scan})
    row = AuthorityPaper.objects.get()
    assert answer.url == reverse("desk_report", args=[row.report.case.reference])
    assert row.number in client.get(answer.url).content.decode()
    assert row.report.user is None, "the staff enter it, they do not report"
