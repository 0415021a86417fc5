"""账号措施: what the points of a seller account lead to, after 电子商务法 36 and the
published ladder (cases/levels.py).

A warning and a stop of uploads begin with the decision that brought the points and end
by themselves; an account is closed by two people. Who bears it may contest it once.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.permissions.account import (
    begins_by_itself,
    closes_account,
    may_close_account,
    may_contest_account,
    may_review_account,
)
from cases.permissions.desk import is_system, is_uncontested
from cases.workflows.rules import Rule, step

HOUSE = _("电子商务法第三十六条；本站规则")
SELLER, SENIOR, SYSTEM = _("卖家"), _("高级审核员或法务"), _("系统")
OTHER = _("未参与此前决定的高级审核员或法务")


class AccountState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已有一人批准")
    IN_FORCE = "in_force", _("执行中")
    CONTESTED = "contested", _("异议审查中")
    ENDED = "ended", _("期满")
    DECLINED = "declined", _("未批准")
    LIFTED = "lifted", _("已解除")
    VOID = "void", _("已撤销")


A = AccountState
STANDING = (A.IN_FORCE, A.CONTESTED)
UNDECIDED = (A.PROPOSED, A.APPROVED)


class AccountProcedure(models.Model):
    """The transitions of one measure on one seller account."""

    state = FSMField(
        default=A.PROPOSED, choices=A.choices, protected=True, db_index=True
    )
    begun_at = models.DateTimeField(null=True, blank=True)
    # None while it stands until somebody lifts it.
    ends_at = models.DateTimeField(null=True, blank=True)
    # Until then what is handed in waits for a person.
    watched_until = models.DateTimeField(null=True, blank=True)
    contested_at = models.DateTimeField(null=True, blank=True)
    statement = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)

    class Meta:
        abstract = True

    @step(
        field=state,
        source=A.PROPOSED,
        target=A.IN_FORCE,
        conditions=[begins_by_itself],
        permission=is_system,
        rule=Rule(_("执行"), HOUSE, SYSTEM, records=("level", "days", "watched")),
    )
    def begin(self, *, at: datetime, level: int, days: int, watched: int) -> None:
        """days: until it ends; watched: so many days more what is handed in is read
        by a person before it is published."""
        self.begun_at, self.ends_at = at, at + timedelta(days=days)
        watching = timedelta(days=watched)
        self.watched_until = self.ends_at + watching if watched else None

    @step(
        field=state,
        source=A.PROPOSED,
        target=A.APPROVED,
        conditions=[closes_account],
        permission=may_close_account,
        rule=Rule(_("批准关闭"), HOUSE, SENIOR, seals=("reasoning",)),
    )
    def approve(self, *, at: datetime, reasoning: str) -> None:
        """The first of two."""
        self.reasoning = reasoning

    @step(
        field=state,
        source=A.APPROVED,
        target=A.IN_FORCE,
        permission=may_close_account,
        rule=Rule(_("关闭账号"), HOUSE, OTHER, seals=("reasoning",)),
    )
    def close(self, *, at: datetime, reasoning: str) -> None:
        """The second, who is not the first; it stands until somebody lifts it."""
        self.begun_at, self.reasoning = at, reasoning

    @step(
        field=state,
        source=UNDECIDED,
        target=A.DECLINED,
        conditions=[closes_account],
        permission=may_close_account,
        rule=Rule(_("不关闭"), HOUSE, SENIOR, seals=("reasoning",)),
    )
    def decline(self, *, at: datetime, reasoning: str) -> None:
        self.reasoning = reasoning

    @step(
        field=state,
        source=A.IN_FORCE,
        target=A.CONTESTED,
        conditions=[is_uncontested],
        permission=may_contest_account,
        rule=Rule(_("提出异议"), HOUSE, SELLER, seals=("statement",)),
    )
    def contest(self, *, at: datetime, statement: str) -> None:
        """Once, while it stands; it stands on while it is looked at."""
        self.contested_at, self.statement = at, statement

    @step(
        field=state,
        source=A.CONTESTED,
        target=A.IN_FORCE,
        permission=may_review_account,
        rule=Rule(_("维持"), HOUSE, OTHER, seals=("reasoning",)),
    )
    def uphold(self, *, at: datetime, reasoning: str) -> None:
        self.reasoning = reasoning

    @step(
        field=state,
        source=STANDING,
        target=A.LIFTED,
        permission=may_review_account,
        rule=Rule(_("解除"), HOUSE, OTHER, seals=("reasoning",)),
    )
    def lift(self, *, at: datetime, reasoning: str) -> None:
        """On an objection, or because it is no longer called for."""
        self.reasoning, self.ends_at, self.watched_until = reasoning, at, at

    @step(
        field=state,
        source=STANDING,
        target=A.ENDED,
        conditions=[begins_by_itself],
        permission=is_system,
        rule=Rule(_("期满"), HOUSE, SYSTEM),
    )
    def expire(self, *, at: datetime) -> None:
        """The days are over."""

    @step(
        field=state,
        source=(*UNDECIDED, *STANDING),
        target=A.VOID,
        permission=is_system,
        rule=Rule(_("撤销"), HOUSE, SYSTEM),
    )
    def void(self, *, at: datetime) -> None:
        """The points that it rested on are gone: a decision was overturned."""
        self.ends_at = self.watched_until = at
