"""The arrangement of a year, as compliance types it from the State Council's notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.calendar_entries import Arrangement
from cases.calendars import CHINA, DAY, LIBRARY, SATURDAY
from cases.models import CalendarYear
from cases.models.calendar_years import chinese_calendar

# No block of days off has been longer than ten days.
LONGEST = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class YearShown:
    """How a year stands: known to the library, entered here, or not known yet."""

    year: int
    is_published: bool
    is_entered: bool
    days_off: int
    work_days: int
    source: str


def years_shown(at: datetime) -> list[YearShown]:
    """The years around today, the newest first, and every other that was entered."""
    this = at.astimezone(CHINA).year
    entered = {row.year: row for row in CalendarYear.objects.all()}
    china = chinese_calendar()
    return [
        YearShown(
            year=year,
            is_published=china.is_published(year),
            is_entered=year in entered,
            days_off=len(entered[year].days_off) if year in entered else 0,
            work_days=len(entered[year].work_days) if year in entered else 0,
            source=entered[year].source if year in entered else "",
        )
        for year in sorted({this - 1, this, this + 1, *entered}, reverse=True)
    ]


class DaysField(forms.CharField):
    """Days, one or a range a line: 2027-02-05, or 2027-02-05/2027-02-11."""

    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: Any) -> Any:
        lines = str(value or "").split()
        return tuple(day for line in lines for day in _days(line))


class ArrangementForm(forms.Form):
    days_off = DaysField(
        label=gettext_lazy("放假的日期"),
        required=False,
        help_text=gettext_lazy(
            "每行一天或一段，例如 2027-02-05 或 2027-02-05/2027-02-11。"
        ),
    )
    work_days = DaysField(
        label=gettext_lazy("调休上班的日期"),
        required=False,
        help_text=gettext_lazy("须为周六或周日。"),
    )
    is_official = forms.BooleanField(
        label=gettext_lazy("该年度的安排已完整录入"),
        required=False,
        help_text=gettext_lazy("勾选后，该年度的期限不再是待定日期。"),
    )
    source = forms.CharField(
        label=gettext_lazy("文件依据"),
        max_length=200,
        help_text=gettext_lazy("例如国务院办公厅通知的文号和日期。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, year: CalendarYear, **kwargs: Any) -> None:
        self.year = year.year
        initial = {
            "days_off": "\n".join(year.days_off),
            "work_days": "\n".join(year.work_days),
            "is_official": year.is_official,
            "source": year.source,
            "version": year.version,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        off, work = cleaned.get("days_off", ()), cleaned.get("work_days", ())
        for name, days in (("days_off", off), ("work_days", work)):
            if foreign := [day for day in days if day.year != self.year]:
                words = _("%(day)s 不在 %(year)d 年。")
                told = {"day": foreign[0], "year": self.year}
                self.add_error(name, words % told)
        if both := set(off) & set(work):
            self.add_error("work_days", _("%s 同时列为放假和上班。") % min(both))
        if weekdays := [day for day in work if day.weekday() < SATURDAY]:
            self.add_error("work_days", _("%s 不是周六或周日。") % weekdays[0])
        if (
            cleaned.get("is_official")
            and not off
            and not LIBRARY.is_published(self.year)
        ):
            self.add_error("is_official", _("没有列出任何放假日期，不能视为完整录入。"))
        return cleaned

    def arrangement(self) -> Arrangement:
        return Arrangement(
            self.year,
            self.cleaned_data["days_off"],
            self.cleaned_data["work_days"],
            self.cleaned_data["is_official"],
            self.cleaned_data["source"],
        )


def _days(line: str) -> Iterator[date]:
    first, _slash, last = line.partition("/")
    try:
        day = date.fromisoformat(first)
        end = date.fromisoformat(last) if last else day
    except ValueError as error:
        raise ValidationError(_("“%s”不是日期。") % line) from error
    if not day <= end <= day + LONGEST:
        raise ValidationError(_("“%s”不是一段日期。") % line)
    while day <= end:
        yield day
        day += DAY
