"""Shelves and what is proposed for them, as compliance keeps them at the desk."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from evidence import pipeline, seeking, store
from evidence.actors import SYSTEM, Role
from evidence.ledger import LedgerEntry
from evidence.listings import take_in
from evidence.models import (
    SellerAccount,
    Shelf,
    ShelfProposal,
    ShelfSearch,
    ShelfText,
    Text,
)
from evidence.progress import Stage
from evidence.screening import screen_text
from tests.desk.matters import make_examiner, make_proposals
from tests.factories import AT, make_document, make_text
from tests.matching.memory import make_text as make_words

pytestmark = pytest.mark.django_db
STATUTE = make_words(600, 1)


@pytest.fixture
def compliance() -> Client:
    return make_examiner(Role.COMPLIANCE)[1]


def make_shelf(kind: str = "official") -> Shelf:
    return Shelf.objects.create(name=f"书架 {kind}", kind=kind, created_at=AT)


def entries() -> list[tuple[str, str]]:
    rows = LedgerEntry.objects.filter(stream="site").order_by("seq")
    return list(rows.values_list("kind", "role"))


def upload(client: Client, shelf: Shelf, content: bytes, name: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/desk/shelves/{shelf.pk}/add/", {"file": file}, follow=True)


def test_an_uploaded_statute_is_quoted_once_the_worker_has_read_it(
    compliance: Client,
) -> None:
    compliance.post("/desk/shelves/new/", {"name": "法规汇编", "kind": "official"})
    shelf = Shelf.objects.get()

    page = upload(compliance, shelf, STATUTE.encode(), "某某条例.txt")
    row = ShelfText.objects.get()
    assert row.is_waiting
    assert "某某条例" in page.content.decode()
    pipeline.process(row.text_id, at=AT)

    assert not ShelfText.objects.get().is_waiting
    assert store.count() == 0, "what nobody offers is never found"
    (ignored,) = screen_text(make_words(300, 2) + STATUTE[:300]).ignored
    assert ignored.source == "法规汇编"
    assert entries() == [("shelf.created", "compliance"), ("shelf.added", "compliance")]


def test_what_turns_out_unreadable_comes_off_and_says_why(compliance: Client) -> None:
    shelf = make_shelf()
    upload(compliance, shelf, b"%PDF-1.7 broken", "a.pdf")
    row = ShelfText.objects.get()

    pipeline.process(row.text_id, at=AT)

    page = compliance.get(f"/desk/shelves/{shelf.pk}/texts/{row.pk}/").content.decode()
    assert "文件已损坏" in page
    assert "恢复上架" not in page
    assert not ShelfText.objects.standing().exists()
    assert entries()[-1] == ("shelf.unreadable", "system")


def test_a_document_is_shelved_by_number_taken_off_with_a_reason_and_put_back(
    compliance: Client,
) -> None:
    shelf, text = make_shelf("classic"), make_text(STATUTE)
    document = make_document(text=text, title="滕王阁序")
    number = {"numbers": document.number}
    compliance.post(f"/desk/shelves/{shelf.pk}/add/", number)
    page = compliance.post(f"/desk/shelves/{shelf.pk}/add/", number, follow=True)
    assert "已在书架上" in page.content.decode()
    row = ShelfText.objects.get()
    address = f"/desk/shelves/{shelf.pk}/texts/{row.pk}/"

    assert "errorlist" in compliance.post(f"{address}remove/").content.decode()
    compliance.post(f"{address}remove/", {"reason": "这是今人的注释本"})

    page = compliance.get(address).content.decode()
    assert "这是今人的注释本" in page
    assert not ShelfText.objects.standing().exists()
    assert screen_text(STATUTE).ignored == []
    compliance.post(f"{address}restore/")
    assert ShelfText.objects.standing().get().title == "滕王阁序"
    assert screen_text(STATUTE).ignored != []
    kinds = [kind for kind, _role in entries()]
    assert kinds == ["shelf.added", "shelf.removed", "shelf.added"]
    written = str(list(LedgerEntry.objects.values_list("payload", flat=True)))
    assert "注释本" not in written


def test_what_holds_no_text_is_refused_by_its_name(compliance: Client) -> None:
    shelf, text = make_shelf(), make_text()
    Text.objects.filter(pk=text.pk).update(state=Text.State.NO_TEXT, content="")
    document = make_document(text=text, title="扫描的条例")

    page = compliance.post(
        f"/desk/shelves/{shelf.pk}/add/", {"numbers": document.number}, follow=True
    )

    assert "扫描的条例：" in page.content.decode()
    assert not ShelfText.objects.exists()


def test_a_shelved_text_that_is_offered_later_can_be_found_off_its_shelf(
    compliance: Client,
) -> None:
    shelf = make_shelf()
    upload(compliance, shelf, STATUTE.encode(), "a.txt")
    row = ShelfText.objects.get()
    pipeline.process(row.text_id, at=AT)

    take_in(STATUTE.encode(), name="b.txt", number="900100", at=AT, by=SYSTEM)
    compliance.post(
        f"/desk/shelves/{shelf.pk}/texts/{row.pk}/remove/", {"reason": "不是法规"}
    )

    (found,) = screen_text(STATUTE).resemblances
    assert found.text == row.text_id


def make_shared(clause: str, count: int = 6) -> None:
    for n in range(count):
        own = make_words(900, 100 + n)
        text = make_text(f"{own[:300]}\n{clause}\n{own[300:]}")
        Text.objects.filter(pk=text.pk).update(stage=Stage.QUEUED)
        pipeline.process(text.pk, at=AT)
        seller = SellerAccount.objects.create(mask=f"S****{n}")
        make_document(text=text, seller=seller, title=f"合同 {n}")


def test_a_proposal_shows_its_passage_and_who_holds_it(compliance: Client) -> None:
    clause = make_words(140, 1)
    make_shared(clause)
    seeking.seek(seeking.ask(by=SYSTEM, at=AT).pk, now=lambda: AT)

    page = compliance.get("/desk/proposals/").content.decode()

    assert clause[20:60] in page
    for words in ("见于 6 份文本，6 个不同来源", "S****3", "合同 3", "页码不详"):
        assert words in page
    (proposal,) = ShelfProposal.objects.all()
    site = make_shelf("site")
    ticked = {"act": "accept", "proposal": [proposal.pk], "shelf": site.pk}
    compliance.post("/desk/proposals/decide/", ticked)
    query = make_words(300, 2) + clause
    assert screen_text(query).resemblances == []
    assert ShelfText.objects.get().shelf == site
    assert entries() == [("shelf.proposal_accepted", "compliance")]

    compliance.post(f"/desk/proposals/{proposal.pk}/reopen/")

    assert screen_text(query).resemblances
    assert ShelfProposal.objects.get().state == "open"


def test_proposals_are_decided_in_bulk_and_late_ones_are_told(
    compliance: Client,
) -> None:
    rows = make_proposals(3)
    ticked = {"act": "refuse", "proposal": [row.pk for row in rows]}
    compliance.post("/desk/proposals/decide/", {**ticked, "proposal": [rows[0].pk]})

    page = compliance.post("/desk/proposals/decide/", ticked, follow=True)

    assert "已拒绝 2 条建议" in page.content.decode()
    assert "1 条建议已被他人处理" in page.content.decode()
    assert entries() == [("shelf.proposal_refused", "compliance")] * 3


def test_the_pages_cost_the_same_for_one_row_and_for_thirty(
    compliance: Client,
) -> None:
    shelf = make_shelf()
    counts: dict[str, set[int]] = {}
    for round_, rows in enumerate((1, 29)):
        for n in range(rows):
            ShelfText.objects.create(
                shelf=shelf, text=make_text(), rule="r", added_at=AT, title=f"{n}"
            )
            Shelf.objects.create(name=f"{round_}{n}", kind="site", created_at=AT)
        ShelfProposal.objects.all().delete()
        make_proposals(rows)
        for address in (
            "/desk/shelves/",
            f"/desk/shelves/{shelf.pk}/",
            "/desk/proposals/",
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                compliance.get(address)
            counts.setdefault(address, set()).add(len(queries))
    assert {address: len(each) for address, each in counts.items()} == dict.fromkeys(
        counts, 1
    ), counts


def test_the_worker_seeks_proposals_once_a_day_when_texts_came_in() -> None:
    call_command("tick", at=AT)
    assert not ShelfSearch.objects.exists(), "nothing has come in"
    make_shared(make_words(140, 1))

    call_command("tick", at=AT)
    call_command("tick", at=AT + seeking.EVERY / 2)
    search = ShelfSearch.objects.get()
    assert DBTaskResult.objects.ready().count() == 1
    seeking.seek(search.pk, now=lambda: AT)

    assert ShelfSearch.objects.get().stage == Stage.DONE
    assert ShelfSearch.objects.get(pk=search.pk).proposed == 1
    call_command("tick", at=AT + 2 * seeking.EVERY)
    assert ShelfSearch.objects.count() == 1, "nothing has come in since"
