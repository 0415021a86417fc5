"""The dates of a letter as they were when it was written.

A clock may have been moved since by an arrival, a pause, an extension or a calendar:
its row says when it ends now, the ledger from where each move took it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.deadlines import zone_in
from cases.member_states import name_of
from cases.models import CaseItem, Deadline, Notice
from evidence.ledger import entries_of

LAST_MOMENT = timedelta(microseconds=1)
# The acts whose letters print the end of a clock that still runs.
GAVE_A_TERM = {
    "item.measure_and_forward": "window",
    "item.forward_counter": "waiting",
}


@dataclass(frozen=True, slots=True)
class Term:
    """The days or months that a letter speaks of. awaits: they run from the arrival of
    the letter; provisional: the year's holidays are not published yet.
    state: by whose calendar it is counted, in `zone`, where it is not China's."""

    starts_on: date
    days: int
    months: int
    ends_on: date
    awaits: bool
    provisional: bool
    state: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter knew of a clock. ends: the first moment after it, as in the row."""

    starts: datetime
    ends: datetime
    awaits: bool
    provisional: bool


def as_told(row: Deadline, notice: Notice) -> Told:
    """Return a clock as it stood when a letter was written, before what moved it
    later."""
    entries = entries_of([notice.case.stream]).filter(
        kind="deadline.move", payload__deadline=row.pk, seq__gt=notice.entry.seq
    )
    moves = [entry.payload for entry in entries]
    if moves and moves[0]["cause"] == "extend" and notice.entry.kind == "item.extend":
        moves = moves[1:]  # the extension itself follows its entry
    if not moves:
        return _as_it_stands(row)
    first, causes = moves[0], [move["cause"] for move in moves]
    hung = [cause for cause in causes if cause in {"arrive", "fail"}]
    # Older moves do not say it: a calendar moves, as a rule, what was not certain.
    guessed = first["provisional"] or first["cause"] == "calendar"
    return Told(
        starts=row.trigger.at if "arrive" in causes else row.started_at,
        ends=datetime.fromisoformat(first["from"]),
        awaits=hung[0] == "arrive" if hung else row.awaits_arrival,
        provisional=first.get("was_provisional", guessed),
    )


def window_of(notice: Notice, item: CaseItem) -> Term | None:
    """The last window that a document had when the letter was written."""
    rows = item.deadlines.filter(clock="window", trigger__lte=notice.entry_id)
    row = rows.order_by("pk").last()
    return None if row is None else _term(row, as_told(row, notice))


def moved_term(notice: Notice) -> Term | None:
    """The term that a letter gave a date of, where it runs on by another: its reader
    is told beside the letter, which stays as it is."""
    if notice.entry.kind not in GAVE_A_TERM:
        return None
    clock = GAVE_A_TERM[notice.entry.kind]
    rows = Deadline.objects.open().filter(clock=clock, item=notice.item_id)
    row = rows.filter(trigger=notice.entry_id).first()
    if row is None:
        return None
    told, now = as_told(row, notice), _as_it_stands(row)
    if now.awaits:
        return None if told.awaits else _term(row, now)
    return None if told.ends == now.ends else _term(row, now)


def _as_it_stands(row: Deadline) -> Told:
    return Told(row.started_at, row.due_at, row.awaits_arrival, row.provisional)


def _term(row: Deadline, told: Told) -> Term:
    zone, in_months = zone_in(row), row.unit == "month"
    return Term(
        starts_on=told.starts.astimezone(zone).date(),
        days=0 if in_months else row.length,
        months=row.length if in_months else 0,
        # 24:00 is the last moment of a day.
        ends_on=(told.ends - LAST_MOMENT).astimezone(zone).date(),
        awaits=told.awaits,
        provisional=told.provisional,
        state=name_of(row.calendar.upper()) if row.calendar != "cn" else "",
        zone=zone.key,
    )
