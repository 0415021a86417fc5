"""A file goes from the wire to its place in one writing, or leaves nothing."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.models import ReportAttachment, Submission
from evidence import intake, staging
from evidence.extractors.formats import HTML, LARGEST, LISTING, PDF, TEXT
from evidence.intake import path_of, receive
from evidence.models import Allowance, Blob, Exhibit, Work
from evidence.staging import Kept, Staged, StagedUpload, largest, staged_copy
from tests.factories import AT, make_document, make_user
from tests.gate.sellers import make_seller
from tests.gate.test_api import Program
from tests.reporting.test_pages import form as report_form
from tests.rights.people import make_holder, signed_in, work_form

pytestmark = pytest.mark.django_db
WORDS = "春天的河水漫过石桥，船工把缆绳系在石柱上。".encode() * 9


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def never(*_: object, **__: object) -> None:
    raise AssertionError("it should not come so far")


def paper(name: str = "底稿.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, WORDS)


def by_a_seller() -> str:
    user = make_user()
    seller, _actor = make_seller(user=user)
    form = {"seller": seller.pk, "uploads": paper(), "key": ""}
    signed_in(user).post("/seller/submissions/new/", form)
    return Submission.objects.get().text.blob.sha256


def by_a_program() -> str:
    answer = Program().hand_in(WORDS.decode())
    return str(answer.json()["sha256"])


def with_a_work() -> str:
    client, party = make_holder()
    form = work_form(party, pasted="", sample_file=paper())
    client.post("/rights/works/new/", form)
    return Work.objects.get().sample.blob.sha256


def as_proof() -> str:
    client, party = make_holder()
    client.post("/rights/works/new/", work_form(party, **{"proof-0-file": paper()}))
    return Exhibit.objects.get().blob.sha256


def with_a_report() -> str:
    number = make_document().number
    form = {**report_form(), "attachments": [paper()]}
    Client().post(reverse("report_abuse", args=[number]), form)
    return ReportAttachment.objects.get().blob.sha256


@pytest.mark.parametrize(
    "bring", [by_a_seller, by_a_program, with_a_work, as_proof, with_a_report]
)
def test_what_arrives_is_written_once_and_renamed(
    bring: Callable[[], str], media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged: dict[str, int] = {}

    class Watched(Staged):
        def put(self) -> Kept:
            staged[self.sha256] = self.path.stat().st_ino
            return super().put()

    monkeypatch.setattr(staging, "Staged", Watched)
    digest = bring()

    place = path_of(Blob.objects.get(sha256=digest))
    assert place.stat().st_ino == staged[digest]
    assert place.read_bytes() == WORDS
    assert stat.S_IMODE(place.stat().st_mode) == 0o440
    assert {path.name for path in files_in(media) if len(path.name) < 64} == set()


@pytest.mark.parametrize(
    ("address", "checks"),
    [
        ("/rights/works/new/", False),  # the form is not complete
        ("/rights/works/new/", True),  # nobody has asked for it: 403
        ("/rights/complaints/new/list/", False),
        ("/nowhere/", False),
        ("/api/submissions/", False),  # without a token
        ("/", False),
    ],
)
def test_what_nobody_receives_leaves_nothing(
    address: str, checks: bool, media: Path
) -> None:
    client = Client(enforce_csrf_checks=checks)
    client.force_login(make_user())
    names = ("proof-0-file", "sheet", "file", "x")
    client.post(address, {name: paper() for name in names})
    assert (media / "blobs/incoming").is_dir()
    assert files_in(media) == []
    assert not Blob.objects.exists()


def test_two_forms_may_bring_the_same_bytes_at_once(media: Path) -> None:
    client, party = make_holder()
    form = work_form(party, pasted="", sample_file=paper())
    form |= {"proof-0-file": paper("同一份.txt")}
    assert client.post("/rights/works/new/", form).status_code == 302
    assert Exhibit.objects.get().blob == Work.objects.get().sample.blob
    assert len([path for path in files_in(media) if len(path.name) == 64]) == 1


def test_bytes_that_were_damaged_on_the_disk_are_mended_by_the_same_again() -> None:
    blob = receive(b"whole words", name="a.txt", at=AT)
    path_of(blob).chmod(0o640)
    path_of(blob).write_bytes(b"Whole words")
    assert receive(b"whole words", name="b.txt", at=AT) == blob
    assert path_of(blob).read_bytes() == b"whole words"


def test_an_upload_is_received_again_after_a_transaction_that_failed() -> None:
    staged = staged_copy([WORDS], limit=1 << 20)
    upload = StagedUpload(staged, name="a.txt", sent_name=b"a.txt")
    with transaction.atomic():
        receive(upload, name="a.txt", at=AT)
        transaction.set_rollback(True)
    blob = receive(upload, name="a.txt", at=AT)
    upload.close()
    assert path_of(blob).read_bytes() == WORDS


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("a.pdf", LARGEST[PDF]),
        ("a.TXT ", LARGEST[TEXT]),
        ("a.csv", 100 << 20),
        ("a", 100 << 20),
    ],
)
def test_a_file_has_the_limit_of_its_kind(name: str, limit: int) -> None:
    assert largest(name) == limit


def test_a_kind_that_is_small_is_cut_off_before_the_rest_comes(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LARGEST, TEXT, 300)
    monkeypatch.setitem(LARGEST, HTML, 300)
    monkeypatch.setitem(LARGEST, LISTING, 300)
    client, party = make_holder()
    page = client.post(
        "/rights/works/new/", work_form(party, pasted="", sample_file=paper())
    )
    assert page.status_code == 413
    assert files_in(media) == []


@pytest.mark.parametrize(
    ("limit", "value"), [("UPLOAD_DAY_FILES", 0), ("UPLOAD_DAY_BYTES", 100)]
)
def test_a_day_that_is_used_up_stops_a_file_while_it_arrives(
    settings: Settings, limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    setattr(settings, limit, value)
    client, party = make_holder()
    monkeypatch.setattr(intake, "spend", never)
    form = work_form(party, pasted="", sample_file=paper())

    page = client.post("/rights/works/new/", form)

    assert page.status_code == 429
    assert int(page["Retry-After"]) > 0
    assert not Allowance.objects.exists()
