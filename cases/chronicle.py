"""What happened in a case, in words, and why its dates are what they are.

Read from the ledger and the deadline rows; says roles, never names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.calendars import CHINA
from cases.explanations import told
from cases.models import MACHINES, Case, CaseItem, Deadline, Restriction
from cases.periods import Why
from cases.profiles import is_profile, profile_of
from cases.workflows.item import Finding
from cases.workflows.rules import rule_of
from evidence import ledger
from evidence.actors import Role
from evidence.ledger import LedgerEntry

# How a step stands out in the timeline.
TONES = {
    "item.measure_and_forward": "bad",
    "item.finalise": "bad",
    "copyright.accept": "busy",
    "copyright.close": "good",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline; `hash` is the ledger's own."""

    title: str
    at: datetime
    by: str
    note: str
    tone: str
    hash: str


def events_of(case: Case, items: Iterable[CaseItem]) -> list[Event]:
    """Return what the parties may read of a filed case, oldest first."""
    by_id = {item.pk: item for item in items}
    events = []
    for entry in ledger.entries_of([case.stream]):
        title = step_label(entry.kind)
        if title:
            item = by_id.get(entry.payload.get("id", 0))
            is_item = entry.kind.startswith("item.")
            events.append(_event(entry, title, item if is_item else None))
    return events


def why(deadline: Deadline) -> str:
    """Explain a date, from the steps of the count that the row keeps."""
    return told(Why(code, facts) for code, facts in deadline.reasons)


def last_day_of(deadline: Deadline) -> date:
    """Return the day whose 24:00 ends a clock in days, as people name it in China."""
    return (deadline.due_at.astimezone(CHINA) - timedelta(microseconds=1)).date()


def moment(at: datetime) -> str:
    """Write an instant as it is read in China: midnight ends the day before it."""
    local = at.astimezone(CHINA)
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def article_of(deadline: Deadline) -> str:
    """Return what the clock rests on: its own article or that of the profile."""
    if deadline.term != "window" or not is_profile(deadline.profile):
        return _(deadline.article)
    profile = profile_of(deadline.profile)
    words = _("%(article)s（%(source)s）")
    return words % {"article": profile.article, "source": profile.source}


def step_label(kind: str) -> str:
    """Return the words of a step of a machine, "" for an entry that is none."""
    machine, _dot, name = kind.partition(".")
    method = getattr(MACHINES.get(machine), name, None)
    return str(rule_of(method).label) if method else ""


def _event(entry: LedgerEntry, title: str, item: CaseItem | None) -> Event:
    return Event(
        title=title,
        at=entry.at,
        by=str(Role(entry.role).label),
        note=_note(entry, item),
        tone=TONES.get(entry.kind, ""),
        hash=entry.hash,
    )


def _note(entry: LedgerEntry, item: CaseItem | None) -> str:
    if entry.kind == "copyright.submit":
        listed = entry.payload["items"]
        told = ngettext(
            "%(n)d 份文档，其页面在提交时已固定",
            "%(n)d 份文档，其页面在提交时已固定",
            listed,
        )
        return told % {"n": listed}
    if item is None:
        return ""
    note = _("第 %(position)d 项，文档 %(number)s") % {
        "position": item.position,
        "number": item.document.number,
    }
    if measure := entry.payload.get("measure"):
        note += " · " + str(Restriction.Level(measure).label)
    if finding := entry.payload.get("finding"):
        note += " · " + str(Finding(finding).label)
    return note
