"""Whole lives of a notice at the pages that people have, to the end of each."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cases.announcing import announce_unknown
from cases.calendars import NEW_YORK
from cases.declarations import COUNTER_DECLARATIONS
from cases.errors import NotForUsToJudge, NotYetDue
from cases.firing import fire_due
from cases.models import Arrival, CaseItem, CounterNotice, Deadline, Notice
from cases.restrictions import visibility
from cases.services import advance
from evidence import ledger
from tests.cases.journeys import REASONING, make_matter
from tests.cases.pages import Pages, counter_form, pages_of, publish_calendars
from tests.factories import make_case, make_moderator

BERLIN = "dsa:calendar=DE"
pytestmark = pytest.mark.django_db


def ends(pages: Pages, state: str, *, down: bool, case: str = "closed") -> None:
    """The end as everybody sees it: the desk, the parties, a visitor, the ledger."""
    assert (pages.matter.state(), pages.matter.fresh().state) == (state, case)
    document = pages.matter.item.document
    assert pages.status_of(document) == (410 if down else 200)
    pages.read_letters()
    pages.read("claimant", pages.case_url)
    pages.read("uploader", f"/seller/items/{pages.matter.item.public_id}/")
    pages.read("moderator", pages.desk_url)
    assert ledger.verify(pages.matter.case.stream).breaks == ()


def test_a_measure_that_nobody_answers_becomes_final() -> None:
    pages = pages_of()
    assert pages.status_of(pages.matter.item.document) == 410
    assert pages.income() == ("held", False)
    pages.run_out("window")
    ends(pages, "final", down=True)
    assert pages.income() == ("kept", False)


def test_a_counter_notice_restores_when_the_waiting_has_run_out() -> None:
    pages = pages_of()
    counter = pages.answer()
    pages.step("moderator", counter, "forward")
    told = pages.read("claimant", pages.case_url)
    assert "通知已起诉或投诉" in told
    due_at = pages.deadline("waiting").due_at
    assert fire_due(at=due_at - timedelta(seconds=1)) == 0
    pages.run_out("waiting")
    ends(pages, "restored", down=False)
    assert pages.income() == ("released", True)
    assert pages.letters()[-2:] == [
        ("restoration", "uploader"),
        ("restoration", "claimant"),
    ]


def test_a_suit_told_in_time_keeps_the_measure_until_its_judgment() -> None:
    """No certificate comes with the notice; proof follows within our own term."""
    pages = pages_of()
    pages.step("moderator", pages.answer(), "forward")
    due_at = pages.deadline("waiting").due_at
    suit = pages.sue()
    assert pages.matter.state() == "litigating"
    pages.prove(suit)
    assert fire_due(at=due_at) == 0
    assert pages.status_of(pages.matter.item.document) == 410
    pages.take_over("moderator")
    pages.step("moderator", suit, "verify")
    assert pages.income() == ("held", False)
    pages.take_over("legal")
    judgment = {"outcome": "upheld", "reasoning": REASONING}
    pages.step("legal", suit, "conclude", **judgment)
    ends(pages, "final", down=True)
    assert pages.income() == ("kept", False)


def test_a_suit_that_is_never_proved_restores() -> None:
    pages = pages_of()
    pages.step("moderator", pages.answer(), "forward")
    suit = pages.sue()
    fire_due(at=pages.deadline("proof").due_at)
    suit.refresh_from_db()
    assert suit.state == "unproven"
    ends(pages, "restored", down=False)


def test_a_partial_withdrawal_restores_what_it_names_alone() -> None:
    pages = pages_of(items=2)
    pages.withdraw(1)
    assert [pages.matter.state(n) for n in (1, 2)] == ["dropped", "measured"]
    first, second = (item.document for item in pages.matter.items)
    assert (pages.status_of(first), pages.status_of(second)) == (200, 410)
    assert (pages.income(1)[0], pages.income(2)[0]) == ("released", "held")
    pages.run_out("window", 2)
    assert [pages.matter.state(n) for n in (1, 2)] == ["dropped", "final"]
    ends(pages, "dropped", down=False)


def test_a_document_restored_in_one_case_stays_down_for_the_other() -> None:
    pages = pages_of()
    document = pages.matter.item.document
    other = make_case(
        state="measured", documents=[document], by=make_moderator(), at=timezone.now()
    )
    pages.step("moderator", pages.answer(), "forward")
    pages.run_out("waiting")
    ends(pages, "restored", down=True)
    told = pages.read("uploader", f"/seller/items/{pages.matter.item.public_id}/")
    assert "其他案件的措施" in told
    # The income is free only when no claim is left on it.
    assert pages.income() == ("released", False)
    assert visibility(document).is_down
    # Its own window ran out on the way: nobody answered there.
    assert other.items.get().state == "final"


def test_a_notice_under_the_dmca_to_its_end(settings: Settings) -> None:
    """17 USC 512(c), (g): sworn notice, sworn answer with consent to a court, a copy
    of it with its address, ten business days of New York, and only a suit stops."""
    settings.CLOCK_PROFILES = ["dmca"]
    pages = pages_of(profile="dmca")
    url = f"/seller/items/{pages.matter.item.public_id}/answer/"
    form = pages.read("uploader", url)
    for words in ("under penalty of perjury", "Federal District Court", "/documents/"):
        assert words in form
    page = pages.client("uploader").post(url, counter_form(COUNTER_DECLARATIONS))
    assert "全部声明" in page.content.decode()
    counter = pages.answer()
    pages.step("moderator", counter, "forward")
    copy = pages.letter("counter", "claimant")
    for words in ("毛强", "13800001111", "action seeking a court order", "纽约日期"):
        assert words in copy
    waiting = pages.deadline("waiting")
    assert waiting.started_at == CounterNotice.objects.get().filed_at
    extend = f"/steps/item/{pages.matter.item.public_id}/extend/"
    pages.take_over("legal")
    assert extend not in pages.read("legal", pages.desk_url)
    complaint = pages.sue(kind="complaint")
    assert (pages.matter.state(), complaint.is_timely) == ("waiting", False)
    due_at = pages.run_out("waiting")
    assert due_at.astimezone(NEW_YORK).hour == 0
    ends(pages, "restored", down=False)


def test_a_suit_under_the_dmca_names_the_uploader(settings: Settings) -> None:
    settings.CLOCK_PROFILES = ["dmca"]
    pages = pages_of(profile="dmca")
    pages.step("moderator", pages.answer(), "forward")
    assert pages.sue().is_timely
    assert pages.matter.state() == "litigating"


def test_the_dmca_is_not_chosen_for_a_notice_that_was_not_sworn(
    settings: Settings,
) -> None:
    matter = make_matter(state="claimed", at=timezone.now())
    settings.CLOCK_PROFILES = ["dmca"]
    pages = Pages(matter)
    form = {"version": matter.fresh().version, "profile": "dmca"}
    page = pages.client("moderator").post(f"{pages.desk_url}accept/", form)
    assert "D08" in page.content.decode()
    assert matter.fresh().state == "submitted"


def test_a_notice_under_the_dsa_to_its_end(settings: Settings) -> None:
    """DSA 17: the reasons, each by its letter; 20: six months from being informed,
    decided by another person, with reasons, and the decision can be reversed."""
    settings.CLOCK_PROFILES = [BERLIN]
    pages = pages_of(profile=BERLIN)
    reasons = pages.letter("forwarding", "uploader")
    for words in (
        "（a）",
        "（b）",
        "（c）",
        "（d）",
        "（e）",
        "（f）",
        "申诉期为6个月",
        "德国的公共假日",
    ):
        assert words in reasons
    window = pages.deadline("window")
    assert window.awaits_arrival
    letter = Notice.objects.get(kind="forwarding")
    note = f"{pages.desk_url}letters/{letter.public_id}/arrival/"
    assert note not in pages.read("moderator", pages.desk_url)
    assert note in pages.read("legal", pages.desk_url)
    arrived = timezone.localtime()
    future = {"entered_at": f"{arrived + timedelta(hours=2):%Y-%m-%dT%H:%M}"}
    page = pages.client("legal").post(note, future)
    assert "现在之前" in page.content.decode()
    pages.send("legal", note, {"entered_at": f"{arrived:%Y-%m-%dT%H:%M}"})
    assert Arrival.objects.get().system == "email"
    window = pages.deadline("window")
    there = window.due_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (there.hour, there.minute, window.awaits_arrival) == (0, 0, False)
    # Six months are 181 to 184 days; the first and the last are not whole ones.
    assert 180 <= (there - arrived).days <= 194

    first = pages.answer()
    reverse = f"/steps/counter_notice/{first.public_id}/reverse/"
    assert reverse not in pages.read("moderator", pages.desk_url)
    pages.take_over("legal")
    assert "/forward/" not in pages.read("legal", pages.desk_url)
    words = {"reasoning": REASONING}
    pages.step("legal", first, "reject", refusal="unfounded", **words)
    assert pages.matter.state() == "measured"
    assert "庭外争议解决" in pages.letter("answer", "uploader")
    pages.step("legal", pages.answer(), "reverse", **words)
    assert REASONING in pages.letter("restoration", "uploader")
    assert REASONING in pages.letter("restoration", "claimant")
    ends(pages, "restored", down=False)
    assert pages.income() == ("released", True)


def test_elsewhere_an_answer_is_passed_on_and_not_judged() -> None:
    """民法典 1196, 条例 17: complete in form is enough."""
    pages = pages_of()
    counter = pages.answer()
    pages.take_over("legal")
    assert "/reverse/" not in pages.read("legal", pages.desk_url)
    assert "unfounded" not in pages.read("legal", pages.desk_url)
    facts = {"refusal": "unfounded", "reasoning": REASONING}
    with pytest.raises(NotForUsToJudge):
        advance(counter, "reject", by=pages.matter.legal, at=timezone.now(), **facts)


def test_a_suit_that_is_not_docketed_in_sixty_days_restores() -> None:
    """缴费 or handing in is no 立案: it is waited for once, and not for ever."""
    pages = pages_of()
    pages.step("moderator", pages.answer(), "forward")
    suit = pages.sue()
    pages.prove(suit)
    pages.take_over("moderator")
    pages.step("moderator", suit, "acknowledge")
    row = Deadline.objects.open().get(clock="docketing")
    suit.refresh_from_db()
    assert (suit.state, row.started_at) == ("filed", suit.proved_at)
    assert (row.due_at - row.started_at).days >= 60
    assert "六十日" in pages.letter("proof", "claimant")
    # The docket comes: proof is looked at again, and sixty days are not given twice.
    pages.prove(suit)
    suit.refresh_from_db()
    assert suit.state == "proved"
    again = f"/{suit.public_id}/acknowledge/"
    assert again not in pages.read("moderator", pages.desk_url)

    other = pages_of()
    other.step("moderator", other.answer(), "forward")
    suit = other.sue()
    other.prove(suit)
    other.take_over("moderator")
    other.step("moderator", suit, "acknowledge")
    fire_due(at=Deadline.objects.open().get(clock="docketing").due_at)
    suit.refresh_from_db()
    assert suit.state == "unproven"
    ends(other, "restored", down=False)


def test_what_cannot_be_forwarded_is_announced_and_then_waited_for() -> None:
    """条例 15: a seller without an account. The window opens only when the
    announcement has stood for its thirty days."""
    publish_calendars()
    moderator = make_moderator()
    case = make_case(state="measured", by=moderator, at=timezone.now())
    assert announce_unknown(at=timezone.now()) == 1
    assert announce_unknown(at=timezone.now()) == 0
    item = case.items.get()
    number = item.document.number
    visitor = Client()
    assert number in visitor.get("/announcements/").content.decode()
    letter = Notice.objects.get(kind="announcement")
    page = visitor.get(f"/announcements/{letter.public_id}/").content.decode()
    assert "林*" in page
    assert "林岚" not in page
    assert not Deadline.objects.open().filter(clock="window").exists()
    stood = Deadline.objects.open().get(clock="announced")
    fire_due(at=stood.due_at)
    window = Deadline.objects.open().get(clock="window")
    assert window.started_at == stood.due_at
    fire_due(at=window.due_at)
    assert case.items.get().state == "final"
    assert visitor.get(f"/announcements/{letter.public_id}/").status_code == 404
    assert ledger.verify(case.stream).breaks == ()


def test_a_seller_with_an_account_is_announced_to_after_three_days_by_a_person() -> (
    None
):
    pages = pages_of()
    assert announce_unknown(at=timezone.now()) == 0
    assert "/announce/" not in pages.read("moderator", pages.desk_url)
    item, at = pages.matter.item, timezone.now()
    with pytest.raises(NotYetDue):
        advance(item, "announce", by=pages.matter.moderator, at=at, ground="failed")
    early = CaseItem.objects.filter(pk=item.pk)
    early.update(decided_at=at - timedelta(days=3))
    pages.step("moderator", item, "announce")
    assert pages.matter.item.announced_at is not None
    # Whoever answers meanwhile ends the announcement.
    pages.answer()
    assert not Deadline.objects.open().filter(clock="announced").exists()
    assert Client().get("/announcements/").content.decode().count("文档 7") == 0
