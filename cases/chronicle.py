"""What happened in a case, in words, and why its dates are what they are.

Read from the ledger and the deadline rows; says roles, never names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.calendars import CHINA
from cases.deadlines import zone_in
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
    "copyright.find_defects": "wait",
    "counter_notice.file": "wait",
    "counter_notice.find_defects": "wait",
    "item.forward_counter": "busy",
    "item.await_outcome": "busy",
    "item.obey_order": "bad",
    "item.outlast_order": "bad",
    "item.reinstate": "bad",
    "item.reinstate_final": "bad",
    "item.confirm": "bad",
    "item.await_judgment": "busy",
    "item.stay_final": "bad",
    "item.restore": "good",
    "item.restore_at_once": "good",
    "item.restore_cured": "good",
    "item.restore_reversed": "good",
    "item.restore_after_proceeding": "good",
    "item.restore_dismissed": "good",
    "item.withdraw": "good",
}

MERGERS = {
    f"copyright.{step}"
    for step in ("merge", "unmerge", "unmerge_accepted", "take_in", "give_back")
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
    return [
        _event(entry, title, by_id.get(item_of(entry) or 0))
        for entry in ledger.entries_of([case.stream])
        if (title := step_label(entry.kind))
    ]


def events_elsewhere(case: Case, items: Iterable[CaseItem]) -> list[Event]:
    """Return what became of documents in the case that theirs was merged into, or in
    a part of that one."""
    if case.merged_into_id is None:
        return []
    by_id = {item.pk: item for item in items}
    streams = {item.case.stream for item in by_id.values()} - {case.stream}
    return [
        _event(entry, title, by_id[item])
        for entry in ledger.entries_of(sorted(streams))
        if (item := item_of(entry)) in by_id and (title := step_label(entry.kind))
    ]


def events_about(item: CaseItem) -> list[Event]:
    """Return what the uploader may read: the steps of one document, oldest first."""
    return [
        _event(entry, title, None)
        for entry in ledger.entries_of([item.case.stream])
        if item_of(entry) == item.pk and (title := step_label(entry.kind))
    ]


def item_of(entry: LedgerEntry) -> int | None:
    """Return the id of the document that a step was taken with, or about."""
    if entry.kind.startswith(f"{CaseItem.MACHINE}."):
        return int(entry.payload["id"])
    about: int | None = entry.payload.get("item")
    return about


def why(deadline: Deadline) -> str:
    """Explain a date, from the steps of the count that the row keeps."""
    return told(Why(code, facts) for code, facts in deadline.reasons)


def standing(deadline: Deadline, at: datetime) -> str:
    """Say how a clock stands that does not run towards its date, "" for one that
    does: what stands still, or has passed a date that may still move, is not late."""
    if deadline.ended_at is not None:
        return str(deadline.get_ending_display())
    if deadline.paused_at is not None:
        return _("暂停计时")
    return "" if deadline.is_certain or deadline.due_at > at else _("日期待定")


def ranges(numbers: Sequence[int]) -> str:
    """Return 1–3、7 for 1, 2, 3, 7; the numbers come in order."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(f"{a}–{b}" if a < b else f"{a}" for a, b in runs)


def last_day_of(deadline: Deadline) -> date:
    """Return the day whose 24:00 ends a clock in days, where it is counted."""
    ends = deadline.due_at.astimezone(zone_in(deadline))
    return (ends - timedelta(microseconds=1)).date()


def moment(at: datetime) -> str:
    """Write an instant as it is read in China: midnight ends the day before it."""
    local = at.astimezone(CHINA)
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def article_of(deadline: Deadline) -> str:
    """Return what the clock rests on, as the row keeps it, in the reader's language."""
    if deadline.term != "window" or not is_profile(deadline.profile):
        return _(deadline.article)
    return str(profile_of(deadline.profile).term("window").article)


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


def other_case(entry: LedgerEntry) -> str:
    """Name the case that was merged with this one, or taken apart from it; "" for an
    entry of anything else."""
    if entry.kind not in MERGERS:
        return ""
    if "merged" not in entry.payload:
        before = ledger.entries_of([entry.stream]).filter(pk__lte=entry.pk)
        entry = before.filter(kind="copyright.merge").latest("id")
    case = Case.objects.get(pk=entry.payload.get("merged") or entry.payload["into"])
    return _("案件 %(reference)s") % {"reference": case.stream}


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
        return other_case(entry)
    note = _("第 %(position)d 项，文档 %(number)s") % {
        "position": item.position,
        "number": item.document.number,
    }
    if measure := entry.payload.get("measure"):
        note += " · " + str(Restriction.Level(measure).label)
    if finding := entry.payload.get("finding"):
        note += " · " + str(Finding(finding).label)
    return note
