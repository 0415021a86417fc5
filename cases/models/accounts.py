"""Measures on seller accounts: what the points of decided cases have led to."""

import uuid

from django.db import models
from django.db.models import Q

from cases.levels import BY_NUMBER, Level
from cases.models.case import Case
from cases.models.state_rows import StateRow
from cases.permissions.desk import may_read_desk
from cases.workflows.account import (
    STANDING,
    UNDECIDED,
    AccountProcedure,
    AccountState,
)
from evidence.actors import Actor
from evidence.models import SellerAccount


class AccountMeasureQuerySet(models.QuerySet["AccountMeasure"]):
    def visible_to(self, actor: Actor) -> "AccountMeasureQuerySet":
        """The desk, and from its beginning on whoever stands for the account."""
        if may_read_desk(actor):
            return self.all()
        mine = self.filter(seller__party__in=actor.parties)
        return mine.exclude(state__in=[*UNDECIDED, AccountState.DECLINED])

    def standing(self) -> "AccountMeasureQuerySet":
        return self.filter(state__in=STANDING)


class AccountMeasure(AccountProcedure, StateRow):
    """One level of the ladder, reached with the decision of `case`. level: its number
    in cases/levels.py; placed_at: the moment whose points it rests on."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seller = models.ForeignKey(
        SellerAccount, on_delete=models.PROTECT, related_name="account_measures"
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="account_measures"
    )
    level = models.PositiveSmallIntegerField()
    placed_at = models.DateTimeField()
    objects = AccountMeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "case", "level"],
                condition=~Q(state=AccountState.VOID),
                name="account_measure_once_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AccountState.values),
                name="account_measure_state_known",
            ),
        ]

    MACHINE = "account"
    LOADED = ("seller",)
    MACHINE_FIELDS = (
        *("state", "version", "begun_at", "ends_at", "watched_until"),
        *("contested_at", "statement", "reasoning"),
    )

    def __str__(self) -> str:
        return f"{self.seller_id}: level {self.level}"

    @property
    def ladder(self) -> Level:
        return BY_NUMBER[self.level]

    @property
    def stream(self) -> str:
        return self.case.stream
