"""复议: a decision is looked at again, by another person than who made it (I5)."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.permissions.appeal import (
    is_appellant,
    is_mended_and_compared,
    may_review_appeal,
)
from cases.workflows.rules import Rule, step

REDRESS = _("本站规则；DSA 第二十条")
APPELLANT, REVIEWER = _("申请人"), _("未作原决定的高级审核员或法务")


class AppealState(models.TextChoices):
    FILED = "filed", _("待复议")
    REVIEWING = "reviewing", _("复议中")
    UPHELD = "upheld", _("维持原决定")
    OVERTURNED = "overturned", _("撤销原决定")
    PARTLY = "partly", _("部分改变")
    MENDED = "mended", _("修改后恢复")
    INADMISSIBLE = "inadmissible", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")


A = AppealState
PENDING = (A.FILED, A.REVIEWING)


class AppealGround(models.TextChoices):
    FACTS = "facts", _("事实有误")
    RULE = "rule", _("适用规则错误")
    PROCEDURE = "procedure", _("程序不当")
    EVIDENCE = "evidence", _("有新证据")
    SEVERITY = "severity", _("处理过重或过轻")
    MENDED = "mended", _("已经修改，附修改后的文件")


class AppealProcedure(models.Model):
    """The transitions of an appeal. `answer` is what the appellant reads."""

    state = FSMField(default=A.FILED, choices=A.choices, protected=True, db_index=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    answer: str

    class Meta:
        abstract = True

    @step(
        field=state,
        source=A.FILED,
        target=A.REVIEWING,
        permission=may_review_appeal,
        rule=Rule(_("开始复议"), REDRESS, REVIEWER),
    )
    def review(self, *, at: datetime) -> None:
        """A person who had no part in the decision takes it up."""

    @step(
        field=state,
        source=PENDING,
        target=A.UPHELD,
        permission=may_review_appeal,
        rule=Rule(_("维持"), REDRESS, REVIEWER, seals=("answer",)),
    )
    def uphold(self, *, at: datetime, answer: str) -> None:
        self.resolved_at, self.answer = at, answer

    @step(
        field=state,
        source=PENDING,
        target=A.OVERTURNED,
        permission=may_review_appeal,
        rule=Rule(
            *(_("撤销"), REDRESS, REVIEWER),
            records=("outcome", "measures", "days"),
            seals=("answer",),
        ),
    )
    def overturn(
        self,
        *,
        at: datetime,
        answer: str,
        outcome: str,
        measures: dict[str, str],
        days: int = 0,
    ) -> None:
        """The decision is replaced: its measures are lifted, those named placed."""
        self.resolved_at, self.answer = at, answer

    @step(
        field=state,
        source=PENDING,
        target=A.PARTLY,
        permission=may_review_appeal,
        rule=Rule(
            *(_("部分改变"), REDRESS, REVIEWER),
            records=("outcome", "measures", "days"),
            seals=("answer",),
        ),
    )
    def amend(
        self,
        *,
        at: datetime,
        answer: str,
        outcome: str,
        measures: dict[str, str],
        days: int = 0,
    ) -> None:
        """The decision is replaced by a milder or a stricter one."""
        self.resolved_at, self.answer = at, answer

    @step(
        field=state,
        source=PENDING,
        target=A.MENDED,
        conditions=[is_mended_and_compared],
        permission=may_review_appeal,
        rule=Rule(*(_("按修改后的文件恢复"), REDRESS, REVIEWER), seals=("answer",)),
    )
    def restore_mended(self, *, at: datetime, answer: str) -> None:
        """The decision was right; the mended file takes the place of the old one, and
        its document alone is free."""
        self.resolved_at, self.answer = at, answer

    @step(
        field=state,
        source=PENDING,
        target=A.INADMISSIBLE,
        permission=may_review_appeal,
        rule=Rule(_("不予受理"), REDRESS, REVIEWER, seals=("answer",)),
    )
    def dismiss(self, *, at: datetime, answer: str) -> None:
        self.resolved_at, self.answer = at, answer

    @step(
        field=state,
        source=PENDING,
        target=A.WITHDRAWN,
        permission=is_appellant,
        rule=Rule(_("撤回复议"), REDRESS, APPELLANT),
    )
    def withdraw(self, *, at: datetime) -> None:
        self.resolved_at = at
