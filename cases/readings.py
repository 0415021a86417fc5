"""How counsel reads what the law leaves open: the options of a clock profile."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from cases.calendars import CHINA, has_public_holidays
from cases.member_states import name_of, zone_of_state

CHINAS = "CN"


@dataclass(frozen=True, slots=True)
class Readings:
    """How open questions of the law are read (docs/adr).

    weekends: plain weekends are rest days on which no period ends (民法典 203).
    cap: the 20 工作日 of 法释〔2020〕9号 limit the delay alone, or the whole period.
    zone, calendar: whose midnight and whose days off end a period of an act of the
    Union: CN, or a member state as in DE, DE-BY.
    """

    weekends: bool = True
    cap: Literal["delay", "whole"] = "delay"
    zone: ZoneInfo = CHINA
    calendar: str = CHINAS

    def words(self) -> Iterator[str]:
        """What differs from the common reading, for those who release and choose."""
        if not self.weekends:
            yield _("末日为普通周末的，不顺延")
        if self.cap == "whole":
            yield _("全部期限以二十个工作日为限")
        if self.calendar != CHINAS:
            words = _("末日依%(state)s的公共假日、星期六和星期日顺延")
            yield words % {"state": name_of(self.calendar)}
        if self.zone != CHINA:
            yield _("各日以 %(zone)s 时间为准") % {"zone": self.zone.key}


COURT_PRACTICE = Readings()


def read_option(readings: Readings, key: str, value: str) -> Readings:
    """Return the readings with one option more. A state brings its zone along: one
    that is named besides has to be read after it.

    Raises ValueError naming the option that there is none of.
    """
    match key, value:
        case "weekends", "rest" | "work":
            return replace(readings, weekends=value == "rest")
        case "cap", "delay" | "whole":
            return replace(readings, cap=value)
        case "calendar", _code:
            return replace(readings, calendar=value, zone=_zone_by(value))
        case "zone", _name:
            return replace(readings, zone=_zone(value))
    raise ValueError(f"a clock profile has no option {key}={value}")


def _zone_by(calendar: str) -> ZoneInfo:
    zone = CHINA if calendar == CHINAS else zone_of_state(calendar)
    if zone is None or not (calendar == CHINAS or has_public_holidays(calendar)):
        raise ValueError(f"no such calendar of a member state: {calendar}")
    return zone


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name}") from error
