"""The JSON interface: a program hands in, asks, publishes; nobody else gets in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from cases.gate.screening import screen
from cases.models import Submission
from evidence.ledger import LedgerEntry
from evidence.models import SellerAccount
from moderation.api.access import issue_token, revoke_tokens
from moderation.models import ApiToken
from tests.factories import AT, make_user
from tests.gate.sellers import on_sale, words

pytestmark = pytest.mark.django_db
ADDRESS = "/api/submissions/"


class Program:
    """A program of the marketplace; its client checks CSRF as a real server would."""

    def __init__(self) -> None:
        self.token = issue_token("目录服务", at=AT)
        self.client = Client(enforce_csrf_checks=True)

    def post(self, address: str = ADDRESS, *, key: str = "k1", **fields: Any) -> Any:
        return self.client.post(address, fields, headers=self._headers(key))

    def get(self, address: str) -> Any:
        return self.client.get(address, headers=self._headers(""))

    def hand_in(self, content: str, *, key: str = "k1", **fields: Any) -> Any:
        file = SimpleUploadedFile("教案.txt", content.encode())
        form = {"seller": "s-1", "title": "教案", "price_cents": 500, "file": file}
        return self.post(key=key, **(form | fields))

    def _headers(self, key: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return headers | ({"Idempotency-Key": key} if key else {})


def test_a_file_is_handed_in_followed_and_published() -> None:
    program = Program()
    answer = program.hand_in(words(60))
    assert answer.status_code == 201
    received = answer.json()
    assert (received["state"], received["processing"]) == ("received", "queued")
    assert len(received["sha256"]) == 64
    screen(Submission.objects.get().pk, at=AT)
    address = answer["Location"]
    assert program.get(address).json()["state"] == "cleared"
    published = program.post(f"{address}publish/").json()
    assert published["state"] == "published"
    assert published["number"] == received["reference"]
    again = program.post(f"{address}publish/")
    assert (again.status_code, again.json()["number"]) == (200, published["number"])
    [seller] = SellerAccount.objects.all()
    assert seller.marketplace_id == "s-1"
    entry = LedgerEntry.objects.get(kind="submission.received")
    assert entry.role == "marketplace"
    assert entry.actor == f"token:{ApiToken.objects.get().pk}"


def test_the_findings_say_where_in_the_file_and_nothing_of_the_other_text() -> None:
    listed = on_sale(words(61))
    program = Program()
    answer = program.hand_in(words(61)[:900])
    screen(Submission.objects.get().pk, at=AT)
    told = program.get(answer["Location"]).json()
    [finding] = told["findings"]
    assert told["state"] == "held"
    assert (finding["likeness"], finding["document"]) == ("document", listed.number)
    [[start, end]] = finding["passages"]
    assert (start, end) == (0, pytest.approx(900, abs=5))
    assert program.post(f"{answer['Location']}publish/").status_code == 409


def test_the_same_key_is_the_same_submission_and_never_another() -> None:
    program = Program()
    first = program.hand_in(words(62))
    second = program.hand_in(words(62))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["reference"] == second.json()["reference"]
    other = program.hand_in(words(63))
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")
    assert program.hand_in(words(63), key="").status_code == 400
    assert Submission.objects.count() == 1


def test_only_a_live_token_gets_in_and_a_session_never_does() -> None:
    program = Program()
    browser = Client()
    browser.force_login(make_user(duty="moderator"))
    for client, headers in (
        (browser, {}),
        (Client(), {"Authorization": "Bearer anjian_wrong"}),
        (Client(), {"Authorization": f"Basic {program.token}"}),
    ):
        answer = client.post(ADDRESS, {}, headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
    assert revoke_tokens("目录服务", at=AT) == 1
    assert program.get(ADDRESS + "SC-2026-000001/").status_code == 401


def test_a_token_is_kept_as_a_digest_alone(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_token", "catalogue")
    secret = capsys.readouterr().out.strip()
    row = ApiToken.objects.get()
    assert secret.startswith("anjian_")
    assert secret not in (row.digest, row.name)
    assert len(row.digest) == 64
    call_command("api_token", "catalogue", "--revoke")
    assert "revoked=1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"file": ""}, 400),
        ({"file": SimpleUploadedFile("空.txt", b"")}, 400),
        ({"seller": ""}, 400),
        ({"seller": "s\x00"}, 400),
        ({"title": "题" * 301}, 400),
        ({"price_cents": "-1"}, 400),
        ({"price_cents": "9" * 30}, 400),
        ({"number": "no/such"}, 400),
    ],
)
def test_bad_input_is_a_400_that_names_the_field(
    fields: dict[str, Any], status: int
) -> None:
    answer = Program().hand_in(words(64, 200), **fields)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]
    assert not Submission.objects.exists()


def test_what_is_not_there_is_a_404_in_json() -> None:
    answer = Program().get(f"{ADDRESS}SC-1999-000001/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_wrong_method_is_refused() -> None:
    program = Program()
    assert program.get(ADDRESS).status_code == 405


def test_the_marketplace_takes_a_listing_off_the_shelves() -> None:
    document = on_sale(words(65))
    program = Program()
    address = f"/api/documents/{document.number}/withdraw/"
    for _ in range(2):
        assert program.post(address).json() == {
            "number": document.number,
            "on_sale": False,
        }
    assert Client().get(f"/documents/{document.number}/").status_code == 410
    assert LedgerEntry.objects.filter(kind="document.withdrawn").count() == 1
    assert program.post("/api/documents/none/withdraw/").status_code == 404


def test_an_upload_over_the_limit_is_told_in_json(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    answer = Program().hand_in(words(66))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "upload_too_large"
