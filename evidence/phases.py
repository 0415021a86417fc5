"""How far a file is, in the words that people read."""

from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from evidence.models import Text
from evidence.progress import Stage


class Phase(models.TextChoices):
    RECEIVED = "received", _("已接收")
    PROCESSING = "processing", _("处理中")
    PROCESSED = "processed", _("已处理")
    NO_TEXT = "no_text", _("无可比对文字")
    REFUSED = "refused", _("已拒绝")
    FAILED = "failed", _("失败，可重试")


_ENDS = {
    Text.State.NO_TEXT: Phase.NO_TEXT,
    Text.State.REFUSED: Phase.REFUSED,
}


def phase_of(stage: str, state: str) -> Phase:
    """Return the phase of work at a stage over a text in a state."""
    if stage == Stage.QUEUED and state == Text.State.RECEIVED:
        return Phase.RECEIVED
    if stage in (Stage.QUEUED, Stage.RUNNING):
        return Phase.PROCESSING
    if stage != Stage.DONE:
        return Phase.FAILED
    return _ENDS.get(Text.State(state), Phase.PROCESSED)


class Tally:
    """How many files are in each phase, as a page shows it."""

    def __init__(self, phases: Iterable[tuple[Phase, int]]) -> None:
        counted: Counter[Phase] = Counter()
        for phase, files in phases:
            counted[phase] += files
        self.counts = [(phase, counted[phase]) for phase in Phase]
        self.total = counted.total()
        self.waiting = counted[Phase.RECEIVED] + counted[Phase.PROCESSING]
        self.done = self.total - self.waiting
