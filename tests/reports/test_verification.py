"""A case file that left the house can be told from one that was touched since."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from cases.models import Case
from evidence import ledger, ledger_triggers
from evidence.actors import SYSTEM
from evidence.checkpoints import seal, witnessed
from evidence.intake import read_blob
from evidence.ledger import Act, LedgerEntry, LedgerHead
from evidence.witness import NAME
from reports.kinds import case_file as case_files
from reports.kinds.case_seal import seal_holds
from reports.models import CaseFile
from tests.factories import AT, make_case
from tests.reports.papers import make_told_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def case() -> Case:
    case = make_told_case("measured")
    make_case()
    seal(at=AT)
    return case


def printed(case: Case, folder: Path, *, later: timedelta = HOUR) -> Path:
    row = case_files.ask(case, "full", by=SYSTEM, at=AT)
    case_files.render(row.pk, at=AT + later)
    row = CaseFile.objects.select_related("blob").get(pk=row.pk)
    assert row.blob is not None
    path = folder / "report.pdf"
    path.write_bytes(read_blob(row.blob))
    return path


def verdict(path: Path) -> tuple[str, int]:
    out, code = StringIO(), 0
    try:
        call_command("verify_report", path, json=True, stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    return json.loads(out.getvalue())["verdict"], code


def test_one_report_through_all_that_can_be_done_to_it(
    case: Case, tmp_path: Path, settings: Settings
) -> None:
    """One paper, because printing takes a second or two."""
    act = Act(case.stream, "case.claim", {"case": case.pk})
    ledger.append(act, by=SYSTEM, role="system", at=AT)
    path = printed(case, tmp_path)
    assert verdict(path) == ("genuine", 0)
    longer = tmp_path / "longer.pdf"
    longer.write_bytes(path.read_bytes() + b"\n")
    assert verdict(longer) == ("altered", 1)
    file = settings.LEDGER_WITNESS / NAME
    sealed = file.read_bytes()
    file.write_bytes(sealed.replace(b'"entries":', b'"entries":1'))
    assert verdict(path) == ("signature", 1)
    file.write_bytes(sealed)
    with connection.cursor() as cursor:
        for statement in ledger_triggers.DROP[connection.vendor]:
            cursor.execute(statement)
    rewrite_what_is_not_sealed(case)
    assert ledger.verify(case.stream, witness=witnessed()).breaks == ()
    assert verdict(path) == ("chain", 1)
    change_an_entry(case)
    assert verdict(path) == ("chain", 1)


def rewrite_what_is_not_sealed(case: Case) -> None:
    """As who knows the code and writes the database: the paper alone tells of it."""
    sealed = witnessed().streams[case.stream]
    entries = LedgerEntry.objects.filter(stream=case.stream, seq__gt=sealed.length)
    last = sealed.head
    for entry in entries.order_by("seq"):
        entry.actor, entry.prev = "user:0", last
        if entry.kind == "report.rendered":
            entry.payload["stream_hash"] = last
            CaseFile.objects.update(stream_hash=last)
        entry.hash = last = entry.sealed()
        entry.save()
    LedgerHead.objects.filter(stream=case.stream).update(hash=last)


def change_an_entry(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_ledgerentry SET actor = 'user:0' "
            "WHERE stream = %s AND seq = 2",
            [case.stream],
        )


def test_somebody_elses_pdf_is_unknown(case: Case, tmp_path: Path) -> None:
    from reports.pdf import pdf

    path = tmp_path / "other.pdf"
    path.write_bytes(pdf("<p>other</p>", at=AT))
    assert verdict(path) == ("unknown", 1)


def test_an_older_print_is_superseded(case: Case, tmp_path: Path) -> None:
    older = printed(case, tmp_path)
    (tmp_path / "later").mkdir()
    printed(case, tmp_path / "later", later=2 * HOUR)
    assert verdict(older) == ("superseded", 1)


def test_what_is_no_pdf_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"no PDF")
    for wrong in (path, tmp_path / "missing.pdf"):
        with pytest.raises(CommandError) as error:
            call_command("verify_report", wrong)
        assert error.value.returncode == 2


def test_the_report_carries_a_path_that_anybody_can_follow(case: Case) -> None:
    from reports.kinds.case_rows import rows_of

    told = rows_of(case.pk).seal
    assert told is not None
    assert seal_holds(told)
    assert (told["checkpoint"], told["streams"]) == (1, 2)
    assert not seal_holds(told | {"length": told["length"] + 1})
    assert not seal_holds(told | {"root": "0" * 64})
