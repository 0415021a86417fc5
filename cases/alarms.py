"""What is wrong with the clocks now, for the desk.

Alarms are read from the rows themselves, never kept beside them: a deadline that has
run out and is still open cannot exist without one, whether a scheduler runs or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import errors
from cases.calendars import CHINA
from cases.chronicle import moment
from cases.clocks import CLOCKS
from cases.errors import Sentence
from cases.firing import FIRING, UNFORESEEN
from cases.models import CaseItem, Deadline, DeliveryFailure, Heartbeat, Notice
from cases.models.calendar_years import chinese_calendar
from cases.models.heartbeats import CHECKPOINT, SCHEDULER
from cases.notices import Kind as Letter

# A scheduler comes round every half minute; so long may it be silent.
SILENCE = timedelta(minutes=5)
# So long may a letter be under way, and a clock stand still.
UNDER_WAY = timedelta(days=3)
STANDING = timedelta(days=30)
# The State Council announces the next year in November.
ANNOUNCED = 12


class Kind(models.TextChoices):
    SCHEDULER = "scheduler", gettext_lazy("调度停止")
    LEDGER = "ledger", gettext_lazy("台账未封存")
    REFUSED = "refused", gettext_lazy("到期未执行")
    OVERDUE = "overdue", gettext_lazy("已超时")
    UNDELIVERED = "undelivered", gettext_lazy("文书未送达")
    UNARRIVED = "unarrived", gettext_lazy("送达未确认")
    ASKED = "asked", gettext_lazy("延期申请待审查")
    STANDING = "standing", gettext_lazy("长期暂停")
    PROVISIONAL = "provisional", gettext_lazy("日期待定")
    CALENDAR = "calendar", gettext_lazy("日历未载入")


UNFORESEEN_SENTENCE = gettext_lazy("执行时出现程序错误，请联系运维查看日志。")


@dataclass(frozen=True, slots=True)
class Alarm:
    """deadline is None where the alarm is about the machinery; letter: the one that
    reached nobody."""

    kind: Kind
    since: datetime
    sentence: str
    deadline: Deadline | None = None
    letter: Notice | None = None


def alarming(at: datetime) -> models.QuerySet[Deadline]:
    """The open deadlines that somebody must look at."""
    return Deadline.objects.open().filter(
        Q(paused_at__isnull=True, due_at__lte=at)
        | Q(paused_at__lte=at - STANDING)
        | Q(provisional=True)
        | Q(awaits_arrival=True, trigger__at__lte=at - UNDER_WAY)
        | Q(awaits_arrival=True, pk__in=_undelivered().values("pk"))
        | Q(clock="waiting", item__extension_asked_at__isnull=False)
    )


def undelivered_count() -> int:
    """How many terms do not begin because their letter reached nobody."""
    return _undelivered().count()


def _undelivered() -> models.QuerySet[Deadline]:
    failed = DeliveryFailure.objects.filter(notice__entry=models.OuterRef("trigger"))
    rows = Deadline.objects.open().filter(awaits_arrival=True)
    return rows.filter(models.Exists(failed))


def failing_count(*, at: datetime) -> int:
    """How many deadlines have run out and stand open. What waits for the arrival of
    its letter has not begun: that is an alarm of its own."""
    return Deadline.objects.due(at).filter(awaits_arrival=False).count()


def alarm_count(*, at: datetime) -> int:
    return alarming(at).count() + len(_of_the_machinery(at))


def alarms(*, at: datetime, limit: int = 200) -> list[Alarm]:
    """Return what is wrong, the machinery first, then the oldest dates."""
    rows = alarming(at).select_related("case", "item__document", "trigger")
    found = list(rows.order_by("due_at", "pk")[:limit])
    failed = _failed_letters(found)
    return _of_the_machinery(at) + [
        _of_failure(row, failed[row.pk]) if row.pk in failed else _of_row(row, at)
        for row in found
    ]


def refusal_told(code: str) -> Sentence:
    """Say why a step was refused, from the name of the error that the row keeps."""
    error = getattr(errors, code, None)
    return UNFORESEEN_SENTENCE if code == UNFORESEEN or not error else error.sentence


def scheduler_alarms(at: datetime) -> list[Alarm]:
    """Say when nobody fires deadlines."""
    beat = Heartbeat.objects.filter(name=SCHEDULER).first()
    waits = Deadline.objects.to_fire(at - SILENCE).filter(clock__in=FIRING)
    if (beat is None or beat.at <= at - SILENCE) and (beat or waits.exists()):
        since = beat.at if beat else at
        sentence = _("调度程序没有运行，到期的期限不会执行。请启动 manage.py work。")
        return [Alarm(Kind.SCHEDULER, since, sentence)]
    return []


def sealing_alarms(at: datetime) -> list[Alarm]:
    """Say when the ledger could not be sealed although somebody comes round."""
    rows = Heartbeat.objects.filter(name__in=[SCHEDULER, CHECKPOINT])
    beats = dict(rows.values_list("name", "at"))
    if SCHEDULER not in beats:
        return []
    since = beats.get(CHECKPOINT)
    if since and beats[SCHEDULER] - since < SILENCE:
        return []
    sentence = _("台账未能封存：其内容与此前封存的不符，或封存文件不可写。")
    sentence += _("请立即运行 verify_ledger。")
    return [Alarm(Kind.LEDGER, since or at, sentence)]


def _of_the_machinery(at: datetime) -> list[Alarm]:
    found = scheduler_alarms(at) + sealing_alarms(at)
    local = at.astimezone(CHINA)
    year = local.year + (local.month >= ANNOUNCED)
    if not chinese_calendar().is_published(year):
        words = _("%(year)d 年的放假安排尚未载入，请合规人员录入。")
        found.append(Alarm(Kind.CALENDAR, at, words % {"year": year}))
    return found


def _failed_letters(rows: Sequence[Deadline]) -> dict[int, DeliveryFailure]:
    """Return the failure of the letter that each row waits for, by the row."""
    waiting = {row.trigger_id: row for row in rows if row.awaits_arrival}
    failures = DeliveryFailure.objects.filter(notice__entry__in=waiting)
    return {
        waiting[each.notice.entry_id].pk: each
        for each in failures.select_related("notice").order_by("-at")
    }


def _of_failure(row: Deadline, failure: DeliveryFailure) -> Alarm:
    letter = failure.notice
    facts = {
        "letter": Letter(letter.kind).label,
        "number": letter.number,
        "clock": CLOCKS[row.clock].label,
    }
    words = _(
        "%(letter)s（%(number)s）未能送达收件人，“%(clock)s”不起算。"
        "请改用其他地址送达，到达后登记。"
    )
    sentence = words % facts
    if (CaseItem.MACHINE, "announce") in CLOCKS[row.clock].voids:
        sentence += _("决定满三日仍未送达的，请公告。")
    return Alarm(Kind.UNDELIVERED, failure.at, sentence, row, letter)


def _of_row(row: Deadline, at: datetime) -> Alarm:
    facts = {"clock": CLOCKS[row.clock].label, "ends": moment(row.due_at)}
    if row.paused_at and row.paused_at <= at - STANDING:
        words = _("“%(clock)s”暂停已超过三十日。")
        return Alarm(Kind.STANDING, row.paused_at, words % facts, row)
    if row.due_at <= at and row.refusal:
        sentence = str(refusal_told(row.refusal))
        return Alarm(Kind.REFUSED, row.refused_at or row.due_at, sentence, row)
    if row.due_at <= at and not row.provisional:
        words = _("“%(clock)s”已于 %(ends)s 届满。")
        return Alarm(Kind.OVERDUE, row.due_at, words % facts, row)
    if asked := _asked_at(row):
        words = _("投诉人申请延长“%(clock)s”，请法务在 %(ends)s 之前审查：届满即恢复。")
        return Alarm(Kind.ASKED, asked, words % facts, row)
    if row.awaits_arrival:
        words = _("“%(clock)s”自到达起算，文书是否到达尚未确认。")
        return Alarm(Kind.UNARRIVED, row.trigger.at, words % facts, row)
    words = _("“%(clock)s”暂定于 %(ends)s 届满，放假安排载入后重新计算。")
    return Alarm(Kind.PROVISIONAL, row.started_at, words % facts, row)


def _asked_at(row: Deadline) -> datetime | None:
    is_waiting = row.clock == "waiting" and row.item is not None
    return row.item.extension_asked_at if is_waiting and row.item else None
