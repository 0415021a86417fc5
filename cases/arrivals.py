"""Arrival of letters, and that they could not arrive: noted in the ledger. The clocks
that run from a letter begin with the one and wait after the other."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from cases.clocks import CLOCKS
from cases.deadlines import await_arrival, begin_at_arrival
from cases.designations import SITE, SYSTEMS, arrival, designated_system
from cases.models import Arrival, Case, Deadline, DeliveryFailure, Notice
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.canonical import instant
from evidence.ledger import Act, LedgerEntry


def record_arrival(
    notice: Notice, *, system: str, entered_at: datetime, by: Actor, at: datetime
) -> datetime | None:
    """Note that a letter entered a system of its recipient, and start what waited.

    Returns the moment of arrival as the law counts it, None when this entry is not
    one that counts. Repeating it changes nothing: the first entry stands.
    """
    if system not in SYSTEMS:
        raise ValueError(f"{system} is no system of a recipient")
    with transaction.atomic():
        case = _locked(notice)
        entries = dict(notice.arrivals.values_list("system", "at"))
        if system not in entries:
            facts = {"system": system, "entered_at": instant(entered_at)}
            entry = _note(notice, case, "notice.arrive", facts, by, at)
            Arrival.objects.create(
                notice=notice, system=system, at=entered_at, entry=entry
            )
            entries[system] = entered_at
        audience = Role(notice.audience)
        arrived = arrival(entries, designated_system(case, audience, notice.item))
        if arrived is not None:
            waiting = clocks_from(notice).filter(awaits_arrival=True)
            begin_at_arrival(waiting, arrived, by=by, at=at)
    return arrived


def record_failure(notice: Notice, *, system: str, by: Actor, at: datetime) -> bool:
    """Note that a letter cannot be delivered to a system of its recipient; the clocks
    that ran from our act wait from now on for its arrival (docs/adr/0031).

    False where nothing is noted: no clock hangs on the letter, or it has arrived
    elsewhere. A letter in the mailbox here of who designated it has arrived.
    """
    with transaction.atomic():
        case = _locked(notice)
        rows = list(clocks_from(notice))
        designated = designated_system(case, Role(notice.audience), notice.item)
        entries = dict(notice.arrivals.values_list("system", "at"))
        has_arrived = designated == SITE or arrival(entries, designated) is not None
        known = notice.failures.filter(system=system).exists()
        if not rows or has_arrived or known:
            return False
        entry = _note(notice, case, "notice.fail", {"system": system}, by, at)
        DeliveryFailure.objects.create(notice=notice, system=system, at=at, entry=entry)
        await_arrival([row for row in rows if not row.awaits_arrival], by=by, at=at)
    return True


def clocks_from(notice: Notice) -> models.QuerySet[Deadline]:
    """Return the open clocks that run, or will run, from this letter's arrival."""
    rows = Deadline.objects.open().filter(trigger=notice.entry_id)
    if notice.item_id:
        rows = rows.filter(item=notice.item_id)
    theirs = [each for each in CLOCKS.values() if each.recipient == notice.audience]
    rows = rows.filter(clock__in=[clock.code for clock in theirs])
    by_letter = [clock.code for clock in theirs if clock.by_letter]
    rows = rows.filter(Q(awaits_arrival=True) | Q(clock__in=by_letter))
    return rows.select_related("case").order_by("pk")


def _locked(notice: Notice) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(pk=notice.case_id)


def _note(
    notice: Notice,
    case: Case,
    kind: str,
    facts: dict[str, Any],
    by: Actor,
    at: datetime,
) -> LedgerEntry:
    act = Act(case.stream, kind, {"notice": notice.pk, **facts})
    return ledger.append(act, by=by, role=by.duty or Role.SYSTEM, at=at)
