"""Deadline rows: started and stopped by the steps that clocks.py names."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cases.clocks import CLOCKS, Clock, due, length_of
from cases.models import CaseItem, Deadline

if TYPE_CHECKING:
    from cases.services import Taken


def run(taken: Sequence["Taken"], *, at: datetime) -> None:
    """Stop and start the clocks of these acts; all acts are of one step."""
    step = (taken[0].subject.MACHINE, taken[0].name)
    for clock in CLOCKS.values():
        if step in clock.stops:
            _stop(clock, taken, at)
        if step == clock.starts:
            _start(clock, taken, at)


def _start(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    rows = []
    for act in taken:
        case = act.subject.case
        length = length_of(clock, case.clock_profile)
        end = due(at, length, clock.unit)
        act.due[clock.code] = end.at
        rows += [
            Deadline(
                case=case,
                item=item,
                clock=clock.code,
                profile=case.clock_profile,
                trigger=act.entry,
                started_at=at,
                length=length,
                unit=clock.unit,
                due_at=end.at,
                provisional=end.provisional,
            )
            for item in _counted(clock, act)
        ]
    Deadline.objects.bulk_create(rows, batch_size=200)


def _counted(clock: Clock, act: "Taken") -> list[CaseItem | None]:
    if not clock.each_item:
        return [None]
    if act.subject.MACHINE == "item":
        return [act.subject]
    return list(act.subject.items.order_by("pk"))


def _stop(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    running = Deadline.objects.open().filter(clock=clock.code)
    if clock.each_item:
        running = running.filter(item__in=[act.subject.pk for act in taken])
    else:
        running = running.filter(case__in=[act.subject.case.pk for act in taken])
    if clock.fires == taken[0].name:
        running.update(ended_at=at, ending=Deadline.Ending.FIRED)
        return
    running.filter(due_at__lt=at).update(ended_at=at, ending=Deadline.Ending.LATE)
    running.filter(due_at__gte=at).update(ended_at=at, ending=Deadline.Ending.MET)
