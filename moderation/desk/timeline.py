"""The whole record of a case in words, with what only the desk reads."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.chronicle import Event, events_of
from cases.errors import Sentence
from cases.models import Case, CaseItem
from evidence import ledger
from evidence.actors import Role
from evidence.ledger import LedgerEntry
from reports.timeline import subject_of, told

WORDS: dict[str, Sentence] = {
    "case.reveal": gettext_lazy("查看当事人完整信息"),
    "case.exhibit": gettext_lazy("下载权属证明"),
}
# So many entries of one act stand one by one; more of them become one line.
ONE_BY_ONE = 3


def timeline_of(case: Case, items: Sequence[CaseItem]) -> list[Event]:
    """Return every entry of the case's stream, the newest first.

    An act on many documents at once is one line. A kind without words is shown by
    its code: the desk hides nothing.
    """
    public = {event.hash: event for event in events_of(case, items)}
    positions = {item.pk: item.position for item in items}
    events = [
        public.get(entry.hash) or _event(entry, positions)
        for entry in ledger.entries_of([case.stream])
    ]
    return list(reversed(_gathered(events)))


def _event(entry: LedgerEntry, positions: dict[int, int]) -> Event:
    """Tell what the parties do not read: claims, downloads, snapshots."""
    return Event(
        title=str(WORDS.get(entry.kind) or told(entry.kind)),
        at=entry.at,
        by=str(Role(entry.role).label),
        note=subject_of(entry, positions),
        tone="",
        hash=entry.hash,
    )


def _gathered(events: Iterable[Event]) -> list[Event]:
    lines: list[Event] = []
    for _key, group in groupby(events, lambda event: (event.title, event.at)):
        acts = list(group)
        if len(acts) <= ONE_BY_ONE:
            lines += acts
            continue
        note = _("共 %(count)d 份文档，列出最后一条记录") % {"count": len(acts)}
        lines.append(replace(acts[-1], note=note))
    return lines
