"""manage.py replay_threshold: what another threshold would change, before it does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from evidence.actors import SYSTEM, Role
from evidence.management.readiness import ensure_database, refusal
from evidence.replay import Replay, replay
from evidence.shelving import Shelver
from evidence.thresholds import (
    CHANGEABLE,
    NoSuchThreshold,
    changed,
    in_force,
    set_threshold,
)
from moderation.touched import Touched, touched_by


class Command(BaseCommand):
    help = "Show the leads and decisions that NAME=VALUE would touch."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("change", metavar="NAME=VALUE", help=", ".join(CHANGEABLE))
        parser.add_argument(
            "--save", action="store_true", help="use the value from now on"
        )

    def handle(self, *args: Any, change: str, save: bool, **options: Any) -> None:
        name, value = _parsed(change)
        ensure_database()
        try:
            params = changed(in_force(), {name: value})
        except NoSuchThreshold as error:
            raise refusal(f"{error}: one of {', '.join(CHANGEABLE)}") from error
        for step in replay(params):
            if isinstance(step, Replay):
                self._print(touched_by(step))
            else:
                self.stderr.write(f"{step} texts")
        if save:
            at = timezone.now()
            set_threshold(name, value, Shelver(SYSTEM, Role.SYSTEM, at))
            self.stderr.write(f"saved {name}={value:g}")

    def _print(self, touched: Touched) -> None:
        for sign, leads in (("-", touched.lost), ("+", touched.gained)):
            for one, other in leads:
                self.stdout.write(f"{sign} {one} ~ {other}")
        for reference in touched.decided:
            self.stdout.write(f"decided {reference}")
        self.stdout.write(
            f"texts={touched.texts} lost={len(touched.lost)}"
            f" gained={len(touched.gained)} decisions={len(touched.decided)}"
        )


def _parsed(change: str) -> tuple[str, float]:
    name, _, value = change.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError as error:
        raise refusal("a change is NAME=VALUE, the value a number") from error
