"""延长等待期: asked for with proof, decided by legal, told to both sides."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from cases import alarms
from cases.errors import (
    CaseMovedOn,
    ExtensionTooLong,
    ExtensionTooShort,
    IncompletePaper,
    NotPermitted,
)
from cases.extending import Plea, ask_extension, extend, pending, refuse_extension
from cases.firing import fire_due
from cases.models import Deadline, Extension, Notice
from cases.models.proofs import exhibits_of
from cases.registration import Proof, Upload
from cases.services import advance, claim
from evidence import ledger
from evidence.actors import Actor
from evidence.ledger import entries_of
from evidence.models import Exhibit
from moderation.desk.queue import claim_next
from moderation.models import User
from reports.kinds.case_facts import facts_of
from reports.kinds.case_rows import rows_of
from reports.letters import letter_of
from tests.cases.journeys import PAPER, REASONING, Matter, make_matter
from tests.cases.pages import Pages, files, paper, publish_calendars
from tests.factories import AT

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLEA = Plea("notarisation", 5, "已于11月3日向公证处申请保全证据，预计十个工作日办结。")
PROOF = [Proof("notary", PAPER)]


def asked(matter: Matter, at: Any = AT + HOUR, plea: Plea = PLEA) -> Extension:
    return ask_extension(matter.item, plea, proofs=PROOF, by=matter.claimant, at=at)


def kinds(matter: Matter) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(case=matter.case).order_by("pk")
    return [(row.kind, row.audience) for row in rows]


def letter(matter: Matter, kind: str, audience: str) -> str:
    rows = Notice.objects.filter(case=matter.case, kind=kind, audience=audience)
    return str(letter_of(rows.latest("pk")).body)


def page(actor: Actor, url: str) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id or 0))
    return client.get(url).content.decode()


def test_a_request_is_received_with_its_proof_and_the_waiting_runs_on() -> None:
    matter = make_matter()
    waiting = matter.wait(AT)
    row = asked(matter)
    exhibit = row.exhibits.get()
    entry = entries_of([matter.case.stream]).get(kind="item.ask_extension")
    assert entry.payload["exhibits"] == [exhibit.blob.sha256]
    assert (entry.payload["days"], entry.payload["ground"]) == (5, "notarisation")
    assert PLEA.reasoning not in str(entry.payload)
    assert exhibit in exhibits_of(matter.case)
    assert kinds(matter)[-1] == ("receipt", "claimant")
    told = letter(matter, "receipt", "claimant")
    assert exhibit.blob.sha256 in told
    assert "等待期继续计算" in told
    assert Deadline.objects.get(pk=waiting.pk).due_at == waiting.due_at
    assert fire_due(at=waiting.due_at) == 1
    assert matter.state() == "restored"


def test_nothing_is_asked_for_nor_granted_without_proof() -> None:
    matter = make_matter()
    matter.wait(AT)
    with pytest.raises(IncompletePaper):
        ask_extension(matter.item, PLEA, proofs=[], by=matter.claimant, at=AT + HOUR)
    matter.hand_to(matter.legal, AT)
    with pytest.raises(IncompletePaper):
        extend(matter.item, PLEA, by=matter.legal, at=AT + HOUR)
    facts = {"days": 5, "ground": "notarisation", "reasoning": REASONING}
    with pytest.raises(IncompletePaper):
        advance(
            matter.item,
            "extend",
            by=matter.legal,
            at=AT + HOUR,
            exhibits=[],
            **facts,
        )
    assert not Extension.objects.exists()
    assert matter.item.extension_asked_at is None


def test_legal_grants_it_and_both_sides_read_on_which_proof() -> None:
    matter = make_matter()
    waiting = matter.wait(AT)
    digest = asked(matter).exhibits.get().blob.sha256
    matter.hand_to(matter.legal, AT)
    extend(
        matter.item,
        Plea("notarisation", 3, REASONING),
        by=matter.legal,
        at=AT + 2 * HOUR,
    )
    row = Extension.objects.get()
    assert (row.days, row.granted) == (5, 3)
    entry = entries_of([matter.case.stream]).get(kind="item.extend")
    assert (entry.payload["days"], entry.payload["exhibits"]) == (3, [digest])
    longer = Deadline.objects.open().get(clock="waiting")
    assert longer.due_at > waiting.due_at
    for audience in ("claimant", "uploader"):
        assert digest in letter(matter, "extension", audience)
    assert PAPER.name not in letter(matter, "extension", "uploader")
    assert pending(matter.item) is None
    assert ledger.verify(matter.case.stream).breaks == ()


def test_legal_refuses_it_and_it_can_be_asked_for_again() -> None:
    matter = make_matter()
    waiting = matter.wait(AT)
    asked(matter)
    with pytest.raises(CaseMovedOn):
        asked(matter, AT + 2 * HOUR)
    matter.hand_to(matter.legal, AT)
    refuse_extension(
        matter.item, reasoning=REASONING, by=matter.legal, at=AT + 2 * HOUR
    )
    assert Extension.objects.get().granted == 0
    assert kinds(matter)[-1] == ("unextended", "claimant")
    assert REASONING in letter(matter, "unextended", "claimant")
    assert Deadline.objects.get(pk=waiting.pk).due_at == waiting.due_at
    asked(matter, AT + 3 * HOUR)
    assert Extension.objects.count() == 2


def test_a_letter_tells_the_dates_of_its_own_day() -> None:
    """What is granted later stands in a letter of its own."""
    matter = make_matter()
    matter.wait(AT)
    matter.hand_to(matter.legal, AT)
    asked(matter)
    facts = {"by": matter.legal, "at": AT + 2 * HOUR}
    refuse_extension(matter.item, reasoning=REASONING, **facts)
    extend(matter.item, Plea("notarisation", 3, REASONING), papers=PROOF, **facts)
    found = [letter(matter, "unextended", "claimant")]
    found.append(letter(matter, "extension", "uploader"))
    first = Notice.objects.filter(kind="extension", audience="uploader").get()
    extend(matter.item, Plea("notarisation", 4, REASONING), papers=PROOF, **facts)
    assert str(letter_of(first).body) == found[1]
    assert "合计延长3个工作日" in found[1]
    assert "合计延长7个工作日" in letter(matter, "extension", "uploader")
    assert letter(matter, "unextended", "claimant") == found[0]
    assert "等待期仍至2026年11月17日24时届满" in found[0]
    assert "等待期至2026年11月20日24时届满" in found[1]


def test_what_was_asked_for_stays_as_it_was_asked() -> None:
    """Legal grants on another ground and on a paper more."""
    matter = make_matter()
    matter.wait(AT)
    digest = asked(matter).exhibits.get().blob.sha256
    receipt = letter(matter, "receipt", "claimant")
    matter.hand_to(matter.legal, AT)
    more = Proof("notary", Upload("认证书".encode(), "认证书.txt"))
    plea = Plea("authentication", 3, REASONING)
    at = AT + 2 * HOUR
    row = extend(matter.item, plea, papers=[more], by=matter.legal, at=at)
    row.refresh_from_db()
    assert (row.ground, row.days) == ("notarisation", 5)
    assert (row.granted_ground, row.granted) == ("authentication", 3)
    assert row.exhibits.get().blob.sha256 == digest
    added = row.added.get()
    assert added in exhibits_of(matter.case)
    assert letter(matter, "receipt", "claimant") == receipt
    told = letter(matter, "extension", "claimant")
    for words in ("公证", "准予的事由", "认证", digest, added.blob.sha256):
        assert words in told
    pages = {
        matter.moderator: f"/desk/cases/{matter.case.reference}/",
        matter.claimant: f"/cases/{matter.case.reference}/",
        matter.uploader: f"/seller/items/{matter.item.public_id}/",
    }
    shown = {actor.user_id: page(actor, url) for actor, url in pages.items()}
    assert "准予的事由" in shown[matter.moderator.user_id]
    assert "认证书.txt" in shown[matter.moderator.user_id]
    assert added.blob.sha256 in shown[matter.claimant.user_id]
    assert added.blob.sha256 in shown[matter.uploader.user_id]
    [fact] = facts_of(rows_of(matter.case.pk), "full", at=AT + DAY)["contest"][
        "extensions"
    ]
    assert (fact["ground"], fact["other_ground"]) == ("公证", "认证")
    assert fact["sha256"] == [digest, added.blob.sha256]


def test_what_was_granted_before_is_parted_from_what_was_asked_and_back() -> None:
    migration = import_module("cases.migrations.0027_extensions_as_they_were_asked")
    matter = make_matter()
    matter.wait(AT)
    asked(matter)
    matter.hand_to(matter.legal, AT)
    facts = {"by": matter.legal, "at": AT + 2 * HOUR}
    more = Proof("notary", Upload("认证书".encode(), "认证书.txt"))
    extend(matter.item, Plea("authentication", 3, REASONING), papers=[more], **facts)
    extend(matter.item, Plea("notarisation", 2, REASONING), papers=PROOF, **facts)

    def told() -> list[tuple[str, str, int, int]]:
        rows = Extension.objects.order_by("pk")
        return [
            (row.ground, row.granted_ground, row.exhibits.count(), row.added.count())
            for row in rows
        ]

    after = [("notarisation", "authentication", 1, 1)]
    after.append(("notarisation", "notarisation", 1, 0))
    assert told() == after
    migration.join(apps, None)
    Extension.added.through.objects.all().delete()
    Extension.objects.update(granted_ground="")
    assert [row[0] for row in told()] == ["authentication", "notarisation"]
    migration.part(apps, None)
    assert told() == after


def test_a_request_that_nobody_answered_in_time_stays_unanswered() -> None:
    matter = make_matter()
    waiting = matter.wait(AT)
    asked(matter)
    assert Extension.objects.get().standing == "pending"
    assert "期满未决" in letter(matter, "receipt", "claimant")
    fire_due(at=waiting.due_at)
    assert matter.state() == "restored"
    assert Extension.objects.get().standing == "unanswered"
    assert "期满未决" in letter(matter, "restoration", "claimant")
    assert "期满未决" not in letter(matter, "restoration", "uploader")
    pages = (
        (matter.moderator, f"/desk/cases/{matter.case.reference}/"),
        (matter.claimant, f"/cases/{matter.case.reference}/"),
    )
    for actor, url in pages:
        shown = page(actor, url)
        assert "期满未决" in shown
        assert "待审查" not in shown
    facts = facts_of(rows_of(matter.case.pk), "full", at=waiting.due_at + DAY)
    [told] = facts["contest"]["extensions"]
    assert (told["granted"], told["standing"]) == (None, "unanswered")
    printed = render_to_string("reports/case_file/contest.html", {"facts": facts})
    assert "期满未决" in printed


def test_a_waiting_that_ends_otherwise_overtakes_the_request() -> None:
    matter = make_matter()
    matter.wait(AT)
    asked(matter)
    matter.sue(AT + 2 * HOUR)
    assert Extension.objects.get().standing == "overtaken"
    assert "不再审查" in page(matter.claimant, f"/cases/{matter.case.reference}/")


@pytest.mark.parametrize("days", [0, -5])
def test_no_waiting_is_made_shorter(days: int) -> None:
    matter = make_matter()
    waiting = matter.wait(AT)
    plea = Plea("notarisation", days, REASONING)
    with pytest.raises(ExtensionTooShort):
        asked(matter, plea=plea)
    asked(matter)
    matter.hand_to(matter.legal, AT)
    at = AT + 2 * HOUR
    with pytest.raises(ExtensionTooShort):
        extend(matter.item, plea, papers=PROOF, by=matter.legal, at=at)
    assert Deadline.objects.get(pk=waiting.pk).due_at == waiting.due_at
    assert Extension.objects.get().standing == "pending"


def test_what_came_on_paper_is_granted_with_the_paper() -> None:
    matter = make_matter()
    matter.wait(AT)
    matter.hand_to(matter.legal, AT)
    extend(matter.item, PLEA, papers=PROOF, by=matter.legal, at=AT + HOUR)
    row = Extension.objects.get()
    assert (row.asked, row.granted) == (None, 5)
    assert row.exhibits.get().kind == "notary"


def test_who_may_ask_and_who_decides() -> None:
    matter = make_matter()
    matter.wait(AT)
    for actor in (matter.uploader, matter.moderator, matter.legal):
        with pytest.raises(NotPermitted):
            ask_extension(matter.item, PLEA, proofs=PROOF, by=actor, at=AT + HOUR)
    asked(matter)
    claim(matter.case, by=matter.moderator, at=AT + HOUR)
    with pytest.raises(NotPermitted):
        refuse_extension(
            matter.item, reasoning=REASONING, by=matter.moderator, at=AT + HOUR
        )
    # What is refused is not kept either.
    assert Exhibit.objects.filter(kind="notary").count() == 1


def test_it_is_asked_for_in_time_and_within_twenty_days_in_all() -> None:
    matter = make_matter()
    waiting = matter.wait(AT)
    with pytest.raises(CaseMovedOn):
        asked(matter, waiting.due_at)
    matter.hand_to(matter.legal, AT)
    extend(
        matter.item,
        Plea("authentication", 16, REASONING),
        papers=PROOF,
        by=matter.legal,
        at=AT + HOUR,
    )
    with pytest.raises(ExtensionTooLong):
        asked(matter, AT + 2 * HOUR)
    asked(matter, AT + 2 * HOUR, Plea("notarisation", 4, PLEA.reasoning))


def test_only_the_reasonable_period_of_the_civil_code_can_be_extended(
    settings: Any,
) -> None:
    settings.CLOCK_PROFILES = ["ecommerce"]
    matter = make_matter(profile="ecommerce")
    matter.wait(AT)
    with pytest.raises(ExtensionTooLong):
        asked(matter)


def test_the_desk_is_alarmed_until_legal_has_answered() -> None:
    matter = make_matter()
    matter.wait(AT)
    asked(matter)
    at = AT + 2 * HOUR
    found = [each for each in alarms.alarms(at=at) if each.kind == alarms.Kind.ASKED]
    assert len(found) == 1
    assert "届满即恢复" in found[0].sentence
    matter.case.assignment.delete()  # type: ignore[attr-defined]
    assert claim_next(by=matter.moderator, at=at) is None
    assert claim_next(by=matter.legal, at=at) == matter.case
    refuse_extension(matter.item, reasoning=REASONING, by=matter.legal, at=at)
    assert not [e for e in alarms.alarms(at=at) if e.kind == alarms.Kind.ASKED]


def test_a_suit_in_time_ends_the_question() -> None:
    matter = make_matter()
    matter.wait(AT)
    asked(matter)
    matter.sue(AT + 2 * HOUR)
    assert matter.state() == "litigating"
    at = AT + 3 * HOUR
    assert not [e for e in alarms.alarms(at=at) if e.kind == alarms.Kind.ASKED]


def test_the_pages_and_the_case_file_name_the_exhibit() -> None:
    matter = make_matter()
    matter.wait(AT)
    digest = asked(matter).exhibits.get().blob.sha256
    uploaders = f"/seller/items/{matter.item.public_id}/"
    assert digest not in page(matter.uploader, uploaders)
    matter.hand_to(matter.legal, AT)
    extend(matter.item, PLEA, by=matter.legal, at=AT + 2 * HOUR)
    assert digest in page(matter.uploader, uploaders)
    assert digest in page(matter.claimant, f"/cases/{matter.case.reference}/")
    desk = page(matter.moderator, f"/desk/cases/{matter.case.reference}/")
    assert "受理通知书.txt" in desk
    assert PLEA.reasoning in desk
    facts = facts_of(rows_of(matter.case.pk), "full", at=AT + DAY)
    [told] = facts["contest"]["extensions"]
    assert (told["granted"], told["sha256"]) == (5, [digest])
    numbers = {line["number"] for line in facts["manifest"]}
    assert told["exhibits"] in numbers


def test_the_claimant_asks_and_legal_answers_at_their_pages() -> None:
    publish_calendars()
    pages = Pages(make_matter(at=timezone.now()))
    now = timezone.now()
    pages.matter.forward(pages.matter.answer(now), now)
    url = f"{pages.case_url}items/1/extension/"
    assert url in pages.read("claimant", pages.case_url)
    assert pages.client("uploader").get(url).status_code == 404
    form = {"ground": "notarisation", "days": "5", "reasoning": PLEA.reasoning}
    bare = pages.client("claimant").post(url, form | files())
    assert bare.status_code == 200
    assert not Extension.objects.exists()
    proof = files("公证受理通知书.txt", kind="notary")
    pages.send("claimant", url, form | proof)
    assert url not in pages.read("claimant", pages.case_url)
    assert pages.client("claimant").get(url).status_code == 409
    assert "公证受理通知书.txt" in pages.read("moderator", pages.desk_url)
    pages.take_over("legal")
    item = pages.matter.item
    told = {"ground": "notarisation", "days": "4", "reasoning": REASONING}
    pages.step("legal", item, "extend", **told)
    assert Extension.objects.get().granted == 4
    address = f"{pages.desk_url}steps/item/{item.public_id}/extend/"
    version = {"version": pages.matter.item.version}
    answer = pages.client("legal").post(address, told | version)
    assert answer.status_code == 200, "without a request a paper is asked for"
    with_paper = told | version | {"paper": paper("公证书.txt")}
    pages.send("legal", address, with_paper)
    assert Extension.objects.count() == 2
