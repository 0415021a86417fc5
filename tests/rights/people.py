"""A rights holder at the keyboard, and what they type."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.declarations import DECLARATIONS
from cases.models import Case
from evidence import pipeline
from evidence.intake import receive_text
from evidence.models import Document, Party, Work
from moderation.models import User
from tests.factories import AT, make_document, make_party, make_user
from tests.matching.memory import make_text as make_words

WORDS = make_words(1500, 11)
PERSON = {
    "name": "林岚",
    "identity_number": "11010519491231002x",
    "phone": "028-8600 1122",
    "email": "lin@example.com",
    "address": "成都市锦江区书院街8号",
}
ORGANISATION = {
    "name": "川江书社有限公司",
    "identity_number": "91350100M000100Y43",
    "representative": "唐宁",
    "contact": "周行",
    "phone": "028-86001123",
    "email": "press@example.com",
    "address": "成都市青羊区一号",
}
TICKS = [declaration.code for declaration in DECLARATIONS]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_holder(name: str = "林岚") -> tuple[Client, Party]:
    user = make_user()
    return signed_in(user), make_party(name=name, user=user)


def work_form(party: Party, **changed: Any) -> dict[str, Any]:
    rows = {f"proof-{row}-kind": "certificate" for row in range(3)}
    return {
        "party": party.pk,
        "title": "桥边的春天",
        "kind": "text",
        "author": "林岚",
        "origin": "original",
        "completed_on": "2024-02-29",
        "pasted": WORDS,
        "proof-TOTAL_FORMS": "3",
        "proof-INITIAL_FORMS": "0",
        "proof-0-file": SimpleUploadedFile("证书.pdf", b"%PDF-1.4 proof"),
        **rows,
        **changed,
    }


def make_copy(number: str = "", words: str = WORDS) -> Document:
    """An upload whose text has been read and compared."""
    text = receive_text(words.encode(), name=f"{number}.txt", at=AT)
    document = make_document(number=number, text=text)
    pipeline.ask_again(text)
    pipeline.process(text.pk, at=AT)
    return document


def register_work(client: Client, party: Party, **changed: Any) -> Work:
    """Register a work through its page, and have its sample compared."""
    response = client.post("/rights/works/new/", work_form(party, **changed))
    assert response.status_code == 302, response.context["form"].errors
    work = Work.objects.latest("pk")
    pipeline.process(work.sample_id, at=AT)
    return work


def begin_draft(client: Client, work: Work, *numbers: str) -> Case:
    """Tick documents on the work's page."""
    client.post(f"/rights/works/{work.public_id}/", {"document": numbers})
    return Case.objects.latest("pk")


def step_of(case: Case, step: str) -> str:
    return f"/complaints/{case.public_id}/{step}/"


def declare(client: Client, case: Case, signature: str = "林岚") -> Any:
    ticked = {"declared": TICKS, "signature": signature}
    return client.post(step_of(case, "declarations"), ticked)


def file_it(client: Client, case: Case) -> Any:
    """Submit from the preview as it stands now."""
    page = client.get(step_of(case, "preview"))
    version = page.context["case"].version
    return client.post(step_of(case, "preview"), {"version": version})
