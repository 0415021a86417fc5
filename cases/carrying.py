"""The clocks of cases that are worked on as one: the earliest of them runs, the others
rest beside it (Deadline.Ending.MERGED), and so do those of the case that went.

A merger is undone whenever, and in whatever order, it was made: what is taken out has
its own clocks back, and of those still there the earliest runs on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cases.clocks import CLOCKS
from cases.deadlines import alike, counted, dated, moved
from cases.models import Case, CaseItem, Deadline
from cases.models.calendar_years import chinese_calendar
from cases.terms import TERMS
from evidence import ledger
from evidence.actors import SYSTEM, Role
from evidence.canonical import instant
from evidence.writing import update_each

PAPER = "paper"
# What a case was bound by, beside its own questions.
CARRIED = frozenset(
    code
    for code, clock in CLOCKS.items()
    if code in (PAPER, "alarm", "review") or clock.family == "handling"
)
RESTED = [
    *("ended_at", "ending", "pauses", "paused_at"),
    *("due_at", "provisional", "reasons"),
]
Ending = Deadline.Ending


def carry(subject: Case | CaseItem, to: Case | CaseItem, *, at: datetime) -> None:
    """Let the clocks of a case, or of a document that both cases name, run on in what
    takes it in: every time that a paper sets, and of the others the earliest."""
    coming, there = _alive(subject, at), _alive(to, at)
    for row in coming:
        copy = _copied(row, to, at)
        there = [*(each for each in there if each.pk != copy.pk), copy]
    _rest(coming, at)
    for rows in _groups(there):
        _settle(rows, _running_in(rows), at, goes_on=False)


def take_back(
    subject: Case | CaseItem, holders: Sequence[Case | CaseItem], *, at: datetime
) -> None:
    """Undo of `carry`. holders: where its clocks are now; one that was itself merged
    meanwhile keeps the rest of its clocks at rest."""
    for holder in {each.pk: each for each in holders}.values():
        is_merged = holder.case.merged_into_id is not None
        rows = _standing(holder) if is_merged else _alive(holder, at)
        mine = _begun_in(subject, rows)
        for group in [] if is_merged else _groups(rows):
            left = [row for row in group if row not in mine]
            _settle(left, _running_in(group), at, goes_on=True)
        _void(mine, at)
    rows = _standing(subject)
    own = _begun_in(subject, rows)
    # What came from a third case stays where its documents are.
    _void([row for row in rows if row not in own], at)
    for group in _groups(own):
        _settle(group, None, at, goes_on=False)


# --- which ---------------------------------------------------------------------------


def _standing(subject: Case | CaseItem) -> list[Deadline]:
    on = {code for code, clock in CLOCKS.items() if clock.on == subject.MACHINE}
    codes = on if isinstance(subject, CaseItem) else on & CARRIED
    rows = Deadline.objects.standing().filter(case=subject.case, clock__in=codes)
    return list(rows.filter(subject_id=subject.pk).order_by("pk"))


def _alive(subject: Case | CaseItem, at: datetime) -> list[Deadline]:
    """Those that run, and those at rest beside one that runs. Where it has ended, by
    a step or by its date, the others have ended with it."""
    alive: list[Deadline] = []
    for rows in _groups(_standing(subject)):
        if _running_in(rows):
            alive += rows
        else:
            _void(rows, at)
    return alive


def _groups(rows: Iterable[Deadline]) -> list[list[Deadline]]:
    """The clocks of which one alone runs. Of papers each is answered in its time."""
    found: dict[Any, list[Deadline]] = {}
    for row in rows:
        key = row.trigger_id if row.clock == PAPER else alike(row.clock)[0]
        found.setdefault(key, []).append(row)
    return list(found.values())


def _running_in(rows: Sequence[Deadline]) -> Deadline | None:
    return next((row for row in rows if row.ended_at is None), None)


def _begun_in(subject: Case | CaseItem, rows: Sequence[Deadline]) -> list[Deadline]:
    """Those that an act in the subject's own case started."""
    ids = [row.pk for row in rows]
    found = Deadline.objects.filter(pk__in=ids, trigger__stream=subject.case.stream)
    mine = set(found.values_list("pk", flat=True))
    return [row for row in rows if row.pk in mine]


# --- how they move -------------------------------------------------------------------


def _copied(row: Deadline, to: Case | CaseItem, at: datetime) -> Deadline:
    """The same clock at rest on another object; once a trigger, however often the two
    cases were merged."""
    copy = Deadline.objects.get(pk=row.pk)
    known = Deadline.objects.filter(
        trigger=row.trigger_id, clock=row.clock, subject_id=to.pk
    )
    copy.pk = known.values_list("pk", flat=True).first()
    copy.case, copy.subject_id = to.case, to.pk
    copy.item = to if isinstance(to, CaseItem) else None
    copy.ended_at, copy.ending = at, Ending.MERGED
    copy.save()
    return copy


def _settle(
    rows: Sequence[Deadline], ran: Deadline | None, at: datetime, *, goes_on: bool
) -> None:
    """Let the earliest of some clocks run, and the others rest beside it.

    ran: the one that ran until now, here or gone. goes_on: what that one stands still
    for is not answered yet, so whichever takes its place stands still as well.
    """
    if not rows:
        return
    before = {row.pk: (row.due_at, row.provisional) for row in rows}
    for row in rows:
        _stand_still(row, ran, at)
    first = min(rows, key=lambda row: (row.due_at, row.pk))
    for row in rows:
        if row is first and (row is ran or goes_on):
            row.paused_at = _paused_since(row, ran)
        elif begun := _paused_since(row, ran):
            row.pauses = [*row.pauses, *_span(begun, at)]
            row.paused_at = None
            dated(row, counted(row, chinese_calendar()))
    first.ended_at, first.ending = None, ""
    _rest([row for row in rows if row is not first], at)
    first.save()
    due_at, was_provisional = before[first.pk]
    if first.due_at != due_at:
        act = moved(first, due_at, was_provisional, "resume")
        ledger.append(act, by=SYSTEM, role=Role.SYSTEM, at=at)


def _stand_still(row: Deadline, ran: Deadline | None, at: datetime) -> None:
    """What rested stood still whenever the one that ran in its place did."""
    if row.ended_at is None or ran is None or not TERMS[row.term].pausable:
        return
    for begun, ended in ran.pauses:
        since = max(datetime.fromisoformat(begun), row.ended_at)
        row.pauses = [*row.pauses, *_span(since, datetime.fromisoformat(ended))]
    dated(row, counted(row, chinese_calendar()))


def _paused_since(row: Deadline, ran: Deadline | None) -> datetime | None:
    """Since when a clock stands still with the one that runs."""
    if ran is None or ran.paused_at is None or not TERMS[row.term].pausable:
        return None
    return max(ran.paused_at, row.ended_at or ran.paused_at)


def _span(begun: datetime, ended: datetime) -> list[list[str]]:
    return [[instant(begun), instant(ended)]] if begun < ended else []


def _rest(rows: Sequence[Deadline], at: datetime) -> None:
    for row in rows:
        row.ended_at, row.ending = at, Ending.MERGED
    update_each(rows, RESTED)


def _void(rows: Sequence[Deadline], at: datetime) -> None:
    ids = [row.pk for row in rows]
    Deadline.objects.filter(pk__in=ids).update(ended_at=at, ending=Ending.VOID)
