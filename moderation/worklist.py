"""Everything that a worker works on, and how a row of it is nudged.

The rows are the truth: `tick` nudges what waits or whose worker has died, so a lost
task costs time and nothing else.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cases.gate import tasks as gate_tasks
from cases.models import Submission
from evidence import tasks as evidence_tasks
from evidence.models import ShelfSearch, Text, ThresholdReplay
from evidence.progress import Progress, ProgressQuerySet
from reports import tasks as report_tasks
from reports.models import CaseFile

WORK: dict[type[Progress], Callable[[Any], object]] = {
    Text: lambda pk: evidence_tasks.process_text.enqueue(pk),
    Submission: lambda pk: gate_tasks.screen_submission.enqueue(pk),
    ShelfSearch: lambda pk: evidence_tasks.seek_proposals.enqueue(pk),
    ThresholdReplay: lambda pk: evidence_tasks.replay_threshold.enqueue(pk),
    CaseFile: lambda pk: report_tasks.render_case_file.enqueue(pk),
}


def nudge_waiting(*, at: datetime) -> int:
    """Nudge every row that can be claimed now; return how many there were."""
    count = 0
    for model, nudge in WORK.items():
        for pk in ProgressQuerySet(model).claimable(at).values_list("pk", flat=True):
            nudge(pk)
            count += 1
    return count
