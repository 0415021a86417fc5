"""From a new account to a filed complaint, on the pages that people use."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Case, CaseItem, Restriction
from evidence import ledger
from evidence.ledger import LedgerEntry
from evidence.models import Exhibit, Mandate, Membership, Party, SellerAccount, Work
from tests.factories import make_case, make_document, make_user
from tests.rights.people import (
    ORGANISATION,
    PERSON,
    TICKS,
    begin_draft,
    declare,
    file_it,
    make_copy,
    make_holder,
    register_work,
    signed_in,
    step_of,
    work_form,
)

pytestmark = pytest.mark.django_db


def test_a_rights_holder_gets_from_a_new_account_to_a_filed_complaint() -> None:
    copy = make_copy("700100")
    client = signed_in(make_user())
    client.post("/rights/parties/new/?kind=person", PERSON)
    party = Party.objects.get()
    work = register_work(client, party)

    page = client.get(f"/rights/works/{work.public_id}/").content.decode()
    assert copy.number in page
    assert "不代表侵权成立" in page
    lead = client.get(f"/rights/works/{work.public_id}/leads/700100/")
    assert "逐段对照" in lead.content.decode()

    case = begin_draft(client, work, copy.number)
    assert client.get(step_of(case, "documents")).status_code == 200
    client.post(step_of(case, "party"), {"claimant": party.pk})
    client.post(step_of(case, "works"), {"works": [work.pk]})
    client.post(step_of(case, "documents"), {})
    declare(client, case)
    answer = file_it(client, case)

    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.reference}/"
    assert case.state == "submitted"
    assert case.items.get().match is not None
    page = client.get(answer["Location"]).content.decode()
    assert case.reference is not None
    for words in (case.reference, "连续计算 24 小时", "收件回执", copy.number):
        assert words in page
    assert case.reference in client.get("/rights/").content.decode()
    assert ledger.verify().breaks == ()


def test_registering_is_in_the_ledger_without_a_name_or_a_number() -> None:
    client, party = make_holder()
    client.post("/rights/parties/new/?kind=organisation", ORGANISATION)
    register_work(client, party)

    kinds = LedgerEntry.objects.filter(stream="site").values_list("kind", flat=True)
    assert list(kinds) == ["party.registered", "work.registered"]
    written = str(list(LedgerEntry.objects.values_list("payload", flat=True)))
    for word in (*ORGANISATION.values(), "桥边的春天", "证书.pdf"):
        assert word not in written
    assert Membership.objects.filter(party__kind="organisation").exists()


def test_a_party_is_amended_by_its_member() -> None:
    client, party = make_holder()
    address = f"/rights/parties/{party.public_id}/"
    assert "13800001111" in client.get(address).content.decode()
    client.post(address, PERSON)
    party = Party.objects.get()
    assert party.details.address == PERSON["address"]
    assert party.details.identity_number == "11010519491231002X"
    page = client.get("/rights/").content.decode()
    assert "110*************2X" in page
    assert "11010519491231002X" not in page


def test_a_work_needs_a_sample_and_proof_and_says_so() -> None:
    client, party = make_holder()
    form = work_form(party, pasted="")
    del form["proof-0-file"]
    page = client.post("/rights/works/new/", form)
    assert page.context["form"].errors["sample_file"]
    assert page.context["proofs"].forms[0].errors["file"]
    assert not Work.objects.exists()


def test_a_sample_that_nobody_can_read_is_refused_in_words() -> None:
    client, party = make_holder()
    form = work_form(party, pasted="", sample_file=SimpleUploadedFile("a.docx", b"MZ"))
    page = client.post("/rights/works/new/", form)
    [sentence] = page.context["form"].errors["sample_file"]
    assert "文件" in sentence
    assert not Work.objects.exists()


def test_a_work_is_compared_although_its_text_was_uploaded_before() -> None:
    copy = make_copy("700200")
    client, party = make_holder()
    work = register_work(client, party)
    assert work.sample_id == copy.versions.get().text_id
    page = client.get(f"/rights/works/{work.public_id}/")
    assert [lead.document for lead in page.context["page"]] == [copy]
    assert [lead.in_work for lead in page.context["page"]] == [100]


def test_progress_shows_until_the_comparison_has_ended() -> None:
    client, party = make_holder()
    client.post("/rights/works/new/", work_form(party))
    work = Work.objects.get()
    assert "every 2s" in client.get(f"/rights/works/{work.public_id}/").content.decode()
    address = f"/rights/works/{work.public_id}/progress/"
    assert "HX-Refresh" not in client.get(address)
    type(work.sample).objects.update(stage="done", state="no_text")
    assert client.get(address)["HX-Refresh"] == "true"
    page = client.get(f"/rights/works/{work.public_id}/").content.decode()
    assert "样本无法比对" in page


def test_a_reader_who_is_not_signed_in_finds_their_document_again() -> None:
    make_document(number="700300")
    client = Client()
    answer = client.post("/complaints/new/", {"document": "700300"})
    assert answer["Location"] == "/accounts/login/?next=/rights/"
    user = make_user()
    client.force_login(user)
    assert "700300" in client.get("/rights/").content.decode()
    answer = client.post("/complaints/new/", {"document": "700300"})
    assert answer["Location"] == "/rights/parties/new/"
    client.post("/rights/parties/new/", PERSON)
    work = register_work(client, Party.objects.get())
    client.post("/complaints/new/", {"document": "700300"})
    case = Case.objects.get()
    client.post(step_of(case, "works"), {"works": [work.pk]})
    assert "700300" in client.get(step_of(case, "documents")).content.decode()
    assert "700300" not in client.get("/rights/").content.decode()


def test_an_agent_complains_while_the_mandate_lasts() -> None:
    client, agent = make_holder("北望律师事务所")
    terms = {
        "agent": agent.pk,
        "since": "2020-01-01",
        "until": "2099-12-31",
        "authority": SimpleUploadedFile("委托书.pdf", b"%PDF-1.4 authority"),
    }
    client.post("/rights/mandates/new/?kind=organisation", ORGANISATION | terms)
    mandate = Mandate.objects.get()
    assert Exhibit.objects.get().party == mandate.principal
    copy = make_copy("700400")
    work = register_work(client, mandate.principal)
    case = begin_draft(client, work, copy.number)
    assert (case.claimant, case.agent) == (mandate.principal, agent)
    declare(client, case, signature="北望律师事务所")

    Mandate.objects.update(until="2020-02-01")
    page = file_it(client, case)
    assert [each.step for each in page.context["missing"]] == ["party"]
    Mandate.objects.update(until=None)
    assert file_it(client, case).status_code == 302


def test_the_seller_reads_what_applies_in_neutral_words() -> None:
    client, party = make_holder("毛强")
    seller = SellerAccount.objects.create(mask="M****1", party=party)
    document = make_document(number="700500", seller=seller)
    make_document(number="700501", seller=seller)
    make_case(state="measured", documents=[document])
    assert Restriction.objects.active().exists()
    page = client.get("/seller/").content.decode()
    assert "700500" in page
    assert "暂不可访问" in page
    assert "转送通知书" in page
    for word in ("侵权", "林岚"):
        assert word not in page
    assert CaseItem.objects.get().document == document


def test_every_declaration_has_to_be_ticked_by_hand() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    make_copy("700600")
    case = begin_draft(client, work, "700600")
    page = client.get(step_of(case, "declarations"))
    boxes = page.context["form"]["declared"].subwidgets
    assert [box.data["selected"] for box in boxes] == [False] * len(TICKS)
