"""The worker's part: read the file, compare it, and let the policy say what follows.

Each step looks whether it has been done, so a job that was killed anywhere is simply
run again.
"""

from datetime import datetime

from django.db import transaction

from cases.accounts import is_watched
from cases.errors import CaseMovedOn
from cases.gate.findings import KEPT, findings_on
from cases.gate.policy import in_force, severest
from cases.models import Submission
from cases.models.submissions import Outcome
from cases.services import advance
from cases.workflows.submission import SubmissionState
from evidence import pipeline, progress, thresholds
from evidence.actors import SYSTEM
from evidence.models import Text
from evidence.progress import Stage

STEPS = 3
CONSEQUENCE = {
    Outcome.CLEARED: "clear",
    Outcome.HELD: "hold",
    Outcome.REFUSED: "refuse_by_policy",
}


def screen(pk: int, *, at: datetime) -> None:
    """Bring a received file to its result. Returns at once when another worker has
    it, or when its text is in another worker's hands: then it waits its turn."""
    row = progress.claim(Submission, pk, at=at)
    if row is None:
        return
    text = _read(row, at=at)
    if text.is_open:
        progress.put_back(row)
        return
    if text.stage == Stage.FAILED:
        progress.fail(row, text.error)
        return
    if not progress.report(row, 1, STEPS, at=at):
        return
    try:
        _judge(row, text, at=at)
    except CaseMovedOn:
        # A worker whose lease ran out has been overtaken: the other one's word holds.
        return
    progress.report(row, STEPS, STEPS, at=at)
    progress.finish(row)


def _read(row: Submission, *, at: datetime) -> Text:
    progress.report(row, 0, STEPS, at=at)
    pipeline.process(row.text_id, at=at)
    return Text.objects.select_related("blob").get(pk=row.text_id)


def _judge(row: Submission, text: Text, *, at: datetime) -> None:
    if text.state == Text.State.REFUSED:
        if row.state == SubmissionState.RECEIVED:
            advance(row, "turn_away", by=SYSTEM, at=at, code=text.refusal)
        return
    if row.state == SubmissionState.RECEIVED:
        _keep_findings(row, text, at=at)
        row = Submission.objects.get(pk=row.pk)
    if row.state == SubmissionState.SCREENED:
        found = row.findings.values_list("likeness", "outcome").order_by("pk")
        rule, outcome = severest([(code, Outcome(said)) for code, said in found])
        if outcome == Outcome.CLEARED and is_watched(row.seller, at=at):
            rule, outcome = "watched", Outcome.HELD
        advance(row, CONSEQUENCE[outcome], by=SYSTEM, at=at, rule=rule)


def _keep_findings(row: Submission, text: Text, *, at: datetime) -> None:
    """Findings and the step stand or fall together: they are never kept twice."""
    rules = in_force()
    with transaction.atomic():
        found = findings_on(row, text, rules)
        advance(
            row,
            "screen",
            by=SYSTEM,
            at=at,
            findings=len(found),
            parameters=thresholds.in_force().digest(),
        )
        Submission.objects.filter(pk=row.pk).update(policy=rules)
        row.findings.bulk_create(found[:KEPT])
