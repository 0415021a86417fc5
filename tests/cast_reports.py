"""What the access tests ask of reports: one for each state that has a page."""

from typing import TYPE_CHECKING, Any

from cases.appeals import file_appeal
from cases.models import AccountMeasure, Case, Report
from cases.registration import Upload
from cases.reporting import Origin, Said, file_report
from cases.services import advance, claim
from evidence.actors import ANONYMOUS, SYSTEM, Actor
from evidence.intake import receive_text
from evidence.models import Document, SellerAccount
from moderation.access import actor_of
from reports.models import Mailing
from tests.factories import AT, make_document

if TYPE_CHECKING:
    from tests.cast import Cast

FACTS = "第二页列有自然人的姓名和手机号码，没有本人同意的说明。"


def add_reports(cast: "Cast", seller: SellerAccount) -> None:
    """One decided against the uploader, one contested, one claimed with two reports
    and a file, one that waits for facts, one unclaimed, one urgent."""
    reporter, moderator = cast.users["reporter"], cast.users["moderator"]
    assert reporter is not None
    assert moderator is not None
    by, desk = actor_of(reporter), actor_of(moderator)
    decided = _filed(by, make_document(seller=seller))
    _decide(decided.case, desk)
    contested = _filed(by)
    _decide(contested.case, desk)
    appeal = file_appeal(
        contested.case,
        ground="facts",
        statement="请重新查看第二页的内容。",
        by=by,
        at=AT,
        report=contested,
        upload=Upload(b"\x89PNG", "新证据.png"),
    )
    stored = receive_text("第二页的名单。".encode(), name="名单.txt", at=AT)
    reported = make_document(text=stored)
    claimed = _filed(by, reported, files=(Upload(b"\x89PNG", "截图.png"),))
    _filed(ANONYMOUS, claimed.document)
    claim(claimed.case, by=desk, at=AT)
    asked = _filed(by, reason="C1")
    claim(asked.case, by=desk, at=AT)
    advance(asked.case, "request_info", by=desk, at=AT, question="请说明在第几页。")
    waiting = _filed(by)
    urgent = _filed(by, reason="B1")
    warned = _measure(decided.case, seller, level=1)
    closing = _measure(contested.case, contested.document.seller, level=4)
    failed = Mailing.objects.create(
        notice=decided.case.notices.order_by("pk").first(), status="failed", try_at=AT
    )
    row = Case.objects.get(pk=claimed.case_id)
    attachment = claimed.attachments.get()
    cast.arguments |= {
        "report_confirm": ["no-such-token"],
        "my_report": [decided.public_id],
        "my_report_supply": [asked.public_id],
        "my_report_withdraw": [waiting.public_id],
        "my_report_appeal": [decided.public_id],
        "seller_appeal": [decided.case.reference],
        "seller_account": [warned.public_id],
        "desk_account_step": [closing.public_id, "decline"],
        "desk_report": [row.reference],
        "desk_report_claim": [waiting.case.reference],
        "desk_report_release": [row.reference],
        "desk_report_step": [row.reference, "escalate"],
        "desk_appeal_step": [contested.case.reference, appeal.public_id, "review"],
        "desk_appeal_file": [contested.case.reference, appeal.public_id],
        "desk_mail": [failed.public_id, "again"],
        "desk_report_split": [row.reference],
        "desk_authority": [urgent.case.reference],
        "desk_report_snapshot": [row.reference, claimed.document.number],
        "desk_report_file": [row.reference, attachment.public_id],
        "desk_report_reveal": [row.reference, claimed.public_id],
        "desk_reporter": [claimed.public_id],
    }
    contest = {"ground": "facts", "statement": "请重新查看第二页的内容。"}
    cast.bodies |= {
        "my_report_supply": {"answer": "在第二页的中部，有三行。"},
        "my_report_appeal": contest,
        "seller_appeal": contest,
        "seller_account": {"statement": contest["statement"], "version": 1},
        "desk_account_step": {
            "reasoning": "分数虽已达到，情节尚轻，暂不关闭，继续观察。",
            "version": 0,
        },
        "desk_report_step": {"version": row.version, "ground": "crime"},
        "desk_appeal_step": {"version": row.version},
        "desk_report_split": {"report": claimed.public_id},
        "desk_authority": {"authority": "网信办", "paper_number": "2026-1"},
        "desk_reporter": {"one": "1"},
        "desk_policies": {"name": "interim_decided", "value": "12"},
    }


def _filed(
    by: Actor, document: Document | None = None, reason: str = "E5", **said: Any
) -> Report:
    from tests.cast import REPORTER

    name, email, words = REPORTER if by.user_id else ("", "", "另一人也这样说过了。")
    told = Said(reason, statement=f"{words}，请核实。", name=name, email=email, **said)
    origin = Origin("account" if by.user_id else "proof")
    return file_report(document or make_document(), told, origin, by=by, at=AT).report


def _measure(case: Case, seller: SellerAccount, level: int) -> AccountMeasure:
    """A warning in force, or a closing that waits for two people."""
    row = AccountMeasure.objects.create(
        seller=seller, case=case, level=level, placed_at=AT
    )
    if level == 1:
        advance(row, "begin", by=SYSTEM, at=AT, level=1, days=90, watched=0)
    return row


def _decide(case: Case, by: Actor) -> None:
    claim(case, by=by, at=AT)
    numbers = case.reported_documents.values_list("document__number", flat=True)
    advance(
        case,
        "decide",
        by=by,
        at=AT,
        outcome="upheld",
        basis="E5",
        measures=dict.fromkeys(numbers, "stop_download"),
        automated=False,
        facts=FACTS,
        passage="",
    )
