"""manage.py deadlines: what will fire, whether its guards hold now, and which clocks
run out that fire nothing."""

import re
from argparse import ArgumentTypeError
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.chronicle import moment
from cases.firing import Coming, coming, for_people
from cases.models import Deadline
from evidence.management.answers import answer_json
from evidence.management.readiness import ensure_database
from moderation.management.instants import instant_argument

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})([mhd])", text)
    if not found:
        raise ArgumentTypeError(f"{text!r} is not a duration such as 72h, 3d or 90m")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


class Command(BaseCommand):
    help = (
        "List the deadlines that fire within a time, overdue ones first; then the "
        "clocks that run out and fire nothing, which only a person can stop."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--within", type=duration, required=True, metavar="72h")
        parser.add_argument("--at", type=instant_argument, metavar="INSTANT")
        parser.add_argument("--json", action="store_true")

    def handle(
        self,
        *args: Any,
        within: timedelta,
        at: datetime | None,
        json: bool,
        **options: Any,
    ) -> None:
        ensure_database()
        now = at or timezone.now()
        found = [_told(each, now) for each in coming(at=now, within=within)]
        people = [_placed(row, now) for row in for_people(at=now, within=within)]
        if json:
            until = (now + within).isoformat()
            told = {"at": now.isoformat(), "until": until, "deadlines": found}
            answer_json(self.stdout, told | {"people": people})
            return
        for each in found:
            guards = "holds" if each["holds"] else f"REFUSED: {each['reason']}"
            self.stdout.write(_line(each, f" → {each['fires']}", guards))
        for each in people:
            self.stdout.write(_line(each, "", "by a person"))
        self.stderr.write(f"{len(found)} deadlines, {len(people)} clocks for people")


def _line(each: dict[str, Any], fires: str, what: str) -> str:
    place = each["case"] + (f"/{each['item']}" if each["item"] else "")
    overdue = " overdue" if each["overdue"] else ""
    return f"{each['ends']}  {place}  {each['clock']}{fires}{overdue}  {what}"


def _told(each: Coming, now: datetime) -> dict[str, Any]:
    return _placed(each.deadline, now) | {
        "fires": each.fires,
        "holds": each.refused is None,
        "reason": str(each.refused) if each.refused else None,
    }


def _placed(row: Deadline, now: datetime) -> dict[str, Any]:
    return {
        "case": row.case.reference,
        "item": row.item.position if row.item else None,
        "document": row.item.document.number if row.item else None,
        "clock": row.clock,
        "due": row.due_at.isoformat(),
        "ends": moment(row.due_at),
        "overdue": row.due_at <= now,
        "provisional": row.provisional,
    }
