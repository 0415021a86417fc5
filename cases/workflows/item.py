"""One listed document in a case: measures, answers and clocks run per document,
because each seller is served and answers on a day of their own.

pending → measured → final, or pending → no_measure
measured, final → counter_review ⇄ counter_deficient → waiting → restored
nearly everything → dropped; what a court does is judgment.py's

Steps of the uploader's come by way of their own paper: the counter-notice
(counter_notice.py) takes a step, and the document follows in the same transaction.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.errors import NotYetDue
from cases.permissions.desk import is_system
from cases.permissions.item import (
    answer_is_judged_here,
    answer_is_waited_upon,
    answer_restores_at_once,
    case_is_accepted,
    is_announced,
    is_examined_here,
    is_free_of_orders,
    is_frozen,
    is_not_announced,
    may_announce,
    may_decide,
    may_measure,
    may_withdraw,
)
from cases.workflows.rules import Rule, step


class ItemState(models.TextChoices):
    PENDING = "pending", _("待处理")
    MEASURED = "measured", _("已采取措施")
    NO_MEASURE = "no_measure", _("未采取措施")
    COUNTER_REVIEW = "counter_review", _("反通知审查中")
    COUNTER_DEFICIENT = "counter_deficient", _("反通知待补正")
    WAITING = "waiting", _("等待期")
    LITIGATING = "litigating", _("诉讼或投诉中")
    RESTORED = "restored", _("已恢复")
    FINAL = "final", _("处理确定")
    DROPPED = "dropped", _("已撤回投诉")


class Unreached(models.TextChoices):
    """Why a notice is announced instead of delivered (条例 15)."""

    UNKNOWN = "unknown", _("上传人的网络地址不明")
    FAILED = "failed", _("三日内各种方式均未送达")


S = ItemState
UNREACHED = timedelta(days=3)
TERMINAL = frozenset({S.NO_MEASURE, S.FINAL, S.RESTORED, S.DROPPED})
# A measure of this case stands on the document.
UNDER_MEASURE = (
    *(S.MEASURED, S.COUNTER_REVIEW, S.COUNTER_DEFICIENT),
    *(S.WAITING, S.LITIGATING, S.FINAL),
)


class Finding(models.TextChoices):
    """Why no measure is taken: a code, so that it can be counted and contested."""

    EVIDENCE = "evidence", _("初步证据不足")
    FAIR_USE = "fair_use", _("属于合理使用")
    NOT_PROTECTED = "not_protected", _("不受著作权法保护")
    LICENSED = "licensed", _("已获授权或权利用尽")
    LOCATION = "location", _("无法定位被投诉内容")
    BARRED = "barred", _("不得再次通知（条例第十七条）")


class ItemProcedure(models.Model):
    """The transitions of a case item; a longer waiting is extension.py's."""

    extension_asked_at: datetime | None

    state = FSMField(
        default=ItemState.PENDING,
        choices=ItemState.choices,
        protected=True,
    )
    measure = models.CharField(max_length=16, blank=True)
    finding = models.CharField(max_length=16, choices=Finding.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    restored_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @step(
        field=state,
        source=S.PENDING,
        target=S.MEASURED,
        conditions=[case_is_accepted, is_frozen],
        permission=may_measure,
        rule=Rule(
            label=_("采取措施并转送"),
            article=_("条例第十五条；民法典第一千一百九十五条"),
            actors=_(
                "审核员；通知列文档逾五十份或者所列收入达五万元的，高级审核员、法务"
            ),
            records=("measure",),
            seals=("reasoning",),
        ),
    )
    def measure_and_forward(
        self, *, at: datetime, measure: str, reasoning: str
    ) -> None:
        """Necessary measure and forwarding of the notice, in the same moment."""
        self.measure, self.decided_at = measure, at

    @step(
        field=state,
        source=S.PENDING,
        target=S.NO_MEASURE,
        conditions=[case_is_accepted],
        permission=may_decide,
        rule=Rule(
            label=_("不采取措施"),
            article=_("民法典第一千一百九十五条"),
            actors=_("审核员"),
            records=("finding",),
            seals=("reasoning",),
        ),
    )
    def assess_no_measure(self, *, at: datetime, finding: str, reasoning: str) -> None:
        """The preliminary evidence does not carry a measure; the notice is still
        forwarded, and the complainant is told why."""
        self.finding, self.decided_at = finding, at

    @step(
        field=state,
        source=S.MEASURED,
        target=None,
        conditions=[is_not_announced],
        permission=may_announce,
        rule=Rule(
            label=_("公告送达"),
            article=_("条例第十五条"),
            actors=_("系统；审核员，三日内送达不成的"),
            records=("ground",),
        ),
    )
    def announce(self, *, at: datetime, ground: str) -> None:
        """The uploader's address is not known, or nothing has reached it for three
        days: what the notice says is announced on the site instead."""
        known = self.document.seller.party_id is not None  # type: ignore[attr-defined]
        if known and (self.decided_at is None or at < self.decided_at + UNREACHED):
            raise NotYetDue
        self.announced_at = at

    @step(
        field=state,
        source=S.MEASURED,
        target=None,
        conditions=[is_announced],
        permission=is_system,
        rule=Rule(
            label=_("公告期满，视为送达"),
            article=_("条例第十五条；参照民事诉讼法第九十五条"),
            actors=_("系统"),
        ),
    )
    def deem_served(self, *, at: datetime) -> None:
        """The announcement has stood for its days: the window for an answer opens."""

    @step(
        field=state,
        source=S.MEASURED,
        target=S.FINAL,
        permission=is_system,
        rule=Rule(
            label=_("处理确定"),
            article=_("本站规则：答复期届满"),
            actors=_("系统"),
        ),
    )
    def finalise(self, *, at: datetime) -> None:
        """The window for an answer has ended without one."""
        self.final_at = at

    @step(
        field=state,
        source=[S.MEASURED, S.FINAL],
        target=S.COUNTER_REVIEW,
        permission=is_system,
        rule=Rule(
            label=_("收到反通知"),
            article=_("条例第十六条；民法典第一千一百九十六条"),
            actors=_("系统，随反通知提交"),
        ),
    )
    def receive_counter(self, *, at: datetime) -> None:
        """The law sets the uploader no term: an answer after the end is read too."""
        self.final_at = None

    @step(
        field=state,
        source=S.COUNTER_REVIEW,
        target=S.COUNTER_DEFICIENT,
        permission=is_system,
        rule=Rule(
            label=_("反通知待补正"),
            article=_("本站规则：补正一次"),
            actors=_("系统，随反通知补正通知"),
        ),
    )
    def await_counter(self, *, at: datetime) -> None:
        """The counter-notice lacks something."""

    @step(
        field=state,
        source=S.COUNTER_DEFICIENT,
        target=S.COUNTER_REVIEW,
        permission=is_system,
        rule=Rule(
            label=_("反通知已补正"),
            article=_("本站规则：补正一次"),
            actors=_("系统，随反通知补正"),
        ),
    )
    def resume_counter(self, *, at: datetime) -> None:
        """It has been supplied."""

    @step(
        field=state,
        source=[S.COUNTER_REVIEW, S.COUNTER_DEFICIENT],
        target=S.MEASURED,
        permission=is_system,
        rule=Rule(
            label=_("维持措施"),
            article=_("条例第十六条"),
            actors=_("系统，随反通知不予采纳或视为未提交"),
        ),
    )
    def keep_measure(self, *, at: datetime) -> None:
        """The counter-notice came to nothing; the window opens once more."""

    @step(
        field=state,
        source=S.COUNTER_REVIEW,
        target=S.WAITING,
        conditions=[answer_is_waited_upon],
        permission=is_system,
        rule=Rule(
            label=_("转送反通知"),
            article=_("民法典第一千一百九十六条；电子商务法第四十三条"),
            actors=_("系统，随反通知转送"),
        ),
    )
    def forward_counter(self, *, at: datetime, received_at: datetime) -> None:
        """The complainant is told of the right to complain or to sue; the waiting
        runs as the profile of the case says: from arrival, or from `received_at`,
        our own receipt of the counter-notice."""
        self.extension_asked_at = None

    @step(
        field=state,
        source=S.COUNTER_REVIEW,
        target=S.RESTORED,
        conditions=[answer_restores_at_once],
        permission=is_system,
        rule=Rule(
            label=_("立即恢复"),
            article=_("条例第十七条"),
            actors=_("系统，随反通知转送（条例规则）"),
        ),
    )
    def restore_at_once(self, *, at: datetime) -> None:
        """条例 17: restored on the uploader's statement, forwarded at the same time."""
        self.restored_at = at

    @step(
        field=state,
        source=S.COUNTER_REVIEW,
        target=S.RESTORED,
        permission=is_system,
        rule=Rule(
            label=_("改正后恢复"),
            article=_("法发〔2020〕32号第十条：措施与侵权相当"),
            actors=_("系统，随反通知改正"),
        ),
    )
    def restore_cured(self, *, at: datetime) -> None:
        """The passages are gone from the new version, which was compared again."""
        self.restored_at = at

    @step(
        field=state,
        source=S.COUNTER_REVIEW,
        target=S.RESTORED,
        conditions=[answer_is_judged_here],
        permission=is_system,
        rule=Rule(
            label=_("申诉成立后恢复"),
            article=_("欧盟《数字服务法》第20条第4款"),
            actors=_("系统，随申诉成立的决定"),
        ),
    )
    def restore_reversed(self, *, at: datetime) -> None:
        """Our own decision was changed on the uploader's complaint, without delay."""
        self.restored_at = at

    @step(
        field=state,
        source=S.WAITING,
        target=S.RESTORED,
        permission=is_system,
        rule=Rule(
            label=_("期满恢复"),
            article=_("民法典第一千一百九十六条；电子商务法第四十三条"),
            actors=_("系统"),
        ),
    )
    def restore(self, *, at: datetime) -> None:
        """Nothing came in time. Other cases keep their own restrictions.

        Whether a proceeding runs is not asked: one that is told of in time, or an
        order, ends the waiting in its own transaction, and one that was told of
        before ends it as it begins (following.py: _notified, _ordered, _told_before).
        Late ones stop nothing.
        """
        self.restored_at = at

    @step(
        field=state,
        source=S.PENDING,
        target=S.DROPPED,
        conditions=[is_examined_here],
        permission=may_withdraw,
        rule=Rule(
            label=_("撤下文档"),
            article=_("法发〔2020〕32号第六条：及时撤回"),
            actors=_("投诉人；系统，随撤回全案"),
            records=("ground",),
            seals=("reasoning",),
        ),
    )
    def drop(self, *, at: datetime, ground: str, reasoning: str) -> None:
        """Taken back before anything was decided: the uploader was never told."""

    @step(
        field=state,
        source=list(UNDER_MEASURE),
        target=S.DROPPED,
        conditions=[is_free_of_orders],
        permission=may_withdraw,
        rule=Rule(
            label=_("撤回投诉"),
            article=_("法发〔2020〕32号第六条：及时撤回"),
            actors=_("投诉人；系统，随撤回全案"),
            records=("ground",),
            seals=("reasoning",),
        ),
    )
    def withdraw(self, *, at: datetime, ground: str, reasoning: str) -> None:
        """The measure of this case is lifted; those of other cases stand."""
        self.restored_at = at
