"""诉讼、投诉、保全: what a complainant or a court has begun about documents of a case,
after 民法典 1196, 电子商务法 43 and 法释〔2020〕9号. The documents follow each step.

draft → notified ⇄ proved → verified → concluded; notified → unproven
proved → filed → proved or unproven: papers were handed in, no 立案 yet
draft → verified (an order of a court or an authority, entered by our own people)
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.permissions.desk import is_system
from cases.permissions.proceeding import (
    is_about_what_is_here,
    is_first_return,
    is_not_filed_yet,
    may_decide_in,
    may_file_in,
    may_rule_in,
)
from cases.workflows.rules import Rule, step


class ProceedingState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    NOTIFIED = "notified", _("已通知，待证明")
    PROVED = "proved", _("证明待核实")
    FILED = "filed", _("已提交，待立案")
    VERIFIED = "verified", _("已核实")
    UNPROVEN = "unproven", _("未证明")
    CONCLUDED = "concluded", _("已终结")


S = ProceedingState


class Outcome(models.TextChoices):
    """How a proceeding ended."""

    UPHELD = "upheld", _("裁判或决定确认侵权")
    DISMISSED = "dismissed", _("驳回请求")
    REFUSED = "refused", _("不予受理、驳回起诉或未立案")
    RETRACTED = "retracted", _("撤诉或撤回投诉")
    SETTLED = "settled", _("和解")
    ENDED = "ended", _("保全解除")


class ProceedingProcedure(models.Model):
    """The transitions of a proceeding."""

    state = FSMField(default=S.DRAFT, choices=S.choices, protected=True, db_index=True)
    # Of a court or an authority, whatever its kind: no party can take it back.
    is_order = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    returns = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @step(
        field=state,
        source=S.DRAFT,
        target=S.NOTIFIED,
        conditions=[is_about_what_is_here],
        permission=may_file_in,
        rule=Rule(
            label=_("通知已起诉或投诉"),
            article=_("民法典第一千一百九十六条；电子商务法第四十三条"),
            actors=_("投诉人"),
            records=("kind", "items", "timely"),
            seals=("particulars",),
        ),
    )
    def notify(
        self,
        *,
        at: datetime,
        kind: str,
        items: Sequence[int],
        timely: Sequence[int],
        particulars: str,
    ) -> None:
        """Our receipt of this notice, in time, stops the restoring; no certificate
        is asked for at this moment. A late one is received and changes nothing.

        timely: positions of the documents that it is in time for.
        """
        self.notified_at = at

    @step(
        field=state,
        source=[S.NOTIFIED, S.FILED],
        target=S.PROVED,
        permission=may_file_in,
        rule=Rule(
            label=_("提交起诉或投诉证明"),
            article=_("本站规则：证明期内"),
            actors=_("投诉人"),
            records=("exhibits",),
        ),
    )
    def prove(self, *, at: datetime, exhibits: Sequence[str]) -> None:
        """受理通知书、立案通知、缴费凭证 or 投诉受理单."""
        self.proved_at = at

    @step(
        field=state,
        source=S.PROVED,
        target=S.NOTIFIED,
        conditions=[is_first_return],
        permission=may_decide_in,
        rule=Rule(
            label=_("退回证明"),
            article=_("本站规则：证明期内"),
            actors=_("审核员"),
            seals=("reasoning",),
        ),
    )
    def return_proof(self, *, at: datetime, reasoning: str) -> None:
        """What was handed in does not show the proceeding; the term runs anew."""
        self.returns += 1

    @step(
        field=state,
        source=S.PROVED,
        target=S.FILED,
        conditions=[is_not_filed_yet],
        permission=may_decide_in,
        rule=Rule(
            label=_("确认已提交，待立案"),
            article=_("本站规则：六十日内未立案的，终止等待"),
            actors=_("审核员"),
        ),
    )
    def acknowledge(self, *, at: datetime, received_at: datetime | None = None) -> None:
        """The papers are with the court or the authority, which has not yet said
        that it takes them; once, for sixty days from `received_at`, when we had the
        proof. The measure stays so long."""
        self.filed_at = at

    @step(
        field=state,
        source=S.PROVED,
        target=S.VERIFIED,
        permission=may_decide_in,
        rule=Rule(
            label=_("核实证明"),
            article=_("民法典第一千一百九十六条"),
            actors=_("审核员"),
        ),
    )
    def verify(self, *, at: datetime) -> None:
        """The measure stays until the proceeding has come to its end."""
        self.verified_at = at

    @step(
        field=state,
        source=[S.NOTIFIED, S.FILED],
        target=S.UNPROVEN,
        permission=is_system,
        rule=Rule(
            label=_("逾期未证明"),
            article=_("本站规则：证明期届满，或者六十日内未立案"),
            actors=_("系统"),
        ),
    )
    def lapse(self, *, at: datetime) -> None:
        """No proof came within our term, or no 立案: what waited for it is restored."""
        self.concluded_at = at

    @step(
        field=state,
        source=S.PROVED,
        target=S.UNPROVEN,
        permission=may_rule_in,
        rule=Rule(
            label=_("认定未证明"),
            article=_("本站规则：证明期届满"),
            actors=_("法务"),
            seals=("reasoning",),
        ),
    )
    def refuse_proof(self, *, at: datetime, reasoning: str) -> None:
        """The proof shows no proceeding about these documents."""
        self.concluded_at = at

    @step(
        field=state,
        source=S.DRAFT,
        target=S.VERIFIED,
        conditions=[is_about_what_is_here],
        permission=may_rule_in,
        rule=Rule(
            label=_("登记保全裁定或行政决定"),
            article=_("法释〔2020〕9号第一条；著作权法第五十六条"),
            actors=_("法务"),
            records=("kind", "items", "measure"),
            seals=("particulars",),
        ),
    )
    def order(
        self,
        *,
        at: datetime,
        kind: str,
        items: Sequence[int],
        measure: str,
        particulars: str,
    ) -> None:
        """The paper of a court or an authority: carried out at once."""
        self.notified_at = self.verified_at = at
        self.is_order = True

    @step(
        field=state,
        source=[S.NOTIFIED, S.PROVED, S.FILED, S.VERIFIED],
        target=S.CONCLUDED,
        permission=may_rule_in,
        rule=Rule(
            label=_("登记终结"),
            article=_("法释〔2020〕9号第一条、第三条"),
            actors=_("法务"),
            records=("outcome",),
            seals=("reasoning",),
        ),
    )
    def conclude(self, *, at: datetime, outcome: str, reasoning: str) -> None:
        """After the document in force. Upheld makes a measure final, dismissed lifts
        it; all else restores only what waited for this proceeding."""
        self.outcome, self.concluded_at = outcome, at
