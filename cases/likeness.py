"""What an amended version still shares with the work that was complained of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from evidence.comparison import percent
from evidence.models import Match, Text
from evidence.progress import Stage

if TYPE_CHECKING:
    from cases.models import CounterNotice


class Comparison(models.TextChoices):
    """How far the two were compared. Where either has no text, that nothing was found
    says nothing."""

    OPEN = "open"
    UNREADABLE = "unreadable"
    DONE = "done"


def comparison_of(counter: CounterNotice) -> Comparison | None:
    """None where no amended version came. One query, without the texts."""
    if counter.amended_id is None:
        return None
    both = (counter.amended_id, counter.item.work.sample_id)
    told = Text.objects.filter(pk__in=both).values_list("stage", "state")
    stages, states = map(set, zip(*told, strict=True))
    if stages & {Stage.QUEUED, Stage.RUNNING}:
        return Comparison.OPEN
    is_read = stages == {Stage.DONE} and states == {Text.State.OK}
    return Comparison.DONE if is_read else Comparison.UNREADABLE


def remaining_likeness(counter: CounterNotice) -> Match | None:
    """The newest comparison of the two; None when they share nothing, or there is no
    amended version."""
    if counter.amended_id is None:
        return None
    rows = Match.objects.filter(
        query=counter.item.work.sample_id, found=counter.amended_id
    )
    return rows.order_by("at", "pk").last()


def percent_left(counter: CounterNotice) -> int:
    """How much of the work the amended version still holds, in whole per cent."""
    left = remaining_likeness(counter)
    return percent(left.containment_query) if left else 0


def permille_left(counter: CounterNotice) -> int:
    left = remaining_likeness(counter)
    return round(left.containment_query * 1_000) if left else 0
