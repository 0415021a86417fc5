"""Who may do what with a report, and what its case has to be like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.permissions.desk import (
    READERS,
    holds,
    is_independent,
    is_senior,
    may_enter_papers,
    may_examine,
    may_examine_or_system,
)
from cases.reasons import REASONS
from evidence.actors import Actor

if TYPE_CHECKING:
    from cases.models import Case, ReportCase

# From here on a measure weighs so much that a senior decides.
MANY_DOCUMENTS = 20
MANY_DOWNLOADS = 10_000


def anyone(subject: Any, actor: Actor) -> bool:
    """生态治理规定 16: whoever reports is heard, with a name or without."""
    return True


def speaks_for_report(case: ReportCase, actor: Actor) -> bool:
    """One of those who reported, by account or by the query code, and whose report
    still stands."""
    return case.reports.standing().by(actor).exists()


def may_see(case: Case, actor: Actor) -> bool:
    """Any member of the staff with no part in the case: an alarm is answered by who
    is there."""
    return actor.duty in READERS and is_independent(case, actor)


def may_receive_paper(case: Case, actor: Actor) -> bool:
    return may_enter_papers(actor) and is_independent(case, actor)


def may_restrict(case: Case, actor: Actor) -> bool:
    """The policy of compliance (the system), or an examiner who has looked."""
    return may_examine_or_system(case, actor)


def may_rule(case: ReportCase, actor: Actor) -> bool:
    """Escalated cases, and those that weigh much, are for seniors."""
    if case.state == "escalated" or weighs_much(case):
        return is_senior(case, actor) and holds(case, actor)
    return may_examine(case, actor)


def weighs_much(case: ReportCase) -> bool:
    rows = list(case.reported_documents.values_list("snapshot__listing", flat=True))
    downloads = sum(row.get("downloads") or 0 for row in rows)
    return len(rows) > MANY_DOCUMENTS or downloads >= MANY_DOWNLOADS


def is_urgent(case: ReportCase) -> bool:
    return case.priority == 0


def awaits_its_first_ruling(case: ReportCase) -> bool:
    """What a ruling restricts is changed by another ruling alone."""
    return case.decided_at is None


def may_be_asked(case: ReportCase) -> bool:
    """Once a case, and never where every hour counts."""
    return not is_urgent(case) and not case.answers.exists()


def may_lapse(case: ReportCase) -> bool:
    """What is urgent is judged by a person, whoever was asked what."""
    return not is_urgent(case)


def may_be_left(case: ReportCase) -> bool:
    """P0 and P1 go on whether the reporter wants it or not, and so does what was
    decided and is opened again."""
    calm = case.priority is not None and case.priority > 1
    return calm and case.decided_at is None


def is_about_copyright(case: ReportCase) -> bool:
    return REASONS[case.reason].transfers


def was_set_aside(case: ReportCase) -> bool:
    """Closed as abuse: nothing was decided and nobody was asked in vain."""
    return case.decided_at is None


def was_decided(case: ReportCase) -> bool:
    return case.rulings.exists()


def is_under_measures(case: ReportCase) -> bool:
    """What a ruling restricts; what was held back before it is another matter."""
    return case.decided_at is not None and _holds_documents(case)


def is_restricted_before_review(case: ReportCase) -> bool:
    return case.decided_at is None and _holds_documents(case)


def holds_no_document(case: ReportCase) -> bool:
    """What the case restricts has to be let go by a step of its own: where the case
    goes, no clock would end it."""
    return not _holds_documents(case)


def _holds_documents(case: ReportCase) -> bool:
    held = case.reported_documents.filter(
        restrictions__isnull=False, restrictions__lifted_at__isnull=True
    )
    return held.exists()
