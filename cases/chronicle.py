"""What happened in a case, in words, and why its dates are what they are.

Read from the ledger and the deadline rows; says roles, never names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.calendars import CHINA
from cases.clocks import CLOCKS, PROFILES
from cases.models import Case, CaseItem, Deadline, Restriction
from cases.models.case import PROCEDURES
from cases.workflows.item import Finding
from cases.workflows.rules import rule_of
from evidence import ledger
from evidence.actors import Role
from evidence.ledger import LedgerEntry

MACHINES: dict[str, type[Any]] = {**PROCEDURES, CaseItem.MACHINE: CaseItem}

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
    """Explain a date: from which moment, how long, by which rule (民法典 200–204)."""
    started = deadline.started_at.astimezone(CHINA)
    facts = {"start": f"{started:%Y-%m-%d %H:%M}", "length": deadline.length}
    if deadline.unit == "hour":
        return _("自 %(start)s 起连续计算 %(length)d 小时。") % facts
    sentence = (
        _("自 %(start)s 的次日起计算 %(length)d 日，至最后一日二十四时届满。") % facts
    )
    planned = started.date() + timedelta(days=deadline.length)
    if last_day_of(deadline) > planned:
        sentence += _("最后一日为休息日，顺延至其后第一个工作日。")
    if deadline.provisional:
        sentence += _("当年放假安排尚未公布，日期可能调整。")
    return sentence


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
    clock = CLOCKS[deadline.clock]
    if clock.length or deadline.profile not in PROFILES:
        return str(clock.article)
    profile = PROFILES[deadline.profile]
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
