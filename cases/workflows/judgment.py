"""诉讼、保全的效力: what a suit, a judgment or an order makes of a document, after
民法典 1195, 1196 and 法释〔2020〕9号. Steps of a document (item.py), all of them the
system's: each follows a step of the proceeding (proceeding.py).

waiting → litigating → restored or final; any state → litigating (an order) → back
measured, answered or final → restored (dismissed) or final (upheld)
"""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.permissions.desk import is_system
from cases.permissions.item import (
    claim_is_dismissed,
    had_our_measure,
    is_examined_here,
    is_free_of_orders,
    is_frozen,
    no_proceeding_runs,
    was_final,
    was_under_measure,
)
from cases.workflows.item import ItemProcedure, ItemState
from cases.workflows.rules import Rule, step

S = ItemState
# A measure of ours stands, and nothing else says yet how it ends.
OPEN = (S.MEASURED, S.COUNTER_REVIEW, S.COUNTER_DEFICIENT, S.WAITING)


class JudgmentProcedure(ItemProcedure):
    """The transitions of a document that a court or an authority is asked about."""

    # What the proceedings found: our own measure, once they come to nothing, is as it
    # was before an order; what waited for a suit is restored.
    before_order = models.CharField(max_length=20, blank=True)
    measure_before_order = models.CharField(max_length=16, blank=True)

    class Meta:
        abstract = True

    @step(
        field="state",
        source=S.WAITING,
        target=S.LITIGATING,
        permission=is_system,
        rule=Rule(
            label=_("收到起诉或投诉通知"),
            article=_("民法典第一千一百九十六条；电子商务法第四十三条"),
            actors=_("系统，随投诉人的及时通知"),
        ),
    )
    def await_outcome(self, *, at: datetime) -> None:
        """We received, in time, the notice that the complainant has complained or
        sued: that alone stops the restoring. Proof is asked for afterwards."""
        self.before_order, self.measure_before_order = S.WAITING, self.measure

    @step(
        field="state",
        source=S.FINAL,
        target=None,
        permission=is_system,
        rule=Rule(
            label=_("确定后收到起诉或投诉通知"),
            article=_("本站规则：收益暂存至程序终结"),
            actors=_("系统，随投诉人的通知"),
        ),
    )
    def await_judgment(self, *, at: datetime) -> None:
        """The measure stands as it did; the case is open and the income held until
        the court or the authority has spoken."""

    @step(
        field="state",
        source=S.LITIGATING,
        target=S.RESTORED,
        conditions=[no_proceeding_runs],
        permission=is_system,
        rule=Rule(
            label=_("程序终结后恢复"),
            article=_("法释〔2020〕9号第三条"),
            actors=_("系统，随诉讼、投诉终结或未证明"),
        ),
    )
    def restore_after_proceeding(self, *, at: datetime) -> None:
        """Dismissed, withdrawn, refused, or never proved."""
        self.restored_at = at

    @step(
        field="state",
        source=[*OPEN, S.FINAL],
        target=S.RESTORED,
        conditions=[no_proceeding_runs, claim_is_dismissed],
        permission=is_system,
        rule=Rule(
            label=_("请求被驳回后恢复"),
            article=_("民法典第一千一百九十五条；法释〔2020〕9号第三条"),
            actors=_("系统，随驳回请求的生效裁判或决定"),
        ),
    )
    def restore_dismissed(self, *, at: datetime) -> None:
        """A judgment or decision in force denies the infringement, whether or not
        the uploader ever answered."""
        self.restored_at, self.final_at = at, None

    @step(
        field="state",
        source=[*OPEN, S.LITIGATING],
        target=S.FINAL,
        permission=is_system,
        rule=Rule(
            label=_("裁判确认侵权"),
            article=_("民法典第一千一百九十五条"),
            actors=_("系统，随生效裁判或决定"),
        ),
    )
    def confirm(self, *, at: datetime) -> None:
        """A judgment or decision in force upholds the claim, answered or not."""
        self.final_at = at

    @step(
        field="state",
        source=S.FINAL,
        target=None,
        conditions=[no_proceeding_runs],
        permission=is_system,
        rule=Rule(
            label=_("程序终结，处理仍为确定"),
            article=_("民法典第一千一百九十五条；本站规则：答复期届满"),
            actors=_("系统，随诉讼、投诉终结或未证明"),
        ),
    )
    def stay_final(self, *, at: datetime) -> None:
        """Upheld, or ended without a word on the claim: the measure never rested on
        the proceeding, but on a notice that nobody answered."""

    @step(
        field="state",
        source=[
            *(S.PENDING, S.MEASURED, S.NO_MEASURE, S.COUNTER_REVIEW),
            *(S.COUNTER_DEFICIENT, S.WAITING, S.LITIGATING),
            *(S.RESTORED, S.FINAL, S.DROPPED),
        ],
        target=S.LITIGATING,
        conditions=[is_frozen, is_examined_here],
        permission=is_system,
        rule=Rule(
            label=_("执行保全裁定"),
            article=_("法释〔2020〕9号第一条；著作权法第五十六条"),
            actors=_("系统，随保全裁定或行政决定"),
            records=("measure",),
        ),
    )
    def obey_order(self, *, at: datetime, measure: str) -> None:
        """An order of a court or an authority is carried out at once, whatever has
        become of the notice: all it needs is the evidence (I4)."""
        if self.state != S.LITIGATING:
            self.before_order, self.measure_before_order = self.state, self.measure
        self.measure = measure
        self.restored_at = self.final_at = None

    @step(
        field="state",
        source=S.LITIGATING,
        target=None,
        conditions=[is_free_of_orders, had_our_measure],
        permission=is_system,
        rule=Rule(
            label=_("命令终结，诉讼或投诉仍在进行"),
            article=_("法释〔2020〕9号第一条"),
            actors=_("系统，随保全解除"),
            records=("measure",),
        ),
    )
    def outlast_order(self, *, at: datetime, measure: str) -> None:
        """The order is over and a suit is not: of the two only our own measure, that
        stood before the order, is left to be kept."""
        self.measure = measure

    @step(
        field="state",
        source=S.LITIGATING,
        target=S.MEASURED,
        conditions=[no_proceeding_runs, was_under_measure],
        permission=is_system,
        rule=Rule(
            label=_("程序终结，恢复命令之前的措施"),
            article=_("法释〔2020〕9号第一条；条例第十五条"),
            actors=_("系统，随保全解除，或者诉讼、投诉终结或未证明"),
        ),
    )
    def reinstate(self, *, at: datetime) -> None:
        """Our own measure stands as before the order, also where a suit that kept it
        after the order came to nothing; what was answered before the order is moot, so
        the window for an answer opens once more. So does the way to announce it: the
        order cut off what had been announced before."""
        self.measure, self.announced_at = self.measure_before_order, None

    @step(
        field="state",
        source=S.LITIGATING,
        target=S.FINAL,
        conditions=[no_proceeding_runs, was_final],
        permission=is_system,
        rule=Rule(
            label=_("程序终结，恢复命令之前的确定处理"),
            article=_("法释〔2020〕9号第一条；本站规则：答复期届满"),
            actors=_("系统，随保全解除，或者诉讼、投诉终结或未证明"),
        ),
    )
    def reinstate_final(self, *, at: datetime) -> None:
        """What was final before the order is final after it."""
        self.measure, self.final_at = self.measure_before_order, at
