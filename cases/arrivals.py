"""Arrival of letters: noted in the ledger, and the clocks that ran from it begin."""

from datetime import datetime

from django.db import transaction

from cases.clocks import CLOCKS
from cases.deadlines import begin_at_arrival
from cases.designations import SYSTEMS, arrival, designated_system
from cases.models import Arrival, Case, Deadline, Notice
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.canonical import instant
from evidence.ledger import Act


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
        case = Case.objects.select_for_update(of=("self",)).get(pk=notice.case_id)
        entries = dict(notice.arrivals.values_list("system", "at"))
        if system not in entries:
            _note(notice, case, system, entered_at, by, at)
            entries[system] = entered_at
        audience = Role(notice.audience)
        arrived = arrival(entries, designated_system(case, audience, notice.item))
        if arrived is not None:
            begin_at_arrival(_waiting(notice), arrived, by=by, at=at)
    return arrived


def _waiting(notice: Notice) -> list[Deadline]:
    rows = Deadline.objects.open().filter(trigger=notice.entry_id, awaits_arrival=True)
    if notice.item_id:
        rows = rows.filter(item=notice.item_id)
    clocks = [
        code for code, clock in CLOCKS.items() if clock.recipient == notice.audience
    ]
    return list(rows.filter(clock__in=clocks).select_related("case"))


def _note(
    notice: Notice,
    case: Case,
    system: str,
    entered_at: datetime,
    by: Actor,
    at: datetime,
) -> None:
    facts = {"notice": notice.pk, "system": system, "entered_at": instant(entered_at)}
    entry = ledger.append(
        Act(case.stream, "notice.arrive", facts),
        by=by,
        role=by.duty or Role.SYSTEM,
        at=at,
    )
    Arrival.objects.create(notice=notice, system=system, at=entered_at, entry=entry)
