"""延长等待期 (法释〔2020〕9号 三): the complainant asks with proof, legal answers.
Steps of a document that waits (item.py); its state stays as it is.

waiting: ask_extension → extend or refuse_extension; legal can extend unasked. A
waiting that runs out first restores: the request stays unanswered (期满未决).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import ExtensionTooShort, IncompletePaper
from cases.permissions.item import (
    an_extension_is_asked,
    may_be_extended,
    may_file_on_item,
    may_rule_item,
    no_extension_is_asked,
)
from cases.workflows.item import ItemState
from cases.workflows.rules import Rule, step

S = ItemState


class Delay(models.TextChoices):
    """What keeps a complainant from suing in time (法释〔2020〕9号 三)."""

    NOTARISATION = "notarisation", _("公证")
    AUTHENTICATION = "authentication", _("认证")


class ExtensionProcedure(models.Model):
    """The transitions by which a waiting is made longer."""

    # When the complainant asked for it, until legal has answered.
    extension_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @step(
        field="state",
        source=S.WAITING,
        target=None,
        conditions=[may_be_extended, no_extension_is_asked],
        permission=may_file_on_item,
        rule=Rule(
            label=_("申请延长等待期"),
            article=_("法释〔2020〕9号第三条"),
            actors=_("投诉人"),
            records=("days", "ground", "exhibits"),
            seals=("reasoning",),
        ),
    )
    def ask_extension(
        self,
        *,
        at: datetime,
        days: int,
        ground: str,
        exhibits: Sequence[str],
        reasoning: str,
    ) -> None:
        """Asked with proof that the delay is beyond the complainant's control; the
        waiting runs on until legal has granted it.

        exhibits: SHA-256 of each file as it was received.
        """
        _ask_for_days(days)
        _ask_for_proof(exhibits)
        self.extension_asked_at = at

    @step(
        field="state",
        source=S.WAITING,
        target=None,
        conditions=[may_be_extended],
        permission=may_rule_item,
        rule=Rule(
            label=_("延长等待期"),
            article=_("法释〔2020〕9号第三条"),
            actors=_("法务"),
            records=("days", "ground", "exhibits"),
            seals=("reasoning",),
        ),
    )
    def extend(
        self,
        *,
        at: datetime,
        days: int,
        ground: str,
        exhibits: Sequence[str],
        reasoning: str,
    ) -> None:
        """Delay by notarisation or authentication that is proved is not counted, up to
        the 工作日 that the term of the waiting allows (cases/terms.py)."""
        _ask_for_days(days)
        _ask_for_proof(exhibits)
        self.extension_asked_at = None

    @step(
        field="state",
        source=S.WAITING,
        target=None,
        conditions=[an_extension_is_asked],
        permission=may_rule_item,
        rule=Rule(
            label=_("不予延长等待期"),
            article=_("法释〔2020〕9号第三条"),
            actors=_("法务"),
            seals=("reasoning",),
        ),
    )
    def refuse_extension(self, *, at: datetime, reasoning: str) -> None:
        """The proof shows no delay beyond the complainant's control."""
        self.extension_asked_at = None


def _ask_for_days(days: int) -> None:
    if days < 1:
        raise ExtensionTooShort


def _ask_for_proof(exhibits: Sequence[str]) -> None:
    if not exhibits:
        raise IncompletePaper([_("公证、认证等事由的证明")])
