"""发布审核: what becomes of a file that a seller hands in before it is on sale.

received → screened → cleared | held | refused, and from there to a listing or back.
The system alone screens; what its findings lead to is compliance's policy
(cases/gate/policy.py), and a refusal by policy is open to contest.
"""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.permissions.desk import is_system, is_uncontested
from cases.permissions.submission import may_answer_for, may_review, policy_may_refuse
from cases.workflows.rules import Rule, step


class SubmissionState(models.TextChoices):
    RECEIVED = "received", _("已接收")
    SCREENED = "screened", _("已比对")
    CLEARED = "cleared", _("可发布")
    HELD = "held", _("待人工")
    REFUSED = "refused", _("未通过")
    UNREADABLE = "unreadable", _("无法读取")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


class Ground(models.TextChoices):
    """Why a person does not let a file pass: a code, so that it can be counted."""

    COPIED = "copied", _("与他人的作品或文档有实质相同的内容")
    REMOVED = "removed", _("与已下架的文档相同或实质相同")
    UNVERIFIED = "unverified", _("内容无法核对")
    UNLAWFUL = "unlawful", _("含有法律法规禁止发布的内容")


CONTRACT = _("电子商务法第三十八条、第四十五条；本站发布规则")
OWN_RULE = _("本站发布规则")


class SubmissionProcedure(models.Model):
    """The transitions of a submission."""

    state = FSMField(
        default=SubmissionState.RECEIVED,
        choices=SubmissionState.choices,
        protected=True,
        db_index=True,
    )
    ground = models.CharField(max_length=16, choices=Ground.choices, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    contested_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @step(
        field=state,
        source=SubmissionState.RECEIVED,
        target=SubmissionState.SCREENED,
        permission=is_system,
        rule=Rule(
            label=_("比对完成"),
            article=OWN_RULE,
            actors=_("系统"),
            records=("findings", "parameters"),
        ),
    )
    def screen(self, *, at: datetime, findings: int, parameters: str) -> None:
        """The text was read and compared with everything held."""
        self.screened_at = at

    @step(
        field=state,
        source=SubmissionState.RECEIVED,
        target=SubmissionState.UNREADABLE,
        permission=is_system,
        rule=Rule(
            label=_("不能读取"),
            article=OWN_RULE,
            actors=_("系统"),
            records=("code",),
        ),
    )
    def turn_away(self, *, at: datetime, code: str) -> None:
        """The file was refused before it was read; nothing is said of its content."""
        self.ended_at = at

    @step(
        field=state,
        source=SubmissionState.SCREENED,
        target=SubmissionState.CLEARED,
        permission=is_system,
        rule=Rule(
            label=_("比对通过"),
            article=OWN_RULE,
            actors=_("系统"),
            records=("rule",),
        ),
    )
    def clear(self, *, at: datetime, rule: str) -> None:
        """Nothing was found that the policy wants a person to see."""
        self.decided_at = at

    @step(
        field=state,
        source=SubmissionState.SCREENED,
        target=SubmissionState.HELD,
        permission=is_system,
        rule=Rule(
            label=_("转人工审核"),
            article=OWN_RULE,
            actors=_("系统"),
            records=("rule",),
        ),
    )
    def hold(self, *, at: datetime, rule: str) -> None:
        """A resemblance is a lead: a person decides."""

    @step(
        field=state,
        source=SubmissionState.SCREENED,
        target=SubmissionState.REFUSED,
        conditions=[policy_may_refuse],
        permission=is_system,
        rule=Rule(
            label=_("按规则不予通过"),
            article=CONTRACT,
            actors=_("系统"),
            records=("rule",),
        ),
    )
    def refuse_by_policy(self, *, at: datetime, rule: str) -> None:
        """The very text of a document that was finally taken down, nothing less."""
        self.ground, self.decided_at = Ground.REMOVED, at

    @step(
        field=state,
        source=SubmissionState.HELD,
        target=SubmissionState.CLEARED,
        permission=may_review,
        rule=Rule(
            label=_("准予发布"),
            article=OWN_RULE,
            actors=_("审核员"),
            seals=("reasoning",),
        ),
    )
    def release(self, *, at: datetime, reasoning: str) -> None:
        """A person has looked and lets it pass."""
        self.ground, self.decided_at = "", at

    @step(
        field=state,
        source=SubmissionState.HELD,
        target=SubmissionState.REFUSED,
        permission=may_review,
        rule=Rule(
            label=_("不予通过"),
            article=CONTRACT,
            actors=_("审核员"),
            records=("ground",),
            seals=("reasoning",),
        ),
    )
    def refuse(self, *, at: datetime, ground: str, reasoning: str) -> None:
        """A person has looked and says why it may not be on sale here."""
        self.ground, self.decided_at = ground, at

    @step(
        field=state,
        source=SubmissionState.REFUSED,
        target=SubmissionState.HELD,
        conditions=[is_uncontested],
        permission=may_answer_for,
        rule=Rule(
            label=_("申请人工复核"),
            article=_("个人信息保护法第二十四条；本站发布规则"),
            actors=_("卖家"),
            seals=("reasoning",),
        ),
    )
    def contest(self, *, at: datetime, reasoning: str) -> None:
        """Once, and then somebody decides who has not decided on it before."""
        self.contested_at = at

    @step(
        field=state,
        source=SubmissionState.CLEARED,
        target=SubmissionState.PUBLISHED,
        permission=may_answer_for,
        rule=Rule(
            label=_("发布"),
            article=OWN_RULE,
            actors=_("卖家"),
            records=("document", "document_version"),
        ),
    )
    def publish(self, *, at: datetime, document: str, document_version: int) -> None:
        """The file is a version of a listing from now on."""
        self.ended_at = at

    @step(
        field=state,
        source=SubmissionState.CLEARED,
        target=SubmissionState.HELD,
        permission=is_system,
        rule=Rule(
            label=_("发布前转人工审核"),
            article=OWN_RULE,
            actors=_("系统"),
            records=("rule",),
        ),
    )
    def recall(self, *, at: datetime, rule: str) -> None:
        """Between clearing and publishing a work or a removal came that it is like."""

    @step(
        field=state,
        source=[
            SubmissionState.CLEARED,
            SubmissionState.HELD,
            SubmissionState.REFUSED,
        ],
        target=SubmissionState.WITHDRAWN,
        permission=may_answer_for,
        rule=Rule(label=_("撤回"), article=OWN_RULE, actors=_("卖家")),
    )
    def withdraw(self, *, at: datetime) -> None:
        """The seller does not want it published any more; our record stays."""
        self.ended_at = at
