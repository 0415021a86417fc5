"""反通知（不侵权声明）: the uploader's answer about one document, after 条例 16–17 and
民法典 1196. The document follows each step (item.py, `cases/following.py`).

draft → filed ⇄ deficient; filed → forwarded, cured or rejected; deficient → lapsed
filed → reversed, where the answer is a complaint about our decision (DSA 20)
filed, deficient → moot, when nothing is left to answer
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.errors import CaseMovedOn, NotForUsToJudge
from cases.likeness import permille_left
from cases.permissions.counter_notice import (
    claim_is_not_upheld,
    is_answer_to_complainant,
    is_compared_again,
    is_first_round,
    is_internal_complaint,
    item_takes_counter,
    may_answer,
    may_decide_counter,
    may_review_counter,
    may_rule_counter,
)
from cases.permissions.desk import is_system
from cases.workflows.rules import Rule, step


class CounterState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    FILED = "filed", _("待审查")
    DEFICIENT = "deficient", _("待补正")
    FORWARDED = "forwarded", _("已转送")
    CURED = "cured", _("已改正")
    REVERSED = "reversed", _("申诉成立")
    REJECTED = "rejected", _("不予采纳")
    LAPSED = "lapsed", _("视为未提交")
    MOOT = "moot", _("已无必要")


S = CounterState
OPEN = (S.FILED, S.DEFICIENT)


class Ground(models.TextChoices):
    """Why the uploader says that there is no infringement."""

    OWN = "own", _("自有原创")
    LICENSED = "licensed", _("已获授权")
    NO_RIGHT = "no_right", _("投诉人无权")
    NOT_PROTECTED = "not_protected", _("不受保护（法律、公文、通用表格、事实）")
    PUBLIC_DOMAIN = "public_domain", _("保护期已满")
    FAIR_USE = "fair_use", _("合理使用")
    STATUTORY = "statutory", _("法定许可")
    DIFFERENT = "different", _("比对错误，并非同一作品")
    REMOVED = "removed", _("已删除涉案部分（附新版）")
    OTHER = "other", _("其他")


class CounterDefect(models.TextChoices):
    """What a counter-notice can lack (条例 16)."""

    C01 = "C01", _("身份或联系方式不明")
    C02 = "C02", _("未写明要求恢复的文档")
    C03 = "C03", _("没有不构成侵权的初步证据")
    C04 = "C04", _("未签名")
    C05 = "C05", _("缺少声明")
    C06 = "C06", _("文件无法打开")


class CounterRefusal(models.TextChoices):
    """Why a counter-notice is not passed on (法发〔2020〕32号 8)."""

    FORGED = "forged", _("材料伪造、变造")
    BLANK = "blank", _("没有实质内容")
    DECIDED = "decided", _("已有生效裁判或行政决定认定侵权")
    # DSA 20(4) alone: elsewhere whether it is true is not for us to judge.
    UNFOUNDED = "unfounded", _("申诉理由不足以改变原决定")


class CounterNoticeProcedure(models.Model):
    """The transitions of a counter-notice."""

    state = FSMField(default=S.DRAFT, choices=S.choices, protected=True, db_index=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    # When we had all that the law asks of it: filed, or what it lacked supplied.
    completed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    cure_rounds = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @step(
        field=state,
        source=S.DRAFT,
        target=S.FILED,
        conditions=[item_takes_counter],
        permission=may_answer,
        rule=Rule(
            label=_("提交反通知"),
            article=_("条例第十六条；民法典第一千一百九十六条"),
            actors=_("上传人"),
            records=("ground", "exhibits", "amended"),
            seals=("explanation",),
        ),
    )
    def file(
        self,
        *,
        at: datetime,
        ground: str,
        explanation: str,
        exhibits: Sequence[str],
        amended: str = "",
    ) -> None:
        """Reasons, identity, preliminary proof, declarations and signature are in."""
        self.filed_at = self.completed_at = at

    @step(
        field=state,
        source=S.FILED,
        target=S.DEFICIENT,
        conditions=[is_first_round],
        permission=may_decide_counter,
        rule=Rule(
            label=_("通知补正"),
            article=_("条例第十六条"),
            actors=_("审核员"),
            records=("codes",),
            seals=("defects",),
        ),
    )
    def find_defects(
        self, *, at: datetime, codes: Sequence[str], defects: Mapping[str, str]
    ) -> None:
        """One round: each defect by its code, with the fact that it consists of."""
        self.cure_rounds += 1

    @step(
        field=state,
        source=S.DEFICIENT,
        target=S.FILED,
        permission=may_answer,
        rule=Rule(
            label=_("补正"),
            article=_("本站规则：补正期内"),
            actors=_("上传人"),
            records=("codes", "exhibits", "amended"),
            seals=("answers",),
        ),
    )
    def cure(
        self,
        *,
        at: datetime,
        codes: Sequence[str],
        answers: Mapping[str, str],
        exhibits: Sequence[str],
        amended: str = "",
    ) -> None:
        """What was missing has been supplied: what we received is a counter-notice
        from now on only (512(g)(3))."""
        self.completed_at = at

    @step(
        field=state,
        source=S.DEFICIENT,
        target=S.LAPSED,
        permission=is_system,
        rule=Rule(
            label=_("视为未提交"),
            article=_("本站规则：补正期届满"),
            actors=_("系统"),
        ),
    )
    def lapse(self, *, at: datetime) -> None:
        """The term for the cure has run out; another one may be filed."""
        self.settled_at = at

    @step(
        field=state,
        source=S.FILED,
        target=S.FORWARDED,
        conditions=[is_answer_to_complainant, claim_is_not_upheld],
        permission=may_decide_counter,
        rule=Rule(
            label=_("转送反通知"),
            article=_("条例第十七条；民法典第一千一百九十六条；电子商务法第四十三条"),
            actors=_("审核员"),
        ),
    )
    def forward(self, *, at: datetime) -> None:
        """Complete in form: the complainant is told of the right to complain or to
        sue. Whether it is true is not for us to judge."""
        self.settled_at = at

    @step(
        field=state,
        source=S.FILED,
        target=S.CURED,
        conditions=[is_compared_again],
        permission=may_decide_counter,
        rule=Rule(
            label=_("确认已改正并恢复"),
            article=_("法发〔2020〕32号第十条：措施与侵权相当"),
            actors=_("审核员"),
            records=("containment_permille",),
            seals=("reasoning",),
        ),
    )
    def accept_cure(
        self, *, at: datetime, containment_permille: int, reasoning: str
    ) -> None:
        """The new version was compared with the work and takes the old one's place.

        containment_permille: how much of the work it still holds. CaseMovedOn where
        that is not what the newest comparison says.
        """
        if containment_permille != permille_left(self):  # type: ignore[arg-type]
            raise CaseMovedOn
        self.settled_at = at

    @step(
        field=state,
        source=S.FILED,
        target=S.REVERSED,
        conditions=[is_internal_complaint, claim_is_not_upheld],
        permission=may_review_counter,
        rule=Rule(
            label=_("申诉成立，撤销措施"),
            article=_("欧盟《数字服务法》第20条第4款至第6款"),
            actors=_("未作原决定的审核员"),
            seals=("reasoning",),
        ),
    )
    def reverse(self, *, at: datetime, reasoning: str) -> None:
        """The complaint gives sufficient grounds: decided by a person who did not
        take the measure, and both sides are told why."""
        self.settled_at = at

    @step(
        field=state,
        source=S.FILED,
        target=S.REJECTED,
        permission=may_rule_counter,
        rule=Rule(
            label=_("不予采纳"),
            article=_("条例第十六条；法发〔2020〕32号第八条"),
            actors=_("法务"),
            records=("refusal",),
            seals=("reasoning",),
        ),
    )
    def reject(self, *, at: datetime, refusal: str, reasoning: str) -> None:
        """Forged, blank, or against a judgment in force; reasons and redress told."""
        judged = is_internal_complaint(self)  # type: ignore[arg-type]
        if refusal == CounterRefusal.UNFOUNDED and not judged:
            raise NotForUsToJudge
        self.settled_at = at

    @step(
        field=state,
        source=[S.FILED, S.DEFICIENT],
        target=S.MOOT,
        permission=is_system,
        rule=Rule(
            label=_("反通知终止"),
            article=_("本站规则：投诉已撤回或已有裁定"),
            actors=_("系统，随撤回投诉或保全裁定"),
        ),
    )
    def moot(self, *, at: datetime) -> None:
        """The complaint was withdrawn, or a court has taken the matter over."""
        self.settled_at = at
