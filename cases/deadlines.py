"""Deadline rows: written, moved and ended by the steps that clocks.py names.

A row keeps what its date was counted from, so that it can be counted again; every
move is an entry of the case's ledger of its own, beside that of the step.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import override

from cases import periods
from cases.calendars import ChineseCalendar
from cases.clocks import CLOCKS, Clock, term_of, zone_of
from cases.designations import SITE, designated_system
from cases.errors import CaseMovedOn, ExtensionTooLong
from cases.models import MACHINES, CaseItem, Deadline
from cases.models.calendar_years import chinese_calendar
from cases.models.deadline import DeadlineQuerySet
from cases.notices import NOTICES
from cases.periods import Due
from cases.profiles import UNCHOSEN, Profile, profile_of
from cases.terms import TERMS
from cases.workflows.item import ItemState
from evidence import ledger
from evidence.actors import SYSTEM, Actor, Role
from evidence.canonical import instant
from evidence.compiled import Change
from evidence.ledger import Act
from evidence.writing import insert, update_each

if TYPE_CHECKING:
    from cases.services import Taken

COUNTED = ["due_at", "provisional", "reasons"]


def run(taken: Sequence["Taken"], *, at: datetime) -> None:
    """Stop, void, pause, resume, extend and start the clocks of these acts, which
    are all of one step."""
    step = taken[0].step
    for clock in CLOCKS.values():
        for move in clock.moves.get(step, ()):
            EFFECTS[move](clock, taken, at)


def profile_in(text: str) -> Profile:
    """Return the profile of a case or a row; before acceptance there is none."""
    return profile_of(text) if text else UNCHOSEN


def zone_in(row: Deadline) -> ZoneInfo:
    """Return in which zone the last day of a row is a day."""
    return zone_of(CLOCKS[row.clock], profile_in(row.profile))


def running(clock: str, subject: Any) -> DeadlineQuerySet:
    """The open rows of a clock on one object of its machine."""
    return Deadline.objects.open().filter(clock=clock, subject_id=subject.pk)


# --- starting ----------------------------------------------------------------------


def _start(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    china = chinese_calendar()
    rows = [row for act in taken for row in _begun(clock, act, at, china)]
    insert(rows, numbered=False)


def _begun(
    clock: Clock, act: "Taken", at: datetime, china: ChineseCalendar
) -> Iterable[Deadline]:
    case = act.subject.case
    profile = profile_in(case.clock_profile)
    term = term_of(clock, profile)
    if term is not None and term.stated:
        length = act.facts.get(term.stated, 0) * term.each
        term = replace(term, length=length) if length else None
    if term is None:
        return
    # What we received before this step counts from then (条例 17, 512(g)).
    start = act.facts.get("received_at", at) if term.begins == "receipt" else at
    end = periods.due(start, term, profile, china=china)
    if not _applies(clock, act, end, at):
        return
    act.due[clock.code] = end.at
    for subject in _subjects(clock, act):
        row = Deadline(
            case=case,
            item=_item_of(subject),
            subject_id=subject.pk,
            clock=clock.code,
            term=term.code,
            profile=profile.code,
            article=_in_chinese(term.article),
            trigger=_told_in(act, clock).entry,
            started_at=start,
            length=term.length,
            unit=term.unit,
            calendar=profile.calendar_of(term),
            awaits_arrival=term.begins == "arrival"
            and act.step not in clock.arrived
            and designated_system(case, clock.recipient, _item_of(subject)) != SITE,
        )
        yield dated(row, end)


def _told_in(act: "Taken", clock: Clock) -> "Taken":
    """The act whose letter tells of a clock: arrivals and failures are looked up by
    it. A step that writes none to the clock's recipient is told of in that of the
    act it follows from (keep_measure in the rejection of the answer)."""
    if act.cause is None or _tells(act, clock) or not _tells(act.cause, clock):
        return act
    return act.cause


def _tells(act: "Taken", clock: Clock) -> bool:
    letters = NOTICES.get(act.step, ())
    return any(letter.audience == clock.recipient for letter in letters)


def _applies(clock: Clock, act: "Taken", end: Due, at: datetime) -> bool:
    """A report has the clock of its priority, and the earlier of two when it rises."""
    if clock.priority is None:
        return True
    case = act.subject.case
    if clock.priority != case.priority:
        return False
    rows = Deadline.objects.open().filter(case=case, clock__in=alike(clock.code))
    if rows.filter(due_at__lte=end.at).exists():
        return False
    rows.update(ended_at=at, ending=Deadline.Ending.VOID)
    return True


def alike(clock: str) -> list[str]:
    """Return the clocks of which a case runs one alone."""
    family = CLOCKS[clock].family
    same = [each.code for each in CLOCKS.values() if family and each.family == family]
    return same or [clock]


def _subjects(clock: Clock, act: "Taken") -> list[Any]:
    """The objects of the clock's machine that the act is about."""
    subject = act.subject
    if clock.on == subject.MACHINE:
        return [subject]
    if clock.on == CaseItem.MACHINE:
        item = _item_of(subject)
        return [item] if item else list(_undecided(subject.case))
    if clock.on == subject.case.MACHINE:
        return [subject.case]
    raise ValueError(f"{subject.MACHINE}.{act.name} cannot start {clock.code}")


def _item_of(subject: Any) -> CaseItem | None:
    if isinstance(subject, CaseItem):
        return subject
    item: CaseItem | None = getattr(subject, "item", None)
    return item


def _undecided(case: Any) -> Any:
    """What was dropped before the acceptance needs no decision."""
    return case.items.filter(state=ItemState.PENDING).order_by("pk")


def _in_chinese(sentence: Any) -> str:
    """What the row keeps; pages translate it again."""
    with override("zh-hans"):
        return str(sentence)


# --- ending ------------------------------------------------------------------------


def _rows_of(clock: Clock, taken: Sequence["Taken"]) -> DeadlineQuerySet:
    """The open rows of a clock that these acts are about."""
    rows = Deadline.objects.open().filter(clock=clock.code)
    subjects = [act.subject.pk for act in taken]
    machine = taken[0].subject.MACHINE
    if machine == clock.on:
        return rows.filter(subject_id__in=subjects)
    if machine == CaseItem.MACHINE:
        return rows.filter(item__in=subjects)
    items = [item.pk for act in taken if (item := _item_of(act.subject))]
    if items:
        return rows.filter(item__in=items)
    return rows.filter(case__in=[act.subject.case.pk for act in taken])


def _stop(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    if clock.fires and (clock.on, clock.fires) == taken[0].step:
        _FIRE([act.subject.pk for act in taken], clock.code, at)
        return
    rows = _rows_of(clock, taken)
    rows.filter(due_at__lt=at).update(ended_at=at, ending=Deadline.Ending.LATE)
    rows.filter(due_at__gte=at).update(ended_at=at, ending=Deadline.Ending.MET)


_FIRE = Change(
    lambda subjects, clock, at: (
        Deadline.objects.open().filter(clock=clock, subject_id__in=subjects),
        {"ended_at": at, "ending": Deadline.Ending.FIRED},
    )
)


def _void(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    _rows_of(clock, taken).update(ended_at=at, ending=Deadline.Ending.VOID)


# --- moving ------------------------------------------------------------------------


def _pause(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    """A clock that has run out is missed: it cannot be stopped any more."""
    rows = _rows_of(clock, taken).filter(paused_at__isnull=True, due_at__gt=at)
    pausable = [code for code, term in TERMS.items() if term.pausable]
    rows.filter(term__in=pausable).update(paused_at=at)


def _resume(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    rows = list(
        _rows_of(clock, taken).filter(paused_at__isnull=False).select_related("case")
    )
    for row in rows:
        stood = [instant(row.paused_at or at), instant(at)]
        row.pauses, row.paused_at = [*row.pauses, stood], None
    _move(rows, at, by=SYSTEM, cause="resume", fields=["pauses", "paused_at"])


def _extend(clock: Clock, taken: Sequence["Taken"], at: datetime) -> None:
    for act in taken:
        rows = list(_rows_of(clock, [act]).select_related("case"))
        for row in rows:
            if row.has_run_out(at):
                raise CaseMovedOn
            row.extension += act.facts["days"]
            if row.extension > TERMS[row.term].extension:
                raise ExtensionTooLong
        _move(rows, at, by=SYSTEM, cause="extend", fields=["extension"])


def begin_at_arrival(
    rows: Iterable[Deadline], arrived_at: datetime, *, by: Actor, at: datetime
) -> None:
    """Start clocks that waited for the arrival of the letter they run from."""
    begun = list(rows)
    for row in begun:
        row.started_at, row.awaits_arrival = arrived_at, False
    _move(begun, at, by=by, cause="arrive", fields=["started_at", "awaits_arrival"])


def await_arrival(rows: Sequence[Deadline], *, by: Actor, at: datetime) -> None:
    """Let clocks that ran from our act wait: their letter has reached nobody."""
    for row in rows:
        row.awaits_arrival = True
    _move(rows, at, by=by, cause="fail", fields=["awaits_arrival"])


def recount(*, by: Actor, at: datetime) -> int:
    """Count every open date again after the calendar has changed, and what ended by
    a date that was not certain; return how many moved or became certain."""
    china = chinese_calendar()
    rows = Deadline.objects.countable().filter(calendar="cn")
    rows = rows.exclude(unit__in=["minute", "hour"])
    changed = [row for row in rows.select_related("case") if _differs(row, china)]
    for row in changed:
        if row.ended_at is not None:
            in_time = row.ended_at <= counted(row, china).at
            row.ending = Deadline.Ending.MET if in_time else Deadline.Ending.LATE
    _move(changed, at, by=by, cause="calendar", fields=["ending"])
    return len(changed)


def counted(row: Deadline, china: ChineseCalendar) -> Due:
    """Return the end of a row as it is counted from what the row keeps."""
    spans = [
        (datetime.fromisoformat(begins), datetime.fromisoformat(ends))
        for begins, ends in row.pauses
    ]
    return periods.due(
        row.started_at,
        replace(TERMS[row.term], length=row.length),
        profile_in(row.profile),
        china=china,
        pauses=spans,
        extension=row.extension,
    )


def _differs(row: Deadline, china: ChineseCalendar) -> bool:
    end = counted(row, china)
    return (end.at, end.provisional) != (row.due_at, row.provisional)


def dated(row: Deadline, end: Due) -> Deadline:
    """Put down in a row when it ends, and why."""
    row.due_at, row.provisional = end.at, end.provisional
    row.reasons = [[step.code, step.facts] for step in end.why]
    if row.awaits_arrival:
        row.reasons.append(["awaits_arrival", {}])
    return row


def _move(
    rows: Sequence[Deadline], at: datetime, *, by: Actor, cause: str, fields: list[str]
) -> None:
    """Count anew and write what moved, with an entry for each."""
    if not rows:
        return
    china = chinese_calendar()
    acts = []
    for row in rows:
        before = row.due_at, row.provisional
        dated(row, counted(row, china))
        acts.append(moved(row, *before, cause))
    # A date that moved is tried afresh when it comes.
    for row in rows:
        row.refusal, row.refused_at, row.retry_at = "", None, None
    fresh = [*COUNTED, *fields, "refusal", "refused_at", "retry_at"]
    update_each(rows, fresh)
    ledger.append_all(acts, by=by, roles=[by.duty or Role.SYSTEM] * len(acts), at=at)


def moved(row: Deadline, before: datetime, was_provisional: bool, cause: str) -> Act:
    """Return what the ledger says of a date that was another `before`."""
    facts = {
        "deadline": row.pk,
        "clock": row.clock,
        "cause": cause,
        "from": instant(before),
        "to": instant(row.due_at),
        "was_provisional": was_provisional,
        "provisional": row.provisional,
    }
    return Act(row.case.stream, "deadline.move", facts)


def subject_of(row: Deadline) -> Any:
    """Return the object that a row's clock runs on."""
    return MACHINES[CLOCKS[row.clock].on]._default_manager.get(pk=row.subject_id)


EFFECTS: dict[str, Callable[[Clock, Sequence["Taken"], datetime], None]] = {
    "stops": _stop,
    "voids": _void,
    "pauses": _pause,
    "resumes": _resume,
    "extends": _extend,
    "starts": _start,
}
