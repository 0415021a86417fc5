"""举报: the procedure of a reported document and of all who reported it, after
网络信息内容生态治理规定 10 and 16, 电子商务法 59 and, where it applies, DSA 16–20.

draft → submitted → in_review → decided → closed, and the ways aside: facts are asked
for, a P0 is escalated, a case is folded into another, handed to 版权申诉, withdrawn,
contested, opened again.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.permissions.desk import (
    is_compliance,
    is_senior,
    is_system,
    may_examine,
    may_examine_or_system,
)
from cases.permissions.report import (
    anyone,
    awaits_its_first_ruling,
    holds_no_document,
    is_about_copyright,
    is_restricted_before_review,
    is_under_measures,
    is_urgent,
    may_be_asked,
    may_be_left,
    may_lapse,
    may_receive_paper,
    may_restrict,
    may_rule,
    may_see,
    speaks_for_report,
    was_decided,
    was_set_aside,
)
from cases.workflows.rules import Rule, step

HOUSE = _("本站规则")
DUTY = _("生态治理规定第十六条；电子商务法第五十九条")
AT_ONCE = _("生态治理规定第十条；未成年人网络保护条例第二十九条")
REDRESS = _("本站规则；DSA 第二十条")
ANYONE, REPORTER, EXAMINER = _("任何人"), _("举报人"), _("审核员")
SENIOR, SYSTEM, COMPLIANCE = _("高级审核员"), _("系统"), _("合规")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待受理")
    NEED_INFO = "need_info", _("待补充")
    IN_REVIEW = "in_review", _("处理中")
    ESCALATED = "escalated", _("已升级")
    DECIDED = "decided", _("已决定")
    UNDER_APPEAL = "under_appeal", _("复议中")
    CLOSED = "closed", _("已办结")
    MERGED = "merged", _("已并案")
    WITHDRAWN = "withdrawn", _("已撤回")
    TRANSFERRED = "transferred", _("已转版权申诉")


S = ReportState
# Where a person at the desk has something to do before the decision.
WORKED = (S.SUBMITTED, S.IN_REVIEW, S.ESCALATED)
# Where a further report joins the case instead of opening another.
OPEN = (*WORKED, S.NEED_INFO)
ENDED = (S.CLOSED, S.MERGED, S.WITHDRAWN, S.TRANSFERRED)


class Outcome(models.TextChoices):
    """What became of a report, kept apart from the state and from the measures."""

    UPHELD = "upheld", _("举报成立")
    PARTLY = "partly_upheld", _("部分成立")
    NOT_UPHELD = "not_upheld", _("不成立")
    INVALID = "invalid", _("材料不足，无法判断")
    ACTIONED = "already_actioned", _("此前已经处理")
    OUT_OF_SCOPE = "out_of_scope", _("不属于本站处理范围")


class Ground(models.TextChoices):
    """Why a case is escalated."""

    SECURITY = "security", _("国家安全、涉密")
    MINORS = "minors", _("未成年人")
    TERROR = "terror", _("暴恐")
    EXAM = "exam", _("国家考试")
    CRIME = "crime", _("刑事线索")
    PUBLIC = "public", _("舆情")


class ReportProcedure(models.Model):
    """The transitions of a report case; its columns are those of Case."""

    state: str
    reference: str | None
    submitted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    merged_into_id: int | None
    reason: str
    priority: int | None
    outcome: str

    class Meta:
        abstract = True

    def get_state_display(self) -> Sentence:
        """A state may be called otherwise than in another procedure."""
        return ReportState(self.state).label

    @step(
        field="state",
        source=S.DRAFT,
        target=S.SUBMITTED,
        permission=anyone,
        rule=Rule(_("举报"), DUTY, ANYONE, records=("reference", "reason", "priority")),
    )
    def submit(
        self,
        *,
        at: datetime,
        reference: str,
        reason: str,
        priority: int,
        received_at: datetime | None = None,
    ) -> None:
        """The first report of a document: its clock and, for P0, the alarm start.
        received_at: of reports taken out of another case, when the first came in."""
        self.reference, self.submitted_at = reference, at
        self.reason, self.priority = reason, priority

    @step(
        field="state",
        source=OPEN,
        target=None,
        permission=may_examine_or_system,
        rule=Rule(_("改定事由"), HOUSE, EXAMINER, records=("reason", "priority")),
    )
    def reclassify(self, *, at: datetime, reason: str, priority: int) -> None:
        """A report that joins is more urgent, or the examiner sees another reason."""
        self.reason, self.priority = reason, priority

    @step(
        field="state",
        source=OPEN,
        target=None,
        permission=may_receive_paper,
        rule=Rule(
            *(_("收到主管部门来文"), AT_ONCE, COMPLIANCE),
            records=("report", "authority", "paper", "dated_on", "minutes"),
        ),
    )
    def receive_paper(
        self,
        *,
        at: datetime,
        report: int,
        authority: str,
        paper: str,
        dated_on: str,
        minutes: int = 0,
    ) -> None:
        """An authority has written. minutes: from now to the end that the paper sets,
        0 where it sets none."""

    @step(
        field="state",
        source=OPEN,
        target=None,
        conditions=[is_urgent],
        permission=may_see,
        rule=Rule(_("确认看到告警"), AT_ONCE, EXAMINER),
    )
    def see(self, *, at: datetime) -> None:
        """A person has looked at a P0: stops the alarm, decides nothing."""

    @step(
        field="state",
        source=S.SUBMITTED,
        target=S.IN_REVIEW,
        permission=may_examine,
        rule=Rule(_("领取"), HOUSE, EXAMINER),
    )
    def take_up(self, *, at: datetime) -> None:
        """Somebody has claimed the case."""

    @step(
        field="state",
        source=S.IN_REVIEW,
        target=S.SUBMITTED,
        permission=may_examine,
        rule=Rule(_("退回"), HOUSE, EXAMINER),
    )
    def put_back(self, *, at: datetime) -> None:
        """Who claimed the case gives it back; the clock runs on."""

    @step(
        field="state",
        source=S.IN_REVIEW,
        target=S.NEED_INFO,
        conditions=[may_be_asked, holds_no_document],
        permission=may_examine,
        rule=Rule(_("要求补充"), HOUSE, EXAMINER, seals=("question",)),
    )
    def request_info(self, *, at: datetime, question: str) -> None:
        """Facts are missing: once a case, and never of a P0."""

    @step(
        field="state",
        source=S.NEED_INFO,
        target=S.IN_REVIEW,
        permission=speaks_for_report,
        rule=Rule(_("补充"), HOUSE, REPORTER, records=("report",), seals=("answer",)),
    )
    def supply(self, *, at: datetime, report: int, answer: str) -> None:
        """One of the reporters has answered."""

    @step(
        field="state",
        source=S.NEED_INFO,
        target=S.IN_REVIEW,
        permission=is_system,
        rule=Rule(_("恢复处理"), HOUSE, SYSTEM),
    )
    def go_on(self, *, at: datetime) -> None:
        """Something new has come in, or it is urgent now: nobody waits any longer."""

    @step(
        field="state",
        source=S.NEED_INFO,
        target=S.CLOSED,
        conditions=[may_lapse],
        permission=is_system,
        rule=Rule(_("逾期未补充"), HOUSE, SYSTEM),
    )
    def lapse(self, *, at: datetime) -> None:
        """Nobody answered in time: the report cannot be judged."""
        self.outcome, self.decided_at, self.closed_at = Outcome.INVALID, at, at

    @step(
        field="state",
        source=(S.SUBMITTED, S.IN_REVIEW),
        target=S.ESCALATED,
        permission=may_examine_or_system,
        rule=Rule(_("升级"), AT_ONCE, EXAMINER, records=("ground",)),
    )
    def escalate(self, *, at: datetime, ground: str) -> None:
        """Seniors decide from here on, and a report to the authority is due."""

    @step(
        field="state",
        source=WORKED,
        target=None,
        conditions=[is_urgent, awaits_its_first_ruling],
        permission=may_restrict,
        rule=Rule(_("先行限制"), AT_ONCE, SYSTEM, records=("policy", "documents")),
    )
    def restrict(
        self, *, at: datetime, policy: str, documents: Sequence[str] = ()
    ) -> None:
        """Before review, only as the policy of compliance says; ends by itself.
        documents: their numbers, all of the case where none is named."""

    @step(
        field="state",
        source=WORKED,
        target=None,
        conditions=[is_restricted_before_review],
        permission=may_examine,
        rule=Rule(_("确认先行限制"), AT_ONCE, EXAMINER),
    )
    def confirm(self, *, at: datetime) -> None:
        """A person has looked: the restriction stays until the decision."""

    @step(
        field="state",
        source=OPEN,
        target=None,
        conditions=[is_restricted_before_review],
        permission=may_examine_or_system,
        rule=Rule(_("解除先行限制"), HOUSE, SYSTEM),
    )
    def end_restriction(self, *, at: datetime) -> None:
        """Nobody confirmed it in two hours, or who looked saw no ground for it."""

    @step(
        field="state",
        source=(S.SUBMITTED, S.IN_REVIEW),
        target=S.MERGED,
        conditions=[holds_no_document],
        permission=may_examine_or_system,
        rule=Rule(_("并案"), HOUSE, EXAMINER, records=("into",)),
    )
    def merge(self, *, at: datetime, into: int) -> None:
        """The same document or a near-identical upload is examined elsewhere."""
        self.merged_into_id = into

    @step(
        field="state",
        source=S.MERGED,
        target=S.SUBMITTED,
        permission=is_senior,
        rule=Rule(_("撤销并案"), HOUSE, SENIOR),
    )
    def unmerge(self, *, at: datetime) -> None:
        """The two were not the same after all."""
        self.merged_into_id = None

    @step(
        field="state",
        source=(S.SUBMITTED, S.IN_REVIEW),
        target=S.TRANSFERRED,
        conditions=[is_about_copyright, holds_no_document],
        permission=may_examine,
        rule=Rule(_("转版权申诉"), _("民法典第一千一百九十五条"), EXAMINER),
    )
    def transfer(self, *, at: datetime) -> None:
        """The reporter claims the right: a notice is what the law asks for."""

    @step(
        field="state",
        source=(S.IN_REVIEW, S.ESCALATED),
        target=S.DECIDED,
        permission=may_rule,
        rule=Rule(
            _("决定"),
            DUTY,
            EXAMINER,
            records=("outcome", "basis", "measures", "days", "automated"),
            seals=("facts", "passage"),
        ),
    )
    def decide(
        self,
        *,
        at: datetime,
        outcome: str,
        basis: str,
        measures: dict[str, str],
        automated: bool,
        facts: str,
        passage: str,
        days: int = 0,
    ) -> None:
        """measures: the level by document number; none of them means none is taken.
        days: how long they stand, 0 until decided otherwise."""
        self.outcome, self.decided_at = outcome, at

    @step(
        field="state",
        source=(*OPEN, S.DECIDED, S.UNDER_APPEAL, S.CLOSED),
        target=None,
        conditions=[is_under_measures],
        permission=is_system,
        rule=Rule(_("措施期满"), DUTY, SYSTEM),
    )
    def end_measures(self, *, at: datetime) -> None:
        """The time that the decision named is over; the decision itself stands."""

    @step(
        field="state",
        source=(S.SUBMITTED, S.NEED_INFO, S.IN_REVIEW),
        target=S.WITHDRAWN,
        conditions=[may_be_left],
        permission=speaks_for_report,
        rule=Rule(_("撤回举报"), HOUSE, REPORTER, records=("report",)),
    )
    def withdraw(self, *, at: datetime, report: int) -> None:
        """The last who reported takes it back; P0 and P1 go on all the same."""

    @step(
        field="state",
        source=(S.SUBMITTED, S.NEED_INFO, S.IN_REVIEW),
        target=S.CLOSED,
        permission=is_system,
        rule=Rule(_("不予采纳"), HOUSE, SYSTEM),
    )
    def set_aside(self, *, at: datetime) -> None:
        """Every report of it was found to be abuse; the document was not judged."""
        self.outcome, self.closed_at = Outcome.INVALID, at

    @step(
        field="state",
        source=OPEN,
        target=None,
        permission=is_system,
        rule=Rule(_("告知不予采纳"), DUTY, SYSTEM, records=("reports",)),
    )
    def turn_down(self, *, at: datetime, reports: Sequence[int]) -> None:
        """Some reports are set aside: who filed them is told, the case goes on."""

    @step(
        field="state",
        source=(S.DECIDED, S.UNDER_APPEAL, S.CLOSED),
        target=None,
        conditions=[was_decided],
        permission=is_system,
        rule=Rule(_("补充告知结果"), DUTY, SYSTEM, records=("reports",)),
    )
    def tell_again(self, *, at: datetime, reports: Sequence[int]) -> None:
        """Reports stand again after the decision: their outcome is that of all."""

    @step(
        field="state",
        source=S.CLOSED,
        target=S.SUBMITTED,
        conditions=[was_set_aside],
        permission=is_senior,
        rule=Rule(_("恢复举报"), HOUSE, SENIOR),
    )
    def bring_back(self, *, at: datetime) -> None:
        """The reports were set aside by mistake."""
        self.outcome, self.closed_at = "", None

    @step(
        field="state",
        source=(S.DECIDED, S.UNDER_APPEAL),
        target=S.UNDER_APPEAL,
        permission=is_system,
        rule=Rule(_("进入复议"), REDRESS, SYSTEM, records=("appeal",)),
    )
    def appeal(self, *, at: datetime, appeal: int) -> None:
        """A side has contested the decision (workflows/appeal.py)."""

    @step(
        field="state",
        source=S.UNDER_APPEAL,
        target=S.DECIDED,
        permission=is_system,
        rule=Rule(_("复议完成"), REDRESS, SYSTEM, records=("outcome",)),
    )
    def resolve_appeal(self, *, at: datetime, outcome: str) -> None:
        """No appeal is open any more; outcome: as it stands now."""
        self.outcome = outcome

    @step(
        field="state",
        source=S.DECIDED,
        target=S.CLOSED,
        permission=is_system,
        rule=Rule(_("办结"), HOUSE, SYSTEM),
    )
    def close(self, *, at: datetime) -> None:
        """The time for an appeal is over: the file is frozen."""
        self.closed_at = at

    @step(
        field="state",
        source=S.CLOSED,
        target=S.IN_REVIEW,
        permission=is_compliance,
        rule=Rule(_("重新办理"), HOUSE, COMPLIANCE, seals=("ground",)),
    )
    def reopen(self, *, at: datetime, ground: str) -> None:
        """New evidence, or a paper of the authority."""
        self.outcome, self.closed_at = "", None
