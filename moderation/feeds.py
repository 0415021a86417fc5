"""Deadlines as a calendar that other programs subscribe to (RFC 5545).

Holds case numbers, document numbers and clocks: no name, no title.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from cases.calendars import DAY
from cases.chronicle import article_of, last_day_of, why
from cases.clocks import CLOCKS
from cases.models import Case, Deadline
from evidence.actors import Actor

# Programs ask again about so often.
REFRESH = timedelta(hours=1)
# What runs through to a moment; all else ends with a day.
TIMED = ("minute", "hour")


def deadlines_for(actor: Actor) -> Iterable[Deadline]:
    """The open deadlines of every case that a person may see, the earliest first."""
    cases = Case.objects.visible_to(actor).filed()
    rows = Deadline.objects.open().filter(case__in=cases)
    return rows.select_related("case", "item__document").order_by("due_at", "pk")


def calendar_of(rows: Iterable[Deadline], *, site: str, at: datetime) -> bytes:
    """Return the calendar as bytes; site: the origin of the links, without a slash."""
    calendar = Calendar()
    calendar.add("prodid", "-//Anjian//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("案件期限"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows:
        calendar.add_component(_event(row, site, at))
    return bytes(calendar.to_ical())


def _event(row: Deadline, site: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"deadline-{row.pk}@anjian")
    event.add("dtstamp", at)
    if row.unit in TIMED:
        # In UTC: who names a zone must define it as well (RFC 5545, 3.2.19).
        event.add("dtstart", row.due_at.astimezone(UTC))
    else:
        event.add("dtstart", last_day_of(row))
        event.add("dtend", last_day_of(row) + DAY)
    event.add("summary", _summary(row))
    event.add("description", f"{article_of(row)}\n{why(row)}")
    event.add("url", site + reverse("desk_case", args=[row.case.reference]))
    event.add("status", "TENTATIVE" if _is_open(row) else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add_component(_reminder(row))
    return event


def _is_open(row: Deadline) -> bool:
    """The date may still move."""
    return row.provisional or row.awaits_arrival or row.paused_at is not None


def _summary(row: Deadline) -> str:
    words = _("%(clock)s届满 %(case)s")
    told = words % {"clock": CLOCKS[row.clock].label, "case": row.case.reference}
    if row.item:
        told += " " + _("文档 %(number)s") % {"number": row.item.document.number}
    return _("（待定）%(summary)s") % {"summary": told} if _is_open(row) else told


def _reminder(row: Deadline) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _summary(row))
    alarm.add("trigger", -(timedelta(hours=2) if row.unit in TIMED else DAY))
    return alarm
