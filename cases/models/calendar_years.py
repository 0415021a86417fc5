"""What compliance has entered of the State Council's calendar, year by year."""

from datetime import date

from django.db import models

from cases.calendars import ChineseCalendar, Corrections


class CalendarYear(models.Model):
    """The override table: days that stand over the library's, as ISO dates.

    is_official: the year's arrangement has been entered whole, so that its dates
    are no longer provisional. source: the document it was taken from.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    days_off = models.JSONField(default=list)
    work_days = models.JSONField(default=list)
    is_official = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


def chinese_calendar() -> ChineseCalendar:
    """Return the calendar as corrected so far: one small query."""
    works: dict[date, bool] = {}
    years = []
    for row in CalendarYear.objects.all():
        works |= {date.fromisoformat(day): False for day in row.days_off}
        works |= {date.fromisoformat(day): True for day in row.work_days}
        if row.is_official:
            years.append(row.year)
    return ChineseCalendar(Corrections(works, frozenset(years)))
