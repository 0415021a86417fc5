"""Account levels: what points lead to, who may lift it, and that the gate asks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_fsm import can_proceed

from cases.errors import AccountSuspended, CaseMovedOn
from cases.firing import fire_due
from cases.gate.publishing import publish
from cases.gate.receiving import Offer
from cases.gate.receiving import hand_in as receive
from cases.gate.screening import screen
from cases.models import AccountMeasure, Case, Notice, Submission
from cases.registration import Upload
from cases.services import advance
from cases.timekeeping import keep_time, void_unfounded
from cases.workflows.account import AccountState
from evidence import ledger
from evidence.actors import SYSTEM, Actor
from evidence.models import SellerAccount
from reports.letters import letter_of
from tests.factories import AT, make_document, make_user
from tests.gate.sellers import make_seller, words
from tests.reporting.matters import again, appeal_of, decide, report, staff

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
REASON = "一年之内多次出售考试答案，情节严重，累计达到关闭标准。"


def hand_in(
    seller: SellerAccount, by: Actor, content: str, *, at: datetime = AT
) -> Submission:
    """Received and screened."""
    offer = Offer(Upload(content.encode(), "稿.txt"), "新稿")
    row, _new = receive(seller, offer, by=by, at=at)
    screen(row.pk, at=at)
    return Submission.objects.get(pk=row.pk)


def punished(seller: SellerAccount, reason: str = "A7", at: datetime = AT) -> Case:
    """A decision against a document of the seller: 1 point, of A1 and B1 3."""
    case = again(report(make_document(seller=seller), reason, at=at).report.case)
    by = staff("senior") if case.state == "escalated" else staff()
    return again(decide(case, by=by, at=at))


def made_final(case: Case, at: datetime) -> None:
    advance(case, "close", by=SYSTEM, at=at)


def standing(seller: SellerAccount) -> list[tuple[int, str]]:
    rows = AccountMeasure.objects.filter(seller=seller).order_by("pk")
    return list(rows.values_list("level", "state"))


def test_points_warn_first_and_then_stop_uploads_for_seven_days() -> None:
    seller, by = make_seller()
    punished(seller)
    assert standing(seller) == [(1, "in_force")]
    assert hand_in(seller, by, words(80)).state == "cleared"
    case = punished(seller)
    assert standing(seller) == [(1, "in_force"), (2, "in_force")]
    with pytest.raises(AccountSuspended) as told:
        hand_in(seller, by, words(81))
    assert told.value.until == AT + WEEK
    assert Submission.objects.count() == 1, "nothing was kept"
    entry = ledger.entries_of([case.stream]).get(kind="account.begin")
    assert (entry.role, entry.payload["level"], entry.payload["days"]) == (
        *("system", 2, 7),
    )
    letter = Notice.objects.get(entry=entry)
    assert letter.seller == seller
    assert "七日内不能上传" in letter_of(letter).body


def test_it_ends_by_itself_and_what_comes_after_waits_for_a_person() -> None:
    seller, by = make_seller()
    punished(seller)
    punished(seller)
    later = AT + WEEK
    row = hand_in(seller, by, words(82), at=later)
    assert row.state == "held", "watched for thirty days more"
    fire_due(at=later)
    assert standing(seller)[-1] == (2, "ended")
    kinds = Notice.objects.filter(seller=seller, kind="account")
    assert kinds.filter(entry__kind="account.expire").count() == 1
    watched = AT + WEEK + timedelta(days=30)
    row = hand_in(seller, by, words(83), at=watched)
    assert row.state == "cleared"


def test_what_was_cleared_before_is_not_published_while_it_stands() -> None:
    seller, by = make_seller()
    row = hand_in(seller, by, words(84))
    punished(seller)
    punished(seller)
    with pytest.raises(AccountSuspended):
        publish(row, by=by, at=AT)


def test_another_seller_and_another_year_are_not_touched() -> None:
    seller, _by = make_seller()
    other, by_other = make_seller()
    punished(seller)
    punished(seller)
    assert hand_in(other, by_other, words(85)).reference
    late = AT + timedelta(days=400)
    punished(seller, at=late)
    assert standing(seller)[-1] == (1, "in_force"), "old points do not count"


def test_an_overturned_decision_takes_the_level_with_it() -> None:
    seller, by = make_seller()
    punished(seller)
    case = punished(seller)
    overturn(case)
    assert standing(seller) == [(1, "in_force"), (2, "void")]
    assert hand_in(seller, by, words(86)).reference


def overturn(case: Case) -> None:
    advance(
        appeal_of(case),
        "overturn",
        by=staff("senior"),
        at=AT,
        answer="重新查看后，该页并无所述内容。",
        outcome="not_upheld",
        measures={},
    )


def test_points_that_went_in_another_case_void_it_when_the_clock_comes_round() -> None:
    seller, by = make_seller()
    first = punished(seller)
    punished(seller)
    overturn(first)
    assert standing(seller)[-1] == (2, "in_force")
    assert keep_time(at=AT)["voided"] == 1
    assert standing(seller)[-1] == (2, "void")
    assert hand_in(seller, by, words(87)).reference
    assert void_unfounded(at=AT) == 0


def closing(seller: SellerAccount) -> AccountMeasure:
    """An account that reached five final points."""
    for _ in range(2):
        made_final(punished(seller, "B1"), AT + timedelta(days=16))
    return AccountMeasure.objects.get(seller=seller, level=4)


def test_an_account_is_closed_by_two_people_on_final_points_alone() -> None:
    seller, by = make_seller()
    punished(seller, "B1")
    punished(seller, "B1")
    assert not AccountMeasure.objects.filter(level=4).exists(), "all provisional"
    for case in Case.objects.all():
        made_final(case, AT + timedelta(days=16))
    row = AccountMeasure.objects.get(level=4)
    assert row.state == "proposed"
    first, second, at = staff("senior"), staff("legal"), AT + timedelta(days=60)
    assert hand_in(seller, by, words(88), at=at).reference
    advance(row, "approve", by=first, at=at, reasoning=REASON)
    assert not may(row, "close", first)
    advance(row, "close", by=second, at=at, reasoning=REASON)
    with pytest.raises(AccountSuspended) as told:
        hand_in(seller, by, words(89), at=at + timedelta(days=3_000))
    assert told.value.until is None
    letter = Notice.objects.get(entry__kind="account.close")
    assert REASON in letter_of(letter).body


def may(row: Any, name: str, by: Actor) -> bool:
    row = type(row).objects.get(pk=row.pk)
    step = getattr(row, name)
    transition = step._django_fsm.get_transition(row.state)
    return can_proceed(step) and bool(transition.has_perm(row, by))


# state: step → who may take it. first and second have approved and closed.
TABLE = {
    "proposed": {"begin": "system", "void": "system"},
    "in_force": {
        "contest": "seller",
        "lift": "senior",
        "expire": "system",
        "void": "system",
    },
    "contested": {
        "uphold": "senior",
        "lift": "senior",
        "expire": "system",
        "void": "system",
    },
    "ended": {},
    "void": {},
}
CLOSING = {
    "proposed": {
        "approve": "first senior",
        "decline": "first senior",
        "void": "system",
    },
    "approved": {"close": "senior", "decline": "senior", "void": "system"},
    "in_force": {"contest": "seller", "lift": "senior", "void": "system"},
    "contested": {"uphold": "senior", "lift": "senior", "void": "system"},
    "lifted": {},
    "declined": {},
}
STEPS = sorted(
    {
        step.name
        for step in AccountMeasure._meta.get_field("state").get_all_transitions(  # type: ignore[attr-defined]
            AccountMeasure
        )
    }
)


def test_each_step_is_open_where_the_table_says_and_to_whom() -> None:
    seller, by = make_seller()
    people = {
        "system": SYSTEM,
        "seller": by,
        "first": staff("senior"),
        "second": staff("legal"),
        "senior": staff("senior"),
        "moderator": staff(),
        "compliance": staff("compliance"),
        "stranger": make_seller()[1],
    }
    plain = _waiting(seller)
    for state, steps in (
        ("proposed", ()),
        ("in_force", ("begin",)),
        ("contested", ("contest",)),
        ("ended", ("expire",)),
    ):
        _walk(plain, steps, people)
        _compare(plain, TABLE[state], people)
    gone = _waiting(seller)
    advance(gone, "void", by=SYSTEM, at=AT)
    _compare(gone, TABLE["void"], people)
    row = closing(seller)
    for state, steps in (
        ("proposed", ()),
        ("approved", ("approve",)),
        ("in_force", ("close",)),
        ("contested", ("contest",)),
        ("lifted", ("lift",)),
    ):
        _walk(row, steps, people)
        _compare(row, CLOSING[state], people)
    assert {*TABLE, *CLOSING} == set(AccountState.values)


FACTS: dict[str, dict[str, Any]] = {
    "begin": {"level": 2, "days": 7, "watched": 30},
    "contest": {"statement": "这几份文档都有授权，请重新查看。"},
    **{name: {"reasoning": REASON} for name in ("approve", "close", "lift")},
}
TAKEN_BY = {"contest": "seller", "approve": "first", "close": "second"}


def _waiting(seller: SellerAccount) -> AccountMeasure:
    case = report(make_document(seller=seller)).report.case
    return AccountMeasure.objects.create(
        seller=seller, case=case, level=2, placed_at=AT
    )


def _walk(
    row: AccountMeasure, steps: tuple[str, ...], people: dict[str, Actor]
) -> None:
    for name in steps:
        by = people[TAKEN_BY.get(name, "senior" if name == "lift" else "system")]
        advance(row, name, by=by, at=AT, **FACTS.get(name, {}))


def _compare(
    row: AccountMeasure, allowed: dict[str, str], people: dict[str, Actor]
) -> None:
    for name in STEPS:
        for who, actor in people.items():
            expected = who in allowed.get(name, "").split()
            # Who has decided nothing yet is a senior like another.
            if who in ("first", "second") and "senior" in allowed.get(name, ""):
                expected = not _has_decided(row, actor)
            assert may(row, name, actor) == expected, (row.state, name, who)


def _has_decided(row: AccountMeasure, actor: Actor) -> bool:
    entries = ledger.entries_of([row.stream]).filter(
        kind__in=("account.approve", "account.close"), payload__id=row.pk
    )
    return entries.filter(actor=actor.label).exists()


def test_a_closing_is_contested_once_and_lifted_by_another_person() -> None:
    seller, by = make_seller()
    row, at = closing(seller), AT + timedelta(days=60)
    advance(row, "approve", by=staff("senior"), at=at, reasoning=REASON)
    advance(row, "close", by=staff("legal"), at=at, reasoning=REASON)
    contest = {"statement": "这几份文档都有授权，请重新查看。"}
    advance(row, "contest", by=by, at=at, **contest)
    reviewer = staff("senior")
    advance(row, "uphold", by=reviewer, at=at, reasoning=REASON)
    with pytest.raises(CaseMovedOn):
        advance(row, "contest", by=by, at=at, **contest)
    advance(row, "lift", by=staff("senior"), at=at, reasoning=REASON)
    assert hand_in(seller, by, words(90), at=at).reference


def test_the_page_says_until_when_and_the_objection_reaches_the_desk(
    client: Client,
) -> None:
    seller, _by = make_seller()
    punished(seller)
    punished(seller)
    # The pages read today's clock.
    AccountMeasure.objects.filter(level=2).update(
        ends_at=datetime.now(AT.tzinfo) + WEEK
    )
    user = seller.party.memberships.get().user  # type: ignore[union-attr]
    client.force_login(user)
    answer = client.get(reverse("submission_new"))
    assert answer.status_code == 403
    row = AccountMeasure.objects.get(level=2)
    page = reverse("seller_account", args=[row.public_id])
    assert page in answer.content.decode()
    assert "contest" in client.get(page).content.decode()
    said = {"statement": "这几份文档都有授权，请重新查看。", "version": row.version}
    assert client.post(page, said).status_code == 302
    client.force_login(make_user(duty="senior"))
    desk = client.get(reverse("desk_accounts")).content.decode()
    assert said["statement"] in desk
    assert (
        client.get(reverse("seller_account", args=[row.public_id])).status_code == 404
    )
