"""The whole table of 举报 and 复议: which step is open in which state, and to whom."""

from typing import Any

import pytest
from django_fsm import can_proceed

from cases.models import Appeal, ReportCase
from cases.services import claim
from cases.workflows.appeal import AppealState
from cases.workflows.report import ReportState
from evidence.actors import ANONYMOUS, SYSTEM, Actor
from tests.factories import AT
from tests.reporting.matters import again, appeal_of, make_report_case, staff

pytestmark = pytest.mark.django_db

# state: step → who may take it, of: holder (who claimed it, a moderator), moderator,
# senior (holding it), senior_free, compliance, reporter, system.
HOLDERS = "holder senior"
BOTH = "holder senior system"
PAPERS = "senior senior_free compliance"
STAFF = "holder moderator senior senior_free compliance"
TABLE: dict[str, dict[str, str]] = {
    "submitted": {
        "turn_down": "system",
        "receive_paper": PAPERS,
        "set_aside": "system",
        "reclassify": BOTH,
        "take_up": HOLDERS,
        "escalate": BOTH,
        "merge": BOTH,
        "transfer": HOLDERS,
        "withdraw": "reporter",
    },
    "in_review": {
        "turn_down": "system",
        "receive_paper": PAPERS,
        "set_aside": "system",
        "reclassify": BOTH,
        "put_back": HOLDERS,
        "request_info": HOLDERS,
        "escalate": BOTH,
        "merge": BOTH,
        "transfer": HOLDERS,
        "decide": HOLDERS,
        "withdraw": "reporter",
    },
    "need_info": {
        "turn_down": "system",
        "receive_paper": PAPERS,
        "set_aside": "system",
        "reclassify": BOTH,
        "supply": "reporter",
        "go_on": "system",
        "lapse": "system",
        "withdraw": "reporter",
    },
    "escalated": {
        "turn_down": "system",
        "receive_paper": PAPERS,
        "reclassify": BOTH,
        "decide": "senior",
    },
    "decided": {
        "tell_again": "system",
        "appeal": "system",
        "close": "system",
        "end_measures": "system",
    },
    "under_appeal": {
        "tell_again": "system",
        "appeal": "system",
        "resolve_appeal": "system",
        "end_measures": "system",
    },
    "closed": {
        "tell_again": "system",
        "reopen": "compliance",
        "end_measures": "system",
    },
    "merged": {"unmerge": "senior senior_free"},
    "withdrawn": {},
    "transferred": {},
}
STEPS = sorted(
    {
        step.name
        for step in ReportCase._meta.get_field("state").get_all_transitions(ReportCase)  # type: ignore[attr-defined]
    }
)


def cast_of(case: Any) -> dict[str, Actor]:
    mine = case.reports.order_by("pk").first()
    return {
        "moderator": staff(),
        "senior_free": staff("senior"),
        "compliance": staff("compliance"),
        "reporter": Actor(user_id=None, reports=frozenset({mine.pk if mine else 0})),
        "system": SYSTEM,
        "stranger": ANONYMOUS,
    }


def may(row: Any, name: str, by: Actor) -> bool:
    step = getattr(row, name)
    transition = step._django_fsm.get_transition(row.state)
    return bool(transition.has_perm(row, by))


def test_the_table_names_every_state() -> None:
    assert set(TABLE) | {"draft"} == set(ReportState.values)


@pytest.mark.parametrize("state", TABLE)
def test_each_step_is_open_where_the_table_says_and_to_whom(state: str) -> None:
    case = make_report_case(state)
    if state == "merged":
        cast = cast_of(again(case))
    cast = cast_of(case)
    opened = {name for name in STEPS if can_proceed(getattr(case, name))}
    assert opened == set(TABLE[state]), state
    for duty, name in (("moderator", "holder"), ("senior", "senior")):
        cast[name] = staff(duty)
    for name, people in TABLE[state].items():
        for who, actor in cast.items():
            row = again(case)
            if who in ("holder", "senior"):
                row.assignment = _held_by(row, actor)
            assert may(row, name, actor) == (who in people.split()), f"{name} {who}"


def _held_by(case: Any, actor: Actor) -> Any:
    from cases.models import Assignment

    return Assignment(case=case, user_id=actor.user_id, claimed_at=AT, lease_until=AT)


def test_an_urgent_case_is_seen_by_the_staff_and_restricted_by_policy() -> None:
    case = make_report_case("submitted", reason="B1")
    for who, actor in cast_of(case).items():
        assert may(case, "see", actor) == (who in STAFF.split()), who
        assert may(case, "restrict", actor) == (who == "system"), who
    assert can_proceed(case.see)
    assert can_proceed(case.restrict)
    assert not can_proceed(case.confirm)


def test_an_appeal_is_decided_by_a_senior_who_did_not_decide_before() -> None:
    decider = staff("senior")
    case = make_report_case("submitted")
    claim(case, by=decider, at=AT)
    from tests.reporting.matters import decide

    case = decide(case, by=decider)
    appeal = appeal_of(case)
    for by, allowed in (
        (decider, False),
        (staff("senior"), True),
        (staff("legal"), True),
        (staff(), False),
        (staff("compliance"), False),
        (SYSTEM, False),
    ):
        for name in ("review", "uphold", "overturn", "amend", "dismiss"):
            assert may(appeal, name, by) is allowed, (name, by)
        assert not may(appeal, "withdraw", by)


def test_an_appeal_knows_every_state_of_its_table() -> None:
    field = Appeal._meta.get_field("state")
    steps = field.get_all_transitions(Appeal)  # type: ignore[attr-defined]
    reached = {step.target for step in steps} | {AppealState.FILED}
    assert reached == set(AppealState.values)
