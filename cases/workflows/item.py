"""One listed document in a case: measures, answers and clocks run per document,
because each seller is served and answers on a day of their own.

pending → measured → final, or pending → no_measure
"""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases import permissions
from cases.workflows.rules import Rule, step


class ItemState(models.TextChoices):
    PENDING = "pending", _("待处理")
    MEASURED = "measured", _("已采取措施")
    NO_MEASURE = "no_measure", _("未采取措施")
    FINAL = "final", _("处理确定")


TERMINAL = frozenset({ItemState.NO_MEASURE, ItemState.FINAL})


class Finding(models.TextChoices):
    """Why no measure is taken: a code, so that it can be counted and contested."""

    EVIDENCE = "evidence", _("初步证据不足")
    FAIR_USE = "fair_use", _("属于合理使用")
    NOT_PROTECTED = "not_protected", _("不受著作权法保护")
    LICENSED = "licensed", _("已获授权或权利用尽")
    LOCATION = "location", _("无法定位被投诉内容")


class ItemProcedure(models.Model):
    """The transitions of a case item."""

    state = FSMField(
        default=ItemState.PENDING,
        choices=ItemState.choices,
        protected=True,
        db_index=True,
    )
    measure = models.CharField(max_length=16, blank=True)
    finding = models.CharField(max_length=16, choices=Finding.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @step(
        field=state,
        source=ItemState.PENDING,
        target=ItemState.MEASURED,
        conditions=[permissions.case_is_accepted],
        permission=permissions.may_decide,
        rule=Rule(
            label=_("采取措施并转送"),
            article=_("条例第十五条；民法典第一千一百九十五条"),
            actors=_("审核员"),
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
        source=ItemState.PENDING,
        target=ItemState.NO_MEASURE,
        conditions=[permissions.case_is_accepted],
        permission=permissions.may_decide,
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
        source=ItemState.MEASURED,
        target=ItemState.FINAL,
        permission=permissions.is_system,
        rule=Rule(
            label=_("处理确定"),
            article=_("本站规则：答复期届满"),
            actors=_("系统"),
        ),
    )
    def finalise(self, *, at: datetime) -> None:
        """The window for an answer has ended without one."""
        self.final_at = at
