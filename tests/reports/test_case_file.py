"""The case file: whole, closed, repeatable, and masked where it goes outside."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from cases.models import Case
from evidence import ledger
from evidence.actors import SYSTEM, Role
from evidence.canonical import sha256
from evidence.intake import read_blob
from evidence.models import LedgerEntry
from evidence.progress import LEASE
from moderation.worklist import WORK
from reports import pdf as printing
from reports.kinds import case_file as case_files
from reports.kinds import case_pairs
from reports.kinds.case_rows import rows_of
from reports.models import CaseFile
from tests.factories import AT, make_user
from tests.reports.papers import SECRETS, SELLER_SECRETS, make_told_case

pytestmark = pytest.mark.django_db

SECTIONS = (
    "一、封面",
    "二、摘要与结果",
    "三、当事人",
    "四、作品与权属证据",
    "五、涉案文档",
    "六、比对",
    "七、时间线",
    "十一、决定与理由",
    "十二、措施与恢复",
    "十三、收益基数",
    "十四、证据清单",
)


def text_of(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "case.pdf"
    path.write_bytes(content)
    printed = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True
    )
    return printed.stdout.decode()


def facts_in(content: bytes, tmp_path: Path) -> tuple[list[str], Any]:
    """Return the names of the files inside a PDF, and the first one's JSON."""
    path, inside = tmp_path / "case.pdf", tmp_path / "inside.json"
    path.write_bytes(content)
    listed = subprocess.run(
        ["pdfdetach", "-list", str(path)], check=True, capture_output=True
    ).stdout.decode()
    command = ["pdfdetach", "-save", "1", "-o", str(inside), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return re.findall(r"^\d+: (.+)$", listed, re.M), json.loads(inside.read_text())


def printed(case: Case, edition: str = "full") -> bytes:
    return case_files.printed_from(rows_of(case.pk), edition, at=AT)


@contextmanager
def kept(blocker: DjangoDbBlocker, state: str) -> Iterator[tuple[Case, bytes]]:
    """One case and its print for all tests that only read them: printing takes long."""
    with blocker.unblock(), transaction.atomic():
        case = make_told_case(state)
        yield case, printed(case)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def measured(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Case, bytes]]:
    with kept(django_db_blocker, "measured") as case_and_print:
        yield case_and_print


@pytest.fixture(scope="module")
def final(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Case, bytes]]:
    with kept(django_db_blocker, "final") as case_and_print:
        yield case_and_print


def squeezed(text: str) -> str:
    """Lines of a column break anywhere: compare without white space."""
    return re.sub(r"\s+", "", text)


def test_the_sections_follow_each_other(
    final: tuple[Case, bytes], tmp_path: Path
) -> None:
    text = squeezed(text_of(final[1], tmp_path))
    body = text[text.index("十四、证据清单") + 7 :]
    places = [body.index(section) for section in SECTIONS[1:]]
    assert text.index(SECTIONS[0]) < text.index(SECTIONS[1])
    assert places == sorted(places)


def test_places_are_pages_where_known_and_segments_otherwise(
    measured: tuple[Case, bytes], tmp_path: Path
) -> None:
    text = squeezed(text_of(measured[1], tmp_path))
    assert "作品第2页文档第2页" in text
    assert "作品第2页文档预览第3段，页码不详" in text
    assert "文档第3段" not in text


def test_the_facts_travel_inside_and_nothing_else_does(
    measured: tuple[Case, bytes], tmp_path: Path
) -> None:
    case, content = measured
    names, facts = facts_in(content, tmp_path)
    assert names == [f"{case.reference}-full.json"]
    passage = facts["comparison"][1]["match"]["shown"][0]["document"]
    assert (passage["page"], passage["segment"]) == (None, 3)
    assert [row["hash"] for row in facts["timeline"]] == list(
        ledger.entries_of([case.stream]).values_list("hash", flat=True)
    )
    assert facts["proceeds"]["documents"][0]["cents"] == 45_000
    assert facts["proceeds"]["documents"][1]["cents"] is None
    carried = (tmp_path / "inside.json").read_bytes()
    assert sha256(carried) in squeezed(text_of(content, tmp_path))


def test_same_case_and_instant_give_the_same_bytes(final: tuple[Case, bytes]) -> None:
    case, content = final
    assert printed(case) == content


def test_the_redacted_edition_names_no_person(tmp_path: Path) -> None:
    case = make_told_case("final")
    for item in case.items.all():
        item.decisions.update(reasoning=f"{SECRETS['name']}致电{SECRETS['phone']}。")
        text = item.work.sample
        text.content = text.content.replace("附表另行装订", SECRETS["name"] + "*")
        text.save()
    content = printed(case, "redacted")
    _names, facts = facts_in(content, tmp_path)
    shown = squeezed(text_of(content, tmp_path)) + json.dumps(facts, ensure_ascii=False)
    secrets = [*SECRETS.values(), *filter(None, SELLER_SECRETS.values())]
    assert not [value for value in secrets if value in shown]
    assert "欧****" in shown
    assert "139****4321" in shown
    assert "成都市***" in shown
    full = squeezed(text_of(printed(case), tmp_path))
    assert SECRETS["name"] in full
    assert SELLER_SECRETS["name"] in full


def test_hostile_text_in_every_field_is_printed_and_fetches_nothing(
    tmp_path: Path,
) -> None:
    attack = (
        '<link rel=attachment href="file:///etc/passwd">'
        '<style>@import "http://127.0.0.1:9/x.css"</style>'
        '<img src="file:///etc/passwd"></mark></td></table>{{ facts }}'
    )
    case = make_told_case("measured", title=f"标题{attack}")
    for item in case.items.all():
        item.decisions.update(reasoning=attack)
        item.work.title = item.work.author = item.work.publication = attack
        item.work.save()
        item.work.exhibits.update(original_name=attack)
        sample = item.work.sample
        sample.content = sample.content[:5] + attack + sample.content[5:]
        sample.save()
    content = printed(case)
    names, _facts = facts_in(content, tmp_path)
    text = squeezed(text_of(content, tmp_path))
    assert len(names) == 1
    assert "root:" not in text
    assert text.count("@import") >= 4
    assert "{{facts}}" in text


def test_a_long_comparison_says_how_much_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_pairs, "PASSAGES_IN_ALL", 2)
    monkeypatch.setattr(case_pairs, "CHARACTERS_A_SIDE", 30)
    case = make_told_case("measured")
    for item in case.items.filter(match__isnull=False).select_related("match"):
        assert item.match is not None
        item.match.passages *= 4
        item.match.save()
    text = squeezed(text_of(printed(case), tmp_path))
    assert "另有3处未在此展示" in text
    assert re.search(r"……略\d+字……", text)


def test_one_reason_for_many_documents_is_one_decision(
    final: tuple[Case, bytes], tmp_path: Path
) -> None:
    _names, facts = facts_in(final[1], tmp_path)
    measured, final = facts["decisions"]
    assert (measured["positions"], measured["outcome"]) == ("1–3", "measured")
    assert (final["positions"], final["role"]) == ("1–3", "系统")
    assert len(measured["entries"]) == 3


def test_the_worker_renders_records_and_can_be_asked_twice() -> None:
    case = make_told_case("measured")
    row = case_files.ask(case, "full", by=SYSTEM, at=AT)
    head = ledger.LedgerHead.objects.get(stream=case.stream)
    case_files.render(row.pk, at=AT)
    case_files.render(row.pk, at=AT + timedelta(hours=1))
    row = CaseFile.objects.select_related("blob").get(pk=row.pk)
    assert row.blob is not None
    assert (row.stage, row.stream_length, row.stream_hash) == (
        "done",
        head.length,
        head.hash,
    )
    assert sha256(read_blob(row.blob)) == row.blob.sha256
    entry = LedgerEntry.objects.get(kind="report.rendered")
    assert entry.payload["sha256"] == row.blob.sha256
    assert entry.payload["stream_hash"] == head.hash
    assert ledger.verify(case.stream).breaks == ()


def test_a_case_file_whose_worker_died_is_rendered_all_the_same() -> None:
    case = make_told_case("measured")
    row = case_files.ask(case, "full", by=SYSTEM, at=AT)
    dead = case_files.progress.claim(CaseFile, row.pk, at=AT)
    assert dead is not None
    case_files.render(row.pk, at=AT)
    assert CaseFile.objects.get(pk=row.pk).stage == "running"
    assert CaseFile in WORK
    case_files.render(row.pk, at=AT + LEASE + timedelta(seconds=1))
    assert CaseFile.objects.get(pk=row.pk).stage == "done"
    # The one that was thought dead comes back: it has nothing left to say.
    case_files._keep(dead, rows_of(case.pk), b"%PDF-late", AT)
    assert LedgerEntry.objects.filter(kind="report.rendered").count() == 1


def test_without_printing_the_job_fails_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printing._ensure_printing.cache_clear()
    monkeypatch.setattr(printing, "_can_print", lambda: False)
    row = case_files.ask(make_told_case(), "full", by=SYSTEM, at=AT)
    case_files.render(row.pk, at=AT)
    assert CaseFile.objects.get(pk=row.pk).error == "printing"


def test_only_those_who_answer_for_it_ask_watch_and_download() -> None:
    case = make_told_case("measured")
    assert case.claimant is not None
    claimant = Client()
    claimant.force_login(case.claimant.memberships.get().user)
    desk = Client()
    desk.force_login(make_user(duty=Role.MODERATOR))
    ask = reverse("case_file_new", args=[case.reference])
    assert claimant.post(ask).status_code == 404
    assert Client().post(ask).status_code == 302
    assert desk.get(ask).status_code == 405
    assert desk.post(ask, {"edition": "secret"}).status_code == 404
    assert CaseFile.objects.count() == 0
    page = desk.post(ask, {"edition": "redacted"})["Location"]
    row = CaseFile.objects.get()
    assert "hx-get" in desk.get(page).content.decode()
    case_files.render(row.pk, at=AT)
    row = CaseFile.objects.select_related("blob").get()
    assert row.blob is not None
    shown = desk.get(page, headers={"HX-Request": "true"}).content.decode()
    assert row.blob.sha256 in shown
    assert "hx-get" not in shown
    assert "<html" not in shown
    download = reverse("case_file_download", args=[row.public_id])
    assert claimant.get(page).status_code == claimant.post(download).status_code == 404
    assert not LedgerEntry.objects.filter(kind="report.downloaded").exists()
    answer = desk.post(download)
    assert sha256(answer.content) == row.blob.sha256
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "sandbox" in answer["Content-Security-Policy"]
    entry = LedgerEntry.objects.get(kind="report.downloaded")
    assert entry.payload == {
        "report": str(row.public_id),
        "sha256": row.blob.sha256,
    }


def test_the_command_writes_the_file_and_its_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, out = make_told_case("measured"), tmp_path / "case.pdf"
    call_command("case_file", case.reference, "--out", str(out))
    assert capsys.readouterr().out == f"{out} {sha256(out.read_bytes())}\n"
    assert LedgerEntry.objects.filter(kind="report.rendered").count() == 1


def test_the_command_refuses_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, out = make_told_case("measured"), tmp_path / "case.pdf"
    with pytest.raises(CommandError) as refused:
        call_command("case_file", "BQ-1999-000001", "--out", str(out))
    assert refused.value.returncode == 2
    with pytest.raises(CommandError) as refused:
        call_command("case_file", case.reference, "--out", str(tmp_path / "no" / "x"))
    assert refused.value.returncode == 2
    printing._ensure_printing.cache_clear()
    monkeypatch.setattr(printing, "_can_print", lambda: False)
    with pytest.raises(CommandError, match="script/bootstrap") as refused:
        call_command("case_file", case.reference, "--out", str(out))
    assert refused.value.returncode == 1
    assert not out.exists()
