"""Files of strangers, over HTTP: what is taken comes back byte for byte, what is not
is refused on a page that says what to do.

They stand beside the project, where they are there: the samples, one of each kind at
the everyday size; all of them and the hostile ones, made anew, at the full size.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from cases.models import Case
from cases.refusals import REFUSALS
from evidence import pipeline
from evidence.extractors import isolation
from evidence.intake import read_blob
from evidence.models import Exhibit, Text, Work
from evidence.reading import shown_name
from tests.desk.matters import make_examiner
from tests.factories import AT, make_case, make_work
from tests.rights.people import make_holder, work_form
from tests.sizes import SIZE

FOLDER = Path(__file__).parents[2] / "shared" / "files"
SENTENCES = {str(sentence) for sentence in REFUSALS.values()} | {
    "文件无法处理。",
    "所提交的是空文件。",  # Django's own
}


class Hostile:
    """One file of the corpus. expected: as its manifest says."""

    def __init__(self, folder: Path, row: dict[str, str]) -> None:
        name = unquote_to_bytes(row["path_q"])
        self.content = Path(os.fsdecode(bytes(folder) + b"/" + name)).read_bytes()
        self.name = name.rpartition(b"/")[2].decode("utf-8", "replace")
        self.kind, self.expected = row["kind"], row["expected"]

    def upload(self) -> SimpleUploadedFile:
        """As browsers send it: a quote and a line's end go in escaped."""
        file = SimpleUploadedFile("a", self.content)
        escapes = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
        # The name's setter would mend it, as no sender does.
        file.__dict__["_name"] = self.name.translate(escapes)
        return file


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[Hostile]:
    if not FOLDER.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the hostile files are missing")
        pytest.skip("no hostile files beside the project")
    samples = rows_of(FOLDER)
    if SIZE.whole_corpus:
        folder = tmp_path_factory.mktemp("hostile")
        maker = [sys.executable, str(FOLDER / "make_hostile.py"), str(folder)]
        subprocess.run(maker, check=True, capture_output=True)
        made = [Hostile(folder, row) for row in rows_of(folder)]
        return made + [Hostile(FOLDER, row) for row in samples]
    one_of_each = {(row["kind"], row["expected"]): row for row in samples}
    return [Hostile(FOLDER, row) for row in one_of_each.values()]


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.UPLOAD_DAY_FILES = 10_000
    # What is asked here is not how busy this machine is.
    monkeypatch.setattr(isolation, "SECONDS", 30.0)


def post(client: Client, form: dict[str, object]) -> str:
    """Register a work; return "" or the sentence that refuses its file."""
    answer = client.post("/rights/works/new/", form)
    if answer.status_code == 302:
        return ""
    assert answer.status_code == 200
    proofs = answer.context["proofs"]
    errors = [*answer.context["form"].errors.values()]
    errors += [error for each in proofs.errors for error in each.values()]
    (sentence,) = [str(each) for error in errors for each in error]
    assert sentence in answer.content.decode()
    return sentence


@pytest.mark.django_db
def test_a_sample_is_read_or_refused_in_words(hostile: list[Hostile]) -> None:
    client, party = make_holder()
    for file in hostile:
        told = post(client, work_form(party, pasted="", sample_file=file.upload()))
        if not told:
            told = after_processing(client, file)
        assert told in SENTENCES | {""}, (file.name, told)
        if file.expected == "refuse":
            assert told, file.name
        if file.expected in {"parsed", "good"}:
            assert not told, (file.name, told)


def after_processing(client: Client, file: Hostile) -> str:
    """Return the sentence on the work's page that says why, "" when it was read."""
    work = Work.objects.select_related("sample__blob").latest("pk")
    assert read_blob(work.sample.blob) == file.content
    assert work.sample_name == shown_name(work.sample_name)
    pipeline.process(work.sample_id, at=AT)
    page = client.get(f"/rights/works/{work.public_id}/")
    assert page.status_code == 200
    text = Text.objects.get(pk=work.sample_id)
    if text.state != Text.State.REFUSED:
        return ""
    told = str(REFUSALS[text.refusal])
    assert told in page.content.decode()
    return told


@pytest.mark.django_db
def test_a_proof_comes_back_as_it_was_or_is_refused_in_words(
    hostile: list[Hostile],
) -> None:
    client, party = make_holder()
    work = make_work(party=party)
    case = make_case(claimant=party, work=work)
    _actor, desk = make_examiner()
    taken = 0
    for file in hostile:
        told = post(client, work_form(party, **{"proof-0-file": file.upload()}))
        assert told in SENTENCES | {""}, (file.name, told)
        if not told:
            taken += 1
            comes_back(desk, case, work, file)
    assert taken > len(hostile) // 3


def comes_back(desk: Client, case: Case, work: Work, file: Hostile) -> None:
    exhibit = Exhibit.objects.latest("pk")
    Exhibit.objects.filter(pk=exhibit.pk).update(work=work)
    url = f"/desk/cases/{case.reference}/exhibits/{exhibit.public_id}/"
    answer = desk.post(url)
    assert answer.status_code == 200
    assert b"".join(answer) == file.content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert not set("\r\n\0\u202e") & set(answer["Content-Disposition"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
