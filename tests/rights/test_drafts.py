"""Drafts survive, name what they lack, and are filed as they were shown."""

import pytest
from django.test import Client

from cases.models import Case, CaseItem
from evidence.models import PersonalDetails
from tests.factories import make_document, make_work
from tests.rights.people import (
    TICKS,
    begin_draft,
    declare,
    file_it,
    make_copy,
    make_holder,
    register_work,
    step_of,
)

pytestmark = pytest.mark.django_db


def draft(*numbers: str) -> tuple[Client, Case]:
    """A draft about these documents, begun on the page of a work."""
    client, party = make_holder()
    work = make_work(party=party)
    for number in numbers:
        make_document(number=number)
    client.post(f"/rights/works/{work.public_id}/", {"document": numbers})
    return client, Case.objects.latest("pk")


def test_each_missing_thing_is_named_with_its_step() -> None:
    client, party = make_holder()
    make_work(party=party)
    client.post("/complaints/new/")
    case = Case.objects.get()
    PersonalDetails.objects.update(phone="")
    page = file_it(client, case)
    assert page.status_code == 200
    assert [each.step for each in page.context["missing"]] == [
        "party",
        "documents",
        "declarations",
        "declarations",
    ]
    for step in ("party", "documents", "declarations"):
        assert step_of(case, step) in page.content.decode()
    assert Case.objects.get().state == "draft"


def test_ticks_survive_although_the_signature_is_wrong() -> None:
    client, case = draft("700001")
    page = declare(client, case, signature="林岗")
    assert page.context["form"].errors["signature"]
    case = Case.objects.get()
    assert case.form["declared"] == sorted(TICKS)
    assert "signature" not in case.form


def test_the_draft_holds_no_name() -> None:
    client, case = draft("700001")
    declare(client, case)
    assert "林岚" not in str(Case.objects.get().form)


def test_a_new_name_has_to_sign_again() -> None:
    client, case = draft("700001")
    declare(client, case)
    details = PersonalDetails.objects.get(party=case.claimant)
    details.name = "林蓝"
    details.save()
    page = file_it(client, case)
    assert [each.step for each in page.context["missing"]] == ["declarations"]


def test_a_submission_from_an_older_preview_is_told_the_draft_moved_on() -> None:
    client, case = draft("700001")
    declare(client, case)
    version = client.get(step_of(case, "preview")).context["case"].version
    make_document(number="700002")
    field = f"work-{CaseItem.objects.get().work_id}-numbers"
    client.post(step_of(case, "documents"), {field: "700002", "add": "1"})
    answer = client.post(step_of(case, "preview"), {"version": version})
    assert answer.status_code == 409
    assert Case.objects.get().state == "draft"
    assert file_it(client, case).status_code == 302


def test_a_draft_can_be_left_and_discarded() -> None:
    client, case = draft("700001", "700002")
    assert step_of(case, "preview") in client.get("/rights/").content.decode()
    address = f"/complaints/{case.public_id}/discard/"
    assert client.get(address).status_code == 405
    client.post(address)
    assert not Case.objects.exists()
    assert client.get(step_of(case, "party")).status_code == 404


def test_a_filed_complaint_is_no_draft_any_more() -> None:
    client, case = draft("700001")
    declare(client, case)
    file_it(client, case)
    assert client.get(step_of(case, "documents")).status_code == 404
    assert client.post(f"/complaints/{case.public_id}/discard/").status_code == 404


def test_the_manner_is_kept_and_a_document_can_be_taken_off() -> None:
    client, case = draft("700001", "700002", "700003")
    first, second, third = case.items.order_by("position")
    manner = {f"manner-{third.pk}": "adapted", f"manner-{first.pk}": "nonsense"}
    client.post(step_of(case, "documents"), manner | {"remove": second.pk})
    rows = case.items.order_by("position").values_list("pk", "position", "manner")
    assert list(rows) == [(first.pk, 1, "part"), (third.pk, 2, "adapted")]


def test_a_whole_copy_is_suggested_as_one() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    make_copy("700001")
    case = begin_draft(client, work, "700001")
    assert case.items.get().manner == "whole"


def test_each_line_that_names_no_document_is_told_by_its_number() -> None:
    client, case = draft("700001")
    make_document(number="700002")
    make_document(number="F-0a1b2c3d4e5f")
    field = f"work-{case.items.get().work_id}-numbers"
    lines = (
        "７００００２\n\nhttps://wenku.example/p-700002.html?from=s\n"
        "没有这个\n700002 F-0a1b2c3d4e5f\n999"
    )
    page = client.post(step_of(case, "documents"), {field: lines})
    [listing] = page.context["listings"]
    errors = listing.form.errors["numbers"]
    told = [error.split("“")[0] for error in errors]
    assert told == ["第 4 行", "第 5 行", "第 6 行"]
    assert case.items.count() == 1
    good = "\n".join(lines.splitlines()[:3]) + "\nF-0a1b2c3d4e5f"
    client.post(step_of(case, "documents"), {field: good})
    assert case.items.count() == 3


def test_a_complaint_is_not_begun_about_nothing() -> None:
    client, party = make_holder()
    work = make_work(party=party)
    page = client.post(f"/rights/works/{work.public_id}/", {"numbers": " "})
    assert page.context["form"].non_field_errors()
    assert not Case.objects.exists()


def test_works_that_are_left_out_take_their_documents_along() -> None:
    client, case = draft("700001")
    assert case.claimant is not None
    other = make_work(party=case.claimant, title="另一部")
    client.post(step_of(case, "works"), {"works": [other.pk]})
    assert not case.items.exists()
