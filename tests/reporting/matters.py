"""Report cases brought to their states by their own steps."""

from datetime import datetime, timedelta
from typing import Any

from cases.appeals import file_appeal
from cases.models import Appeal, Case, Report
from cases.reporting import Origin, Receipt, Said, file_report
from cases.services import advance, claim
from evidence.actors import ANONYMOUS, SYSTEM, Actor
from evidence.models import Document
from moderation.access import actor_of
from tests.factories import AT, make_document, make_user

WORDS = "第二页抄录了我单位的内部名单，请核实。"
FACTS = "第二页所列名单含有个人电话号码，未见授权，足以认定。"


def report(
    document: Document | None = None,
    reason: str = "E5",
    *,
    by: Actor = ANONYMOUS,
    at: datetime = AT,
    source: str = "person",
    checked: str = "",
    **said: Any,
) -> Receipt:
    checked = checked or ("account" if by.user_id else "proof")
    return file_report(
        document or make_document(),
        Said(reason, **{"statement": WORDS, **said}),
        Origin(checked, source=source),
        by=by,
        at=at,
    )


def staff(duty: str = "moderator") -> Actor:
    return actor_of(make_user(duty=duty))


def again(case: Case) -> Any:
    return Case.objects.get(pk=case.pk)


def facts_for(
    case: Case, level: str = "interim_down", **changed: Any
) -> dict[str, Any]:
    numbers = case.reported_documents.values_list("document__number", flat=True)
    facts = {
        "outcome": "upheld" if level else "not_upheld",
        "basis": case.reason,
        "measures": dict.fromkeys(numbers, level) if level else {},
        "automated": False,
        "facts": FACTS,
        "passage": "",
    }
    return facts | changed


def decide(
    case: Case, *, by: Actor, at: datetime = AT, level: str = "interim_down"
) -> Any:
    claim(case, by=by, at=at)
    advance(case, "decide", by=by, at=at, **facts_for(case, level))
    return again(case)


def make_report_case(state: str = "submitted", reason: str = "C1", **said: Any) -> Any:
    """A case in any state, by the steps that lead there."""
    by = staff()
    case = again(report(reason=reason, **said).report.case)
    if state == "submitted":
        return case
    if state == "merged":
        master = report(reason=reason).report.case
        advance(case, "merge", by=SYSTEM, at=AT, into=master.pk)
    elif state == "withdrawn":
        mine = case.reports.get()
        speaker = Actor(user_id=None, reports=frozenset({mine.pk}))
        advance(case, "withdraw", by=speaker, at=AT, report=mine.pk)
    elif state == "escalated":
        advance(case, "escalate", by=SYSTEM, at=AT, ground="crime")
    else:
        claim(case, by=by, at=AT)
        STEPS[state](case, by)
    return again(case)


def _need_info(case: Case, by: Actor) -> None:
    advance(case, "request_info", by=by, at=AT, question="请说明在第几页。")


def _decided(case: Case, by: Actor) -> None:
    advance(case, "decide", by=by, at=AT, **facts_for(case))


def _under_appeal(case: Case, by: Actor) -> None:
    _decided(case, by)
    appeal_of(case)


def _closed(case: Case, by: Actor) -> None:
    _decided(case, by)
    advance(case, "close", by=SYSTEM, at=AT + timedelta(days=20))


STEPS: dict[str, Any] = {
    "in_review": lambda case, by: None,
    "need_info": _need_info,
    "transferred": lambda case, by: advance(case, "transfer", by=by, at=AT),
    "decided": _decided,
    "under_appeal": _under_appeal,
    "closed": _closed,
}


def appeal_of(case: Case, filer: Report | None = None) -> Appeal:
    filer = filer or case.reports.order_by("pk").first()
    assert filer is not None
    speaker = Actor(user_id=None, reports=frozenset({filer.pk}))
    return file_appeal(
        case,
        ground="facts",
        statement="该页内容与举报所述一致，请重新查看。",
        by=speaker,
        at=AT,
        report=filer,
    )
