"""A listing frozen for a case: nobody can mend it, and the marketplace may go."""

from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.gate.publishing import withdraw_listing
from cases.models import Case, CaseItem
from evidence import ledger
from evidence.actors import SYSTEM, Actor, Role
from evidence.canonical import sha256
from evidence.intake import path_of, read_blob, receive
from evidence.listings import Stated, take_in
from evidence.models import Document, DocumentVersion, Snapshot, Text
from evidence.progress import Stage
from evidence.rounds import open_faults, sweep_some
from evidence.snapshot_triggers import CREATE, DROP
from evidence.snapshots import faults_of, take_snapshots
from moderation.access import actor_of
from reports.kinds import case_file as case_files
from tests.factories import AT, make_case, make_party, make_user

pytestmark = pytest.mark.django_db
MARKETPLACE = Actor(user_id=None, duty=Role.MARKETPLACE, token=1)
CONTENT = "桥边的春天来得早，河水漫过石阶。" * 30


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def listed(number: str = "710100", content: str = CONTENT) -> Document:
    """A listing with its bytes, its text, its price and its downloads."""
    taken = take_in(
        content.encode(),
        name="春天.txt",
        number=number,
        known=Stated(title="桥边的春天", price_cents=500, downloads=17),
        at=AT,
        by=SYSTEM,
    )
    assert taken.document is not None
    return Document.objects.select_related("seller", "current__text__blob").get(
        pk=taken.document.pk
    )


def frozen(document: Document) -> Snapshot:
    with transaction.atomic():
        [snapshot] = take_snapshots([(document, "site")], by=SYSTEM, at=AT)
    return Snapshot.objects.get(pk=snapshot.pk)


def test_bytes_text_facts_price_and_downloads_are_frozen_and_sealed() -> None:
    document = listed()
    snapshot = frozen(document)
    assert read_blob(snapshot.blob).decode() == CONTENT
    assert snapshot.version.text.content == CONTENT
    frozen_facts = {
        "number": "710100",
        "title": "桥边的春天",
        "price_cents": 500,
        "downloads": 17,
        "text_sha256": sha256(CONTENT.encode()),
    }
    assert snapshot.listing.items() >= frozen_facts.items()
    assert faults_of(snapshot) == []
    entry = ledger.entries_of(["site"]).get(kind="document.snapshot")
    assert entry.payload["sha256"] == snapshot.sha256


def test_a_later_version_leaves_the_snapshot_as_it_was() -> None:
    document = listed()
    snapshot = frozen(document)
    listed(content=CONTENT + "改过的结尾。")
    assert Document.objects.get().versions.count() == 2
    assert Snapshot.objects.get(pk=snapshot.pk).version.ordinal == 1
    assert faults_of(Snapshot.objects.get(pk=snapshot.pk)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_snapshot SET sha256 = 'x'",
        "UPDATE evidence_snapshot SET listing = '{}'",
        "DELETE FROM evidence_snapshot",
    ],
)
def test_no_statement_changes_or_deletes_a_snapshot(statement: str) -> None:
    frozen(listed())
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert faults_of(Snapshot.objects.get()) == []


def test_what_lies_beside_the_row_is_found_when_it_is_touched() -> None:
    snapshot = frozen(listed())
    Text.objects.update(content="换掉的文字")
    assert faults_of(Snapshot.objects.get(pk=snapshot.pk)) == ["text"]
    file: Path = path_of(snapshot.blob)
    file.chmod(0o600)
    file.write_bytes(b"changed")
    assert faults_of(Snapshot.objects.get(pk=snapshot.pk)) == ["text", "bytes"]
    file.unlink()
    assert "bytes" in faults_of(Snapshot.objects.get(pk=snapshot.pk))


def tamper(statement: str, *values: object) -> None:
    """As somebody does who holds the database: takes the triggers off first."""
    with connection.cursor() as cursor:
        for drop in DROP[connection.vendor]:
            cursor.execute(drop)
        cursor.execute(statement, values)
        for create in CREATE[connection.vendor]:
            cursor.execute(create)


def swept() -> list[str]:
    out = StringIO()
    with suppress(SystemExit):
        call_command("sweep_evidence", stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("statement", "value", "reason"),
    [
        ("UPDATE evidence_snapshot SET listing = %s", '{"title": "x"}', "seal"),
        ("UPDATE evidence_snapshot SET sha256 = %s", "0" * 64, "seal"),
        (
            "UPDATE evidence_snapshot SET taken_at = %s",
            AT + timedelta(seconds=1),
            "seal",
        ),
        ("UPDATE evidence_text SET content = %s", "换掉的文字", "text"),
        ("UPDATE evidence_blob SET sha256 = %s", "f" * 64, "seal"),
    ],
)
def test_the_sweep_names_a_snapshot_that_was_tampered_with(
    statement: str, value: object, reason: str
) -> None:
    snapshot = frozen(listed())
    assert swept() == ["OK blobs=1"]
    tamper(statement, value)
    blob = Snapshot.objects.get().blob.sha256
    lines = swept()
    assert f"BAD snapshot={snapshot.pk} blob={blob} reason={reason}" in lines


def test_the_sweep_names_the_snapshots_of_a_file_that_was_changed() -> None:
    snapshot = frozen(listed())
    receive(b"another, of no listing", name="a.txt", at=AT)
    file = path_of(snapshot.blob)
    file.chmod(0o600)
    file.write_bytes(b"x" + file.read_bytes()[1:])
    digest = snapshot.blob.sha256
    assert swept() == [
        f"BAD blob={digest} reason=altered",
        f"BAD snapshot={snapshot.pk} blob={digest} reason=bytes",
    ]


def test_the_desk_hears_of_a_tampered_snapshot_until_it_is_mended(
    settings: Settings,
) -> None:
    settings.SWEEP_BYTES = 1  # a blob at a time: a fault outlives the steps after it
    snapshots = [frozen(listed(str(n), f"{CONTENT}{n}")) for n in (710101, 710102)]
    text = min(snapshots, key=lambda each: each.blob.sha256).version.text
    tamper("UPDATE evidence_text SET content = %s WHERE id = %s", "换掉", text.pk)
    for minute in range(4):
        sweep_some(at=AT + timedelta(minutes=minute))
    assert open_faults() == 1

    tamper("UPDATE evidence_text SET content = %s WHERE id = %s", text.content, text.pk)
    for minute in range(4):
        sweep_some(at=AT + timedelta(days=1, minutes=minute))
    assert open_faults() == 0


def test_the_marketplace_withdraws_its_listing_and_ours_remains() -> None:
    document = listed()
    holder = make_user()
    moderator = make_user(duty=Role.MODERATOR)
    case = make_case(
        state="measured",
        documents=[document],
        claimant=make_party(user=holder),
        by=actor_of(moderator),
    )
    for exhibit in case.items.get().work.exhibits.all():
        type(exhibit).objects.filter(pk=exhibit.pk).update(
            blob=receive(b"proof", name="proof.txt", at=AT)
        )
    withdraw_listing(document, by=MARKETPLACE, at=AT)
    assert Client().get("/documents/710100/").status_code == 410
    assert "710100" not in Client().get("/documents/").content.decode()

    item = CaseItem.objects.get()
    assert item.snapshot is not None
    assert faults_of(item.snapshot) == []
    for user, name in ((holder, "my_case"), (moderator, "desk_case")):
        client = Client()
        client.force_login(user)
        page = client.get(reverse(name, args=[case.reference]))
        assert page.status_code == 200
        assert "710100" in page.content.decode()
    row = case_files.ask(Case.objects.get(), "full", by=actor_of(moderator), at=AT)
    case_files.render(row.pk, at=AT)
    row.refresh_from_db()
    assert (row.stage, row.error) == (Stage.DONE, "")


def test_a_listing_under_a_case_cannot_be_deleted_at_all() -> None:
    document = listed()
    make_case(documents=[document])
    for rows in (Document.objects.all(), DocumentVersion.objects.all()):
        with pytest.raises(ProtectedError):
            rows.delete()


def test_a_listing_that_comes_again_is_back() -> None:
    withdraw_listing(listed(), by=MARKETPLACE, at=AT)
    assert Document.objects.get().withdrawn_at == AT
    listed()
    assert Document.objects.get().withdrawn_at is None
    assert Client().get("/documents/710100/").status_code == 200
