"""Which letter goes to whom: transition → audience, kind. Rows only, sent later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.addressees import addressees, those_who_filed
from cases.calendars import CHINA
from cases.models.notice import Notice
from cases.models.submissions import SubmissionNotice
from evidence.actors import Role
from evidence.compiled import Rows
from evidence.writing import insert

if TYPE_CHECKING:
    from cases.services import Taken


class Kind(models.TextChoices):
    RECEIPT = "receipt", _("收件回执")
    ACCEPTANCE = "acceptance", _("受理通知书")
    FORWARDING = "forwarding", _("转送通知书")
    DECISION = "decision", _("处理决定书")
    SCREENING = "screening", _("发布审核结果通知书")
    OUTCOME = "outcome", _("举报处理结果告知书")
    QUESTION = "question", _("补充材料通知书")
    STATEMENT = "statement", _("处理决定及理由说明书")
    INTERIM = "interim", _("先行限制告知书")
    APPEAL = "appeal", _("复议决定书")
    ACCOUNT = "account", _("账号措施通知书")
    DEFECTS = "defects", _("补正通知书")
    LAPSE = "lapse", _("视为未提出告知书")
    REJECTION = "rejection", _("不予受理通知书")
    WITHDRAWAL = "withdrawal", _("撤回确认书")
    COUNTER = "counter", _("反通知转送书")
    ANSWER = "answer", _("反通知处理告知书")
    EXTENSION = "extension", _("等待期延长告知书")
    UNEXTENDED = "unextended", _("不予延长等待期告知书")
    MAINTENANCE = "maintenance", _("维持措施通知书")
    PROOF = "proof", _("提交证明通知书")
    RESTORATION = "restoration", _("恢复通知书")
    ANNOUNCEMENT = "announcement", _("公告")
    MERGER = "merger", _("并案告知书")


# Before the ordinal of a letter to somebody who reported.
SERIES = "G"


@dataclass(frozen=True, slots=True)
class Letter:
    kind: Kind
    audience: Role


def _both(kind: Kind) -> tuple[Letter, ...]:
    return Letter(kind, Role.UPLOADER), Letter(kind, Role.CLAIMANT)


NOTICES: dict[tuple[str, str], tuple[Letter, ...]] = {
    ("copyright", "submit"): (Letter(Kind.RECEIPT, Role.CLAIMANT),),
    ("copyright", "accept"): (Letter(Kind.ACCEPTANCE, Role.CLAIMANT),),
    # 条例 15: the measure and the forwarding are one moment, so one act writes both.
    ("item", "measure_and_forward"): (
        Letter(Kind.FORWARDING, Role.UPLOADER),
        Letter(Kind.DECISION, Role.CLAIMANT),
    ),
    # 民法典 1195: the notice is forwarded even where no measure is taken.
    ("item", "assess_no_measure"): (
        Letter(Kind.FORWARDING, Role.UPLOADER),
        Letter(Kind.DECISION, Role.CLAIMANT),
    ),
    # 条例 15: where it cannot be forwarded, the content is announced on the site.
    ("item", "announce"): (Letter(Kind.ANNOUNCEMENT, Role.UPLOADER),),
    ("item", "finalise"): _both(Kind.DECISION),
    ("copyright", "find_defects"): (Letter(Kind.DEFECTS, Role.CLAIMANT),),
    ("copyright", "cure"): (Letter(Kind.RECEIPT, Role.CLAIMANT),),
    ("copyright", "lapse"): (Letter(Kind.LAPSE, Role.CLAIMANT),),
    ("copyright", "reject"): (Letter(Kind.REJECTION, Role.CLAIMANT),),
    ("copyright", "set_apart"): (Letter(Kind.RECEIPT, Role.CLAIMANT),),
    ("copyright", "withdraw"): (Letter(Kind.WITHDRAWAL, Role.CLAIMANT),),
    # In each of the two files stands where the documents are, for whoever filed it.
    **{
        ("copyright", step): (Letter(Kind.MERGER, Role.CLAIMANT),)
        for step in ("merge", "take_in", "unmerge", "unmerge_accepted", "give_back")
    },
    ("item", "drop"): (Letter(Kind.WITHDRAWAL, Role.CLAIMANT),),
    ("item", "withdraw"): (
        Letter(Kind.RESTORATION, Role.UPLOADER),
        Letter(Kind.WITHDRAWAL, Role.CLAIMANT),
    ),
    # Whoever is refused is told why and how to contest, whoever refused.
    ("submission", "refuse_by_policy"): (Letter(Kind.SCREENING, Role.UPLOADER),),
    ("submission", "refuse"): (Letter(Kind.SCREENING, Role.UPLOADER),),
    ("submission", "release"): (Letter(Kind.SCREENING, Role.UPLOADER),),
    ("report", "request_info"): (Letter(Kind.QUESTION, Role.REPORTER),),
    ("report", "lapse"): (Letter(Kind.OUTCOME, Role.REPORTER),),
    ("report", "turn_down"): (Letter(Kind.OUTCOME, Role.REPORTER),),
    ("report", "tell_again"): (Letter(Kind.OUTCOME, Role.REPORTER),),
    ("report", "transfer"): (Letter(Kind.OUTCOME, Role.REPORTER),),
    # Both are told when a document is held back before anybody has looked at it.
    ("report", "restrict"): (
        Letter(Kind.INTERIM, Role.UPLOADER),
        Letter(Kind.INTERIM, Role.REPORTER),
    ),
    ("report", "end_restriction"): (
        Letter(Kind.INTERIM, Role.UPLOADER),
        Letter(Kind.INTERIM, Role.REPORTER),
    ),
    ("report", "end_measures"): (Letter(Kind.RESTORATION, Role.UPLOADER),),
    # 生态治理规定 16 and DSA 16(5): feedback is a duty; DSA 17: so are the reasons.
    ("report", "decide"): (
        Letter(Kind.STATEMENT, Role.UPLOADER),
        Letter(Kind.OUTCOME, Role.REPORTER),
    ),
    # 电子商务法 36: who is limited is told why, for how long, and how to contest it.
    **{
        ("account", step): (Letter(Kind.ACCOUNT, Role.UPLOADER),)
        for step in ("begin", "close", "uphold", "lift", "expire", "void")
    },
    ("appeal", "uphold"): (Letter(Kind.APPEAL, Role.APPELLANT),),
    ("appeal", "dismiss"): (Letter(Kind.APPEAL, Role.APPELLANT),),
    ("appeal", "overturn"): (
        Letter(Kind.APPEAL, Role.UPLOADER),
        Letter(Kind.APPEAL, Role.REPORTER),
    ),
    ("appeal", "amend"): (
        Letter(Kind.APPEAL, Role.UPLOADER),
        Letter(Kind.APPEAL, Role.REPORTER),
    ),
    ("appeal", "restore_mended"): (
        Letter(Kind.APPEAL, Role.UPLOADER),
        Letter(Kind.APPEAL, Role.REPORTER),
    ),
    ("counter_notice", "file"): (Letter(Kind.RECEIPT, Role.UPLOADER),),
    ("counter_notice", "find_defects"): (Letter(Kind.DEFECTS, Role.UPLOADER),),
    ("counter_notice", "cure"): (Letter(Kind.RECEIPT, Role.UPLOADER),),
    ("counter_notice", "lapse"): (Letter(Kind.LAPSE, Role.UPLOADER),),
    # I10: a rejected answer leaves the measure, and both sides are told so.
    ("counter_notice", "reject"): _both(Kind.ANSWER),
    ("counter_notice", "moot"): (Letter(Kind.ANSWER, Role.UPLOADER),),
    # 条例 17, 民法典 1196: forwarded with the right to complain or to sue.
    ("item", "forward_counter"): (
        Letter(Kind.COUNTER, Role.CLAIMANT),
        Letter(Kind.ANSWER, Role.UPLOADER),
    ),
    ("item", "restore_at_once"): (
        Letter(Kind.COUNTER, Role.CLAIMANT),
        Letter(Kind.RESTORATION, Role.UPLOADER),
    ),
    ("item", "restore_cured"): _both(Kind.RESTORATION),
    # DSA 20(5): both are told what was decided on the complaint.
    ("item", "restore_reversed"): _both(Kind.RESTORATION),
    ("item", "ask_extension"): (Letter(Kind.RECEIPT, Role.CLAIMANT),),
    ("item", "extend"): _both(Kind.EXTENSION),
    # For the uploader nothing has changed.
    ("item", "refuse_extension"): (Letter(Kind.UNEXTENDED, Role.CLAIMANT),),
    ("item", "await_outcome"): _both(Kind.MAINTENANCE),
    ("item", "restore"): _both(Kind.RESTORATION),
    ("item", "restore_after_proceeding"): _both(Kind.RESTORATION),
    ("item", "restore_dismissed"): _both(Kind.RESTORATION),
    ("item", "confirm"): _both(Kind.DECISION),
    ("item", "stay_final"): _both(Kind.MAINTENANCE),
    ("item", "obey_order"): _both(Kind.MAINTENANCE),
    ("item", "outlast_order"): _both(Kind.MAINTENANCE),
    ("item", "reinstate"): _both(Kind.MAINTENANCE),
    ("item", "reinstate_final"): _both(Kind.MAINTENANCE),
    ("proceeding", "notify"): (Letter(Kind.PROOF, Role.CLAIMANT),),
    ("proceeding", "acknowledge"): (Letter(Kind.PROOF, Role.CLAIMANT),),
    ("proceeding", "return_proof"): (Letter(Kind.PROOF, Role.CLAIMANT),),
}


def write(taken: Sequence["Taken"]) -> None:
    """Queue the letters of these acts, numbered within their case. Those to reporters
    have a series of their own: the other numbers must not tell how many they were."""
    drafts = [(act, letter) for act in taken for letter in NOTICES.get(act.step, ())]
    if not drafts:
        return
    if taken[0].subject.MACHINE == "submission":
        _write_to_sellers(drafts)
        return
    numbers = _Numbers()
    rows = []
    for act, letter in drafts:
        case = act.subject.case
        for recipient in _recipients(act, letter):
            series = SERIES if "report" in recipient else ""
            number = f"{case.reference}-{series}{numbers.next(case.pk, series):03d}"
            rows.append(_row(act, letter, recipient, number))
    insert(rows, numbered=False)


class _Numbers:
    """The ordinals of letters, by case and series. The case is locked, so that its
    last letter stays the last until these are written."""

    def __init__(self) -> None:
        self.last: dict[tuple[int, str], int] = {}

    def next(self, case: int, series: str) -> int:
        key = (case, series)
        if key not in self.last:
            found = _LAST[series](case)
            digits = found[0].rpartition("-")[2].removeprefix(SERIES) if found else 0
            self.last[key] = int(digits)
        self.last[key] += 1
        return self.last[key]


def _last(*, of_reporters: bool) -> Rows:
    """The number of the last letter of a case in one series, if there is one."""
    return Rows(
        lambda case: (
            Notice.objects.filter(case=case, report__isnull=not of_reporters)
            .order_by("-pk")
            .values_list("number", flat=True)[:1]
        )
    )


_LAST = {"": _last(of_reporters=False), SERIES: _last(of_reporters=True)}


def _write_to_sellers(drafts: Sequence[tuple["Taken", Letter]]) -> None:
    """Letters about submissions: numbered within each, like those of a case."""
    for act, _letter in drafts:
        submission = act.subject
        ordinal = submission.notices.count() + 1
        SubmissionNotice.objects.create(
            number=f"{submission.reference}-{ordinal:03d}",
            submission=submission,
            entry=act.entry,
            facts={
                "act": act.name,
                "on": act.entry.at.astimezone(CHINA).date().isoformat(),
                "ground": submission.ground,
                "contested": submission.contested_at is not None,
                "operator": dict(settings.OPERATOR),
            },
            at=act.entry.at,
        )


def _recipients(act: "Taken", letter: Letter) -> list[dict[str, Any]]:
    """Return whom a letter goes to, as the column of the row that names them."""
    case = act.subject.case
    if "reports" in act.facts:
        return those_who_filed(act.facts["reports"])
    if case.kind == "report":
        return addressees(act.subject, letter)
    if letter.audience == Role.UPLOADER:
        return [{"seller_id": act.item.document.seller_id if act.item else None}]
    # An agent with a mandate receives for its principal (送达代理人).
    return [{"party_id": case.agent_id or case.claimant_id}]


def _row(
    act: "Taken", letter: Letter, recipient: dict[str, Any], number: str
) -> Notice:
    item, case = act.item, act.subject.case
    return Notice(
        number=number,
        case=case,
        item=item,
        entry=act.entry,
        kind=letter.kind,
        audience=_audience(letter, recipient),
        **recipient,
        facts=_facts(act),
        at=act.entry.at,
    )


def _audience(letter: Letter, recipient: dict[str, Any]) -> Role:
    """An appellant reads in the role of their side."""
    if letter.audience != Role.APPELLANT:
        return letter.audience
    return Role.REPORTER if "report" in recipient else Role.UPLOADER


def _facts(act: "Taken") -> dict[str, Any]:
    """Freeze what the letter says: codes and dates, no name (those are the party's)."""
    case = act.subject.case
    return {
        "act": act.name,
        "on": act.entry.at.astimezone(CHINA).date().isoformat(),
        "profile": case.clock_profile,
        "due": {
            clock: at.astimezone(CHINA).isoformat() for clock, at in act.due.items()
        },
        "operator": dict(settings.OPERATOR),
        "subject": act.subject.pk,
    }
