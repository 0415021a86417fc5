"""裁判: what a suit means for a document that nobody answered for, or not yet."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cases.announcing import announce_unknown, announcements
from cases.errors import CaseMovedOn
from cases.firing import fire_due
from cases.following import cases_that_wait
from cases.models import CounterNotice, Deadline, Notice, Proceeding
from cases.registration import Proof
from cases.restrictions import visibility
from cases.services import advance, claim, open_steps
from moderation.models import User
from reports.kinds.case_facts import facts_of
from reports.kinds.case_rows import rows_of
from reports.letters import letter_of
from tests.cases.journeys import PAPER, REASONING, Matter, effects, make_matter
from tests.factories import AT, make_case

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCKET = Proof("docket", PAPER)
# Ends that say nothing of the claim.
SILENT = ["refused", "retracted", "settled"]


def stands(matter: Matter) -> tuple[str, str]:
    return matter.state(), str(matter.fresh().state)


def unanswered() -> tuple[Matter, Any, datetime]:
    """A suit is told of and proved, and the uploader lets the window pass."""
    matter = make_matter()
    suit = matter.sue(AT + DAY, proofs=[DOCKET])
    window = Deadline.objects.open().get(clock="window")
    assert fire_due(at=window.due_at) == 1
    return matter, suit, window.due_at + DAY


def test_a_case_stays_open_while_a_suit_about_a_final_document_runs() -> None:
    matter, _suit, _at = unanswered()
    assert stands(matter) == ("final", "in_process")
    assert effects(matter.item) == ["restrict", "hold_income"]


def test_its_dismissal_restores_what_was_final_and_releases_the_income() -> None:
    matter, suit, at = unanswered()
    matter.conclude(suit, "dismissed", at)
    assert stands(matter) == ("restored", "closed")
    assert not visibility(matter.item.document).is_down
    assert effects(matter.item)[2:] == ["lift", "release_income"]
    rows = Notice.objects.filter(case=matter.case, kind="restoration")
    assert [each.audience for each in rows] == ["uploader", "claimant"]
    assert all("驳回了投诉人" in letter_of(each).body for each in rows)


@pytest.mark.parametrize("outcome", ["upheld", *SILENT])
def test_any_other_end_leaves_it_final_and_keeps_the_income(outcome: str) -> None:
    matter, suit, at = unanswered()
    matter.conclude(suit, outcome, at)
    assert stands(matter) == ("final", "closed")
    assert visibility(matter.item.document).is_down
    assert effects(matter.item)[2:] == ["keep_income"]
    rows = Notice.objects.filter(case=matter.case, kind="maintenance")
    assert [each.audience for each in rows] == ["uploader", "claimant"]
    suit.refresh_from_db()
    outcome_told = str(suit.get_outcome_display())
    bodies = [letter_of(each).body for each in rows]
    assert all(outcome_told in body for body in bodies)
    is_judged = outcome == "upheld"
    assert all(("不再转送投诉人" in body) == is_judged for body in bodies)
    assert ("不再转送投诉人" in page_of(matter)) == is_judged
    facts_of(rows_of(matter.case.pk), "full", at=at)


def test_a_suit_that_is_never_proved_leaves_a_final_document_final() -> None:
    matter = make_matter()
    matter.sue(AT + DAY)
    ends = Deadline.objects.open().order_by("due_at").values_list("due_at", flat=True)
    for due in list(ends):
        fire_due(at=due)
    assert stands(matter) == ("final", "closed")
    assert effects(matter.item)[2:] == ["keep_income"]


@pytest.mark.parametrize("outcome", SILENT)
def test_a_measure_that_nobody_answered_yet_stands_when_a_suit_fades(
    outcome: str,
) -> None:
    matter = make_matter()
    suit = matter.sue(AT + DAY, proofs=[DOCKET])
    matter.conclude(suit, outcome, AT + 2 * DAY)
    assert stands(matter) == ("measured", "in_process")
    assert Deadline.objects.open().filter(clock="window").exists()


@pytest.mark.parametrize("profile", ["civil", "regulation"])
@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize(
    ("outcome", "state", "income"),
    [("upheld", "final", "keep_income"), ("dismissed", "restored", "release_income")],
)
def test_a_judgment_ends_the_matter_before_the_window_does(
    settings: Any, profile: str, answered: bool, outcome: str, state: str, income: str
) -> None:
    settings.CLOCK_PROFILES = [profile]
    matter = make_matter(profile=profile)
    if answered:
        matter.answer(AT + HOUR)
    suit = matter.sue(AT + DAY, proofs=[DOCKET])
    matter.conclude(suit, outcome, AT + 2 * DAY)
    assert stands(matter) == (state, "closed")
    assert effects(matter.item)[-1] == income
    assert not Deadline.objects.open().filter(item=matter.item).exists()
    assert not CounterNotice.objects.open().exists()
    assert all(str(letter_of(each).body) for each in Notice.objects.all())


def test_a_suit_about_a_final_document_opens_its_closed_case_again() -> None:
    matter = make_matter(state="final")
    assert stands(matter) == ("final", "closed")
    suit = matter.sue(AT + DAY, proofs=[DOCKET])
    assert stands(matter) == ("final", "in_process")
    assert effects(matter.item)[-1] == "hold_income"
    matter.conclude(suit, "retracted", AT + 2 * DAY)
    assert stands(matter) == ("final", "closed")
    assert effects(matter.item)[-1] == "keep_income"


def test_an_answer_while_a_suit_runs_is_read_and_waits_for_the_judgment() -> None:
    matter, suit, at = unanswered()
    matter.forward(matter.answer(at), at + HOUR)
    assert stands(matter) == ("litigating", "in_process")
    matter.conclude(suit, "retracted", at + DAY)
    assert stands(matter) == ("restored", "closed")


def test_a_dismissal_restores_once_no_other_suit_runs() -> None:
    matter, first, at = unanswered()
    second = matter.sue(at, proofs=[DOCKET])
    matter.conclude(first, "dismissed", at + HOUR)
    assert stands(matter) == ("final", "in_process")
    matter.conclude(second, "retracted", at + DAY)
    assert stands(matter) == ("restored", "closed")


def test_of_two_judgments_the_later_one_counts() -> None:
    matter, first, at = unanswered()
    second = matter.sue(at, proofs=[DOCKET])
    matter.conclude(first, "dismissed", at + HOUR)
    matter.conclude(second, "upheld", at + DAY)
    assert stands(matter) == ("final", "closed")
    assert effects(matter.item)[-1] == "keep_income"


def test_what_is_let_go_waits_for_no_suit() -> None:
    matter, _suit, at = unanswered()
    matter.let_go(at, [matter.item])
    assert stands(matter) == ("dropped", "withdrawn")


def test_proof_that_legal_does_not_accept_leaves_a_final_document_final() -> None:
    matter, suit, at = unanswered()
    claim(matter.case, by=matter.legal, at=at)
    advance(suit, "refuse_proof", by=matter.legal, at=at, reasoning=REASONING)
    assert stands(matter) == ("final", "closed")
    assert effects(matter.item)[-1] == "keep_income"


def test_a_letter_names_the_suit_that_it_is_about_whatever_comes_later() -> None:
    matter, suit, at = unanswered()
    matter.conclude(suit, "retracted", at)
    letter = Notice.objects.filter(case=matter.case, kind="maintenance")[0]
    before = letter_of(letter).body
    matter.sue(at + DAY)
    assert letter_of(Notice.objects.get(pk=letter.pk)).body == before


@pytest.mark.parametrize("outcome", [*SILENT, "ended"])
@pytest.mark.parametrize("state", ["measured", "final"])
def test_an_order_that_ends_without_a_judgment_leaves_what_stood_before_it(
    state: str, outcome: str
) -> None:
    matter = make_matter(state=state)
    matter.conclude(matter.order(AT + DAY), outcome, AT + 2 * DAY)
    assert (matter.state(), matter.item.measure) == (state, "interim_down")


@pytest.mark.parametrize("end", [*SILENT, "unproven"])
@pytest.mark.parametrize("order_ends", ["first", "last"])
@pytest.mark.parametrize("state", ["measured", "final"])
def test_a_suit_beside_an_order_leaves_it_too_when_it_fades(
    state: str, order_ends: str, end: str
) -> None:
    """As without the order: nobody had answered, and nobody judged."""
    matter = make_matter(state=state)
    order = matter.order(AT + DAY)
    suit = matter.sue(AT + 2 * DAY, proofs=[] if end == "unproven" else [DOCKET])

    def fade(at: datetime) -> datetime:
        if end != "unproven":
            matter.conclude(suit, end, at)
            return at
        due = Deadline.objects.open().get(clock="proof").due_at
        assert fire_due(at=due) == 1
        return due

    if order_ends == "first":
        matter.conclude(order, "ended", AT + 3 * DAY)
        assert matter.state() == "litigating"
        at = fade(AT + 4 * DAY)
    else:
        at = fade(AT + 3 * DAY) + DAY
        matter.conclude(order, "ended", at)
    assert stands(matter) == (state, "closed" if state == "final" else "in_process")
    assert matter.item.measure == "interim_down"
    letter = Notice.objects.filter(case=matter.case, at=at, audience="uploader")
    told = str(letter_of(letter.latest("pk")).body)
    assert ("已于" in told, "解除。" in told) == (True, order_ends == "last")


def test_an_order_after_a_suit_that_kept_the_measure_restores_with_it() -> None:
    """The answer was waited upon: nothing but the suit kept the document down, even
    if an earlier order had found it measured."""
    matter = make_matter()
    matter.conclude(matter.order(AT + HOUR), "ended", AT + DAY)
    waiting = matter.wait(AT + 2 * DAY)
    suit = matter.sue(waiting.due_at - HOUR, proofs=[DOCKET])
    order = matter.order(waiting.due_at)
    matter.conclude(suit, "retracted", waiting.due_at + DAY)
    assert matter.state() == "litigating"
    matter.conclude(order, "ended", waiting.due_at + 2 * DAY)
    assert stands(matter) == ("restored", "closed")


@pytest.mark.parametrize("order_ends", ["first", "last"])
def test_a_dismissal_beside_an_order_restores(order_ends: str) -> None:
    matter = make_matter()
    order = matter.order(AT + DAY)
    suit = matter.sue(AT + 2 * DAY, proofs=[DOCKET])
    ends = [(order, "ended"), (suit, "dismissed")]
    for day, (row, outcome) in enumerate(
        ends if order_ends == "first" else reversed(ends), start=3
    ):
        matter.conclude(row, outcome, AT + day * DAY)
    assert stands(matter) == ("restored", "closed")


def page_of(matter: Matter) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=matter.uploader.user_id or 0))
    page = client.get(f"/seller/items/{matter.item.public_id}/")
    return page.content.decode()


@pytest.mark.parametrize("answered", [False, True])
def test_the_uploaders_page_says_that_a_judgment_made_it_final(answered: bool) -> None:
    """And not that no answer came, where one had."""
    matter = make_matter()
    if answered:
        matter.wait(AT + HOUR)
    suit = matter.sue(AT + DAY, proofs=[DOCKET])
    matter.conclude(suit, "upheld", AT + 2 * DAY)
    assert "已经生效的裁判或者决定确认侵权" in page_of(matter)
    assert "不再转送投诉人" in page_of(matter)
    assert "没有收到您的反通知" not in page_of(matter)


def test_the_uploaders_page_says_that_a_suit_about_what_is_final_still_runs() -> None:
    matter, suit, at = unanswered()
    assert "答复期内没有收到您的反通知" in page_of(matter)
    assert "程序尚未终结" in page_of(matter)
    matter.conclude(suit, "retracted", at)
    assert "程序尚未终结" not in page_of(matter)


def test_what_an_order_cut_off_is_announced_anew_when_it_is_lifted() -> None:
    """Else a measure would be final for an uploader whom nothing ever reached."""
    matter = make_matter()
    account = matter.item.document.seller
    account.party = None
    account.save(update_fields=["party"])
    assert announce_unknown(at=AT) == 1
    order = matter.order(AT + DAY)
    assert list(announcements()) == []
    matter.conclude(order, "ended", AT + 2 * DAY)
    at = AT + 2 * DAY + HOUR
    assert announce_unknown(at=at) == 1
    [shown] = announcements()
    assert shown.at == at
    served = Deadline.objects.open().get(item=matter.item)
    assert (served.clock, served.due_at > at + 30 * DAY) == ("announced", True)
    assert fire_due(at=served.due_at) == 1
    window = Deadline.objects.open().get(item=matter.item)
    assert (window.clock, window.due_at > served.due_at + 14 * DAY) == ("window", True)


def test_the_letter_on_a_judgment_leaves_no_number_blank() -> None:
    """A suit is told of before it has one."""
    matter = make_matter()
    matter.conclude(matter.sue(AT + DAY, proofs=[DOCKET]), "upheld", AT + 2 * DAY)
    rows = Notice.objects.filter(entry__kind="item.confirm")
    assert len(rows) == 2
    assert all("案号或文号：尚未取得" in letter_of(each).body for each in rows)


@pytest.mark.parametrize("profile", ["civil", "regulation", "dsa"])
def test_an_answer_against_a_judgment_is_received_and_passed_on_to_nobody(
    settings: Any, profile: str
) -> None:
    """It would be restored when the waiting ended, or at once."""
    settings.CLOCK_PROFILES = [profile]
    matter = make_matter(profile=profile)
    suit = matter.sue(AT + HOUR, proofs=[DOCKET])
    matter.conclude(suit, "upheld", AT + DAY)
    counter = matter.answer(AT + 2 * DAY)
    receipt = Notice.objects.filter(case=matter.case, kind="receipt").latest("pk")
    body = letter_of(receipt).body
    assert "本反通知不再转送投诉人" in body
    assert "及时转送投诉人" not in body
    assert "立即恢复该文档" not in body
    claim(matter.case, by=matter.legal, at=AT + 2 * DAY)
    steps = {name for name, _rule in open_steps(counter, matter.legal)}
    assert not steps & {"forward", "reverse"}
    assert "reject" in steps
    with pytest.raises(CaseMovedOn):
        advance(counter, "forward", by=matter.legal, at=AT + 2 * DAY)
    client = Client()
    client.force_login(User.objects.get(pk=matter.legal.user_id or 0))
    page = client.get(f"/desk/cases/{matter.case.reference}/").content.decode()
    assert "反通知不再转送" in page


def test_an_answer_is_passed_on_again_once_a_later_judgment_denies_the_claim() -> None:
    matter, first, at = unanswered()
    second = matter.sue(at, proofs=[DOCKET])
    third = matter.sue(at, proofs=[DOCKET])
    matter.conclude(first, "upheld", at + HOUR)
    counter = matter.answer(at + 2 * HOUR)
    matter.conclude(second, "dismissed", at + DAY)
    matter.forward(counter, at + DAY + HOUR)
    assert stands(matter) == ("litigating", "in_process")
    matter.conclude(third, "retracted", at + 2 * DAY)
    assert stands(matter) == ("restored", "closed")


def test_a_notice_accepted_with_nothing_left_to_decide_is_closed() -> None:
    """An order came, and was dismissed, before the form check was over."""
    matter = make_matter(state="claimed")
    matter.conclude(matter.order(AT + HOUR), "dismissed", AT + DAY)
    assert stands(matter) == ("restored", "submitted")
    claim(matter.case, by=matter.legal, at=AT + DAY)
    advance(matter.case, "accept", by=matter.legal, at=AT + DAY, profile="civil")
    assert stands(matter) == ("restored", "closed")


@pytest.mark.parametrize("answered", [False, True])
def test_when_an_order_ends_while_a_suit_runs_our_own_measure_is_kept(
    answered: bool,
) -> None:
    matter = make_matter()
    if answered:
        matter.wait(AT + HOUR)
    suit = matter.sue(AT + DAY, proofs=[DOCKET])
    order = matter.order(AT + DAY + HOUR, measure="remove")
    assert visibility(matter.item.document).level == "remove"
    matter.conclude(order, "ended", AT + 2 * DAY)
    assert stands(matter) == ("litigating", "in_process")
    assert (matter.item.measure, effects(matter.item)[-1]) == (
        "interim_down",
        "hold_income",
    )
    assert visibility(matter.item.document).level == "interim_down"
    rows = Notice.objects.filter(case=matter.case, kind="maintenance").order_by("pk")
    assert [each.audience for each in rows][-2:] == ["uploader", "claimant"]
    for letter in list(rows)[-2:]:
        body = letter_of(letter).body
        assert "投诉人提起的诉讼或者投诉仍在进行" in body
        assert "临时下架" in body
        assert "民事诉讼" in body
    matter.conclude(suit, "retracted", AT + 3 * DAY)
    assert matter.state() == ("restored" if answered else "measured")


def test_while_another_order_stands_its_measure_does() -> None:
    matter = make_matter()
    matter.sue(AT + HOUR, proofs=[DOCKET])
    first = matter.order(AT + DAY, measure="stop_download")
    matter.order(AT + DAY + HOUR, measure="remove")
    matter.conclude(first, "ended", AT + 2 * DAY)
    assert visibility(matter.item.document).level == "remove"


def test_a_suit_keeps_open_the_case_to_which_its_document_has_gone() -> None:
    matter = make_matter(state="final")
    matter.sue(AT + DAY)
    apart = make_case(state="accepted")
    both = {matter.case.pk, apart.pk}
    assert set(cases_that_wait(both)) == both
    apart.items.update(state="final")
    assert list(cases_that_wait([apart.pk])) == []
    Proceeding.objects.update(case=apart)
    assert list(cases_that_wait([matter.case.pk])) == [matter.case.pk]
    assert list(cases_that_wait([apart.pk])) == []
