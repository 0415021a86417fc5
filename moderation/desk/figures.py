"""The figures over the queue: counted from the rows, never kept beside them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from cases.calendars import CHINA
from cases.clocks import CLOCKS
from cases.models import Case, CaseItem, Deadline
from cases.models.deadline import CERTAIN
from cases.workflows.copyright import CaseState
from moderation.desk.queue import PRESSING
from moderation.desk.words import spoken

DAYS = 14
ANSWERED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figure:
    """One card: tone is "", good or bad."""

    label: str
    value: str
    note: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    on: date
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class Days:
    """What was filed and closed on each of the last days; peak: an even number that
    no day exceeds, so that half of it stands on the axis."""

    days: tuple[Day, ...]
    peak: int


def figures(*, at: datetime) -> list[Figure]:
    midnight = datetime.combine(at.astimezone(CHINA).date(), time(), CHINA)
    return [_review(midnight), _due(at), _closed(midnight), _answered(at)]


def _review(midnight: datetime) -> Figure:
    row = (
        Case.objects.filed()
        .complaints()
        .aggregate(
            waiting=Count("pk", filter=Q(state=CaseState.SUBMITTED)),
            today=Count("pk", filter=Q(submitted_at__gte=midnight)),
        )
    )
    return Figure(
        _("待形式审查"),
        str(row["waiting"]),
        _("今日新收 %(count)d 件") % {"count": row["today"]},
    )


def _due(at: datetime) -> Figure:
    row = (
        Deadline.objects.running()
        .filter(case__kind=Case.Kind.COPYRIGHT)
        .aggregate(
            soon=Count(
                "case",
                filter=Q(due_at__gt=at, due_at__lte=at + PRESSING),
                distinct=True,
            ),
            late=Count("case", filter=CERTAIN & Q(due_at__lte=at), distinct=True),
        )
    )
    if row["late"]:
        note, tone = _("%(count)d 件已超时") % {"count": row["late"]}, "bad"
    else:
        note, tone = _("没有超时案件"), "good"
    return Figure(_("24 小时内到期"), str(row["soon"]), note, tone)


def _closed(midnight: datetime) -> Figure:
    closed = _disposed().filter(closed_at__gte=midnight).count()
    decided = CaseItem.objects.filter(decided_at__gte=midnight).count()
    note = _("今日处理文档 %(count)d 份") % {"count": decided}
    return Figure(_("今日办结"), str(closed), note)


def _answered(at: datetime) -> Figure:
    """The median time from filing to acceptance, the first that a complainant
    hears of us after the receipt."""
    label = _("首次响应中位数")
    waited = median_wait(since=at - ANSWERED_WITHIN)
    if waited is None:
        return Figure(label, "—", _("近 30 天没有受理案件"))
    target = timedelta(hours=CLOCKS["review"].length)
    note = _("近 30 天；目标 %(hours)d 小时内") % {"hours": CLOCKS["review"].length}
    return Figure(label, spoken(waited), note, "good" if waited <= target else "bad")


def median_wait(*, since: datetime) -> timedelta | None:
    """Return the median of accepted − submitted, found by the database's order."""
    rows = Case.objects.filter(accepted_at__gte=since, submitted_at__isnull=False)
    waits = rows.annotate(wait=F("accepted_at") - F("submitted_at")).order_by("wait")
    count = rows.count()
    if not count:
        return None
    middle: list[timedelta] = list(
        waits.values_list("wait", flat=True)[(count - 1) // 2 : count // 2 + 1]
    )
    return sum(middle, timedelta()) / len(middle)


def last_days(*, at: datetime) -> Days:
    """Count what was filed and what was closed on each of the last 14 days."""
    today = at.astimezone(CHINA).date()
    dates = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    since = datetime.combine(dates[0], time(), CHINA)
    received = Case.objects.complaints()
    opened = _by_day(received, "submitted_at", since)
    closed = _by_day(_disposed(), "closed_at", since)
    days = tuple(
        Day(f"{day:%m-%d}", day, opened.get(day, 0), closed.get(day, 0))
        for day in dates
    )
    return Days(days, _peak(max(max(day.opened, day.closed) for day in days)))


def _disposed() -> QuerySet[Case]:
    """A merged notice was received, but is disposed of with the case it went to."""
    return Case.objects.complaints().exclude(state=CaseState.MERGED)


def _by_day(cases: QuerySet[Case], moment: str, since: datetime) -> dict[date, int]:
    rows = cases.filter(**{f"{moment}__gte": since})
    days = rows.annotate(day=TruncDate(moment, tzinfo=CHINA)).values_list("day")
    return dict(days.annotate(Count("pk")).order_by())


def _peak(highest: int) -> int:
    """Return the least of 4, 10, 20, 40, 100, … that is not exceeded."""
    scale = 1
    while True:
        for step in (4, 10, 20):
            if highest <= step * scale:
                return step * scale
        scale *= 10
