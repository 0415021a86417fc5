"""并案: a notice is taken into another one of the same complainant, and taken out again
(docs/adr/0030). Steps of a copyright case (copyright.py); what they do to its rows is
in cases/joining.py.

submitted, accepted → merge → merged → unmerge → as it was; the case that takes in:
take_in, give_back, its state stays as it is.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.permissions.copyright import (
    TAKES_IN,
    has_taken_in_none,
    is_before_any_measure,
    is_not_held,
    may_come_apart,
    may_examine_notice,
    was_accepted,
    was_not_accepted,
)
from cases.permissions.desk import is_senior, is_system
from cases.workflows.copyright import CaseState
from cases.workflows.rules import Rule, step

S = CaseState
MERGER = _("本站规则：同一投诉人就同一文档的投诉并案处理")


class MergerProcedure(models.Model):
    """The transitions by which two notices are examined as one."""

    closed_at: datetime | None
    listed_items: int
    listed_cents: int
    merged_into_id: int | None

    class Meta:
        abstract = True

    @step(
        field="state",
        source=[S.SUBMITTED, S.ACCEPTED],
        target=S.MERGED,
        conditions=[is_before_any_measure, is_not_held, has_taken_in_none],
        permission=may_examine_notice,
        rule=Rule(
            label=_("并案"),
            article=MERGER,
            actors=_("审核员"),
            records=("into",),
        ),
    )
    def merge(self, *, at: datetime, into: int) -> None:
        """Its documents are examined in another case of the same complainant, under
        the earlier of the clocks (cases/merging.py)."""
        self.merged_into_id, self.closed_at = into, at

    @step(
        field="state",
        source=list(TAKES_IN),
        target=None,
        permission=is_system,
        rule=Rule(
            label=_("并入"),
            article=MERGER,
            actors=_("系统，随并案"),
            records=("merged", "moved", "folded"),
        ),
    )
    def take_in(
        self,
        *,
        at: datetime,
        merged: int,
        moved: Sequence[Sequence[int]],
        folded: Sequence[Sequence[int]],
        listed: tuple[int, int],
    ) -> None:
        """The documents of the case `merged` have come.

        moved: of each, its id, its position there and its position here. folded: of
        each that is named here as well, its id and the id of the one here. listed:
        documents and cents of the notice that came: the whole weighs what both do.
        """
        items, cents = listed
        self.listed_items += items
        self.listed_cents += cents

    @step(
        field="state",
        source=S.MERGED,
        target=S.SUBMITTED,
        conditions=[was_not_accepted, may_come_apart],
        permission=is_senior,
        rule=Rule(
            label=_("撤销并案"),
            article=MERGER,
            actors=_("高级审核员、法务"),
        ),
    )
    def unmerge(self, *, at: datetime) -> None:
        """The two are examined apart after all, from where this one stood."""
        self.merged_into_id = self.closed_at = None

    @step(
        field="state",
        source=S.MERGED,
        target=S.ACCEPTED,
        conditions=[was_accepted, may_come_apart],
        permission=is_senior,
        rule=Rule(
            label=_("撤销并案"),
            article=MERGER,
            actors=_("高级审核员、法务"),
        ),
    )
    def unmerge_accepted(self, *, at: datetime) -> None:
        """As `unmerge`, of a notice that had been accepted."""
        self.merged_into_id = self.closed_at = None

    @step(
        field="state",
        source=list(TAKES_IN),
        target=None,
        permission=is_system,
        rule=Rule(
            label=_("交还并入的文档"),
            article=MERGER,
            actors=_("系统，随撤销并案"),
            records=("merged",),
        ),
    )
    def give_back(self, *, at: datetime, merged: int, listed: tuple[int, int]) -> None:
        """The documents of the case `merged` have gone back."""
        items, cents = listed
        self.listed_items -= items
        self.listed_cents -= cents
