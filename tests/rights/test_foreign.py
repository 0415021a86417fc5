"""What is somebody else's does not exist; a list asks the database a fixed number."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from tests.factories import AT, make_case, make_document, make_user, make_work
from tests.rights.people import (
    make_copy,
    make_holder,
    register_work,
    signed_in,
    step_of,
    work_form,
)

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_foreign_works_parties_drafts_and_cases_are_not_there() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    make_copy("700001")
    filed = make_case(claimant=party)
    open_draft = make_case(state="draft", claimant=party)
    stranger, _party = make_holder("旁人")
    addresses = [
        f"/rights/parties/{party.public_id}/",
        f"/rights/works/{work.public_id}/",
        f"/rights/works/{work.public_id}/progress/",
        f"/rights/works/{work.public_id}/leads/700001/",
        step_of(open_draft, "party"),
        step_of(open_draft, "preview"),
        f"/cases/{filed.reference}/",
    ]
    for address in addresses:
        assert client.get(address).status_code in (200, 204), address
        assert stranger.get(address).status_code == 404, address
        assert Client().get(address).status_code == 302, address
    discard = f"/complaints/{open_draft.public_id}/discard/"
    assert stranger.post(discard).status_code == 404
    asked = {"work": str(work.public_id)}
    assert stranger.post("/complaints/new/", asked).status_code == 404
    assert Case.objects.count() == 2


def test_an_examiner_reads_cases_at_the_desk_and_not_here() -> None:
    case = make_case()
    examiner = signed_in(make_user(duty="moderator"))
    assert examiner.get(f"/cases/{case.reference}/").status_code == 404


def test_a_work_cannot_be_registered_or_listed_for_somebody_else() -> None:
    client, _party = make_holder()
    _other, foreign = make_holder("旁人")
    page = client.post("/rights/works/new/", work_form(foreign))
    assert page.context["form"].errors["party"]
    draft = make_case(state="draft", claimant=_party)
    client.post(step_of(draft, "party"), {"claimant": foreign.pk})
    theirs = make_work(party=foreign)
    client.post(step_of(draft, "works"), {"works": [theirs.pk]})
    draft = Case.objects.get(pk=draft.pk)
    assert draft.claimant == _party
    assert theirs.pk not in draft.form.get("works", [])


def test_complaints_of_others_about_a_lead_are_not_told() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    copy = make_copy("700001")
    theirs = make_case(documents=[copy])
    page = client.get(f"/rights/works/{work.public_id}/").content.decode()
    assert theirs.reference is not None
    assert theirs.reference not in page


def test_what_the_holder_sells_is_no_lead() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    copy = make_copy("700001")
    copy.seller.party = party
    copy.seller.save()
    page = client.get(f"/rights/works/{work.public_id}/")
    assert list(page.context["page"]) == []
    assert client.get("/rights/").context["works"] == [(work, 0)]


def test_reading_writes_nothing() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    make_copy("700001")
    draft = make_case(state="draft", claimant=party)
    filed = make_case(claimant=party)
    pages = [
        "/rights/",
        f"/rights/works/{work.public_id}/",
        f"/cases/{filed.reference}/",
    ]
    steps = ("party", "works", "documents", "declarations", "preview")
    pages += [step_of(draft, step) for step in steps]
    for address in pages:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        writes = ("INSERT", "UPDATE", "DELETE")
        assert [q for q in captured if q["sql"].startswith(writes)] == [], address


def test_the_first_page_asks_as_often_with_thirty_rows_as_with_one() -> None:
    client, party = make_holder()
    make_work(party=party)
    make_case(claimant=party)
    make_case(state="draft", claimant=party)
    few = queries(client, "/rights/")
    for _ in range(30):
        make_case(claimant=party, at=AT)
    assert queries(client, "/rights/") == few


def test_the_page_of_a_work_asks_as_often_with_thirty_leads_as_with_one() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    copy = make_copy("700000")
    address = f"/rights/works/{work.public_id}/"
    few = queries(client, address)
    for number in range(700001, 700031):
        make_document(number=str(number), text=copy.versions.get().text)
    assert len(client.get(address).context["page"]) == 31
    assert queries(client, address) == few


def test_a_case_asks_as_often_with_thirty_documents_as_with_one() -> None:
    client, party = make_holder()
    for state in ("submitted", "measured"):  # other steps are open in another state
        small = make_case(claimant=party, state=state)
        large = make_case(claimant=party, state=state, items=30)
        few = queries(client, f"/cases/{small.reference}/")
        assert queries(client, f"/cases/{large.reference}/") <= few
