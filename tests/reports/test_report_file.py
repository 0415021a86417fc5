"""The file of a report case: whole for who answers for it, silent about reporters."""

import json
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cases.appeals import file_appeal
from cases.models import Case
from cases.registration import Upload
from cases.services import advance
from evidence.canonical import sha256
from evidence.intake import read_blob
from evidence.models import SellerAccount
from reports.kinds import case_file as case_files
from reports.kinds import report_facts
from reports.kinds.report_rows import rows_of
from reports.models import CaseFile
from reports.verification import verify_report
from tests.factories import AT, make_document, make_user
from tests.gate.sellers import make_seller
from tests.reporting.matters import again, appeal_of, decide, report, staff

pytestmark = pytest.mark.django_db
REPORTER = {
    "name": "欧阳金丝雀",
    "email": "canary@example.com",
    "statement": "金丝雀在第二页看见了我单位的内部名单。",
    "quote": "金丝雀划出的一段原文在这里",
}
FILE = b"%PDF-1.4 canary-file"
SECRETS = (*REPORTER.values(), "canary-file", sha256(FILE), "收到举报", "查看复议")


def told_case() -> tuple[Case, SellerAccount]:
    """Two reports, a decision that an uploader and a reporter contest."""
    seller, by = make_seller()
    document = make_document(seller=seller)
    case = report(
        document, "A8", files=[Upload(FILE, "canary-file.pdf")], **REPORTER
    ).report.case
    report(document, "A7")
    decide(again(case), by=staff())
    theirs = appeal_of(again(case))
    file_appeal(
        case,
        ground="severity",
        statement="这份名单是公开的，措施过重，请复议。",
        by=by,
        at=AT,
        seller=seller,
    )
    answer = "欧阳金丝雀所称内容已经核对，只需限制预览。"
    facts = {"outcome": "partly_upheld", "measures": {document.number: "limit_preview"}}
    advance(theirs, "amend", by=staff("senior"), at=AT, answer=answer, **facts)
    return again(case), seller


def facts_of(case: Case, edition: str) -> dict[str, Any]:
    return report_facts.facts_of(rows_of(case.pk), edition, at=AT)


def text_of(content: bytes) -> str:
    document = pdfium.PdfDocument(content)
    return "".join(
        document[number].get_textpage().get_text_range()
        for number in range(len(document))
    )


def test_the_full_edition_tells_everything_and_carries_it_as_json() -> None:
    case, _seller = told_case()
    printed = case_files.printed_from(rows_of(case.pk), "full", at=AT)
    text = text_of(printed).replace("\r\n", "").replace("\n", "")
    for words in (*REPORTER.values(), "部分成立", "措施过重", "十一、存证与校验"):
        assert words in text, words
    document = pdfium.PdfDocument(printed)
    carried = json.loads(bytes(document.get_attachment(0).get_data()))
    assert carried["format"] == report_facts.FORMAT
    assert [each["name"] for each in carried["reports"]] == [REPORTER["name"], ""]
    assert len(carried["appeals"]) == 2
    assert printed == case_files.printed_from(rows_of(case.pk), "full", at=AT)


def test_the_redacted_edition_holds_no_byte_of_a_reporter() -> None:
    case, _seller = told_case()
    facts = facts_of(case, "redacted")
    carried = json.dumps(facts, default=str, ensure_ascii=False)
    for secret in SECRETS:
        assert secret not in carried, secret
    assert facts["reports"] == []
    assert facts["summary"]["reports"] is None
    assert [each["side"] for each in facts["appeals"]] == ["上传人"]
    assert {each["audience"] for each in facts["letters"]} == {"上传人"}
    assert "举报人" not in {each["role"] for each in facts["timeline"]}
    assert [each["replaces"] for each in facts["decisions"]] == [False, True]
    page = text_of(case_files.printed_from(rows_of(case.pk), "redacted", at=AT))
    assert not [secret for secret in SECRETS if secret in page.replace("\r\n", "")]


def test_one_and_many_reporters_look_alike_in_the_redacted_edition() -> None:
    document = make_document()
    case = report(document, "A8").report.case
    alone = facts_of(decide(again(case), by=staff()), "redacted")
    other = make_document()
    case = report(other, "A8").report.case
    report(other, "A7")
    report(other, "E5")
    many = facts_of(decide(again(case), by=staff()), "redacted")
    for section in ("summary", "decisions", "letters", "timeline", "manifest"):
        assert len(alone[section]) == len(many[section]), section
    for facts in (alone, many):
        numbered = [facts["cover"]["stream_length"]]
        numbered += [row["seq"] for row in (*facts["decisions"], *facts["timeline"])]
        assert set(numbered) == {None}, "gaps between numbers would count the reports"


def test_a_file_made_at_the_desk_is_verified_and_superseded(client: Client) -> None:
    case, _seller = told_case()
    client.force_login(make_user(duty="legal"))
    new = reverse("case_file_new", args=[case.reference])
    assert "case_file" not in client.get(reverse("home")).content.decode()
    page = client.get(reverse("desk_report", args=[case.reference]))
    assert new in page.content.decode()
    asked = client.post(new, {"edition": "redacted"})
    row = CaseFile.objects.get()
    case_files.render(row.pk, at=AT)
    row = CaseFile.objects.select_related("blob").get()
    assert row.blob is not None
    content = read_blob(row.blob)
    assert verify_report(content).code == "genuine"
    shown = client.get(asked.url).content.decode()
    assert reverse("desk_report", args=[case.reference]) in shown
    altered = content.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    assert verify_report(altered).code == "altered"


def test_the_uploader_and_the_reporter_cannot_have_it_made(client: Client) -> None:
    case, seller = told_case()
    assert seller.party is not None
    client.force_login(seller.party.memberships.get().user)
    new = reverse("case_file_new", args=[case.reference])
    assert client.post(new).status_code == 404
    assert not CaseFile.objects.exists()


def test_the_command_prints_it(tmp_path: Path, capsys: Any) -> None:
    case, _seller = told_case()
    out = tmp_path / "case.pdf"
    call_command("case_file", case.reference, "--out", str(out))
    assert capsys.readouterr().out.split() == [str(out), sha256(out.read_bytes())]
    assert verify_report(out.read_bytes()).edition == "full"
