"""Who may do what: one predicate a rule, named by the transitions.

Each takes the subject (a case or an item) and the actor. The order of questions is
fixed in services.py: is the step open now (409), then may this person take it (403).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cases.reasons import REASONS
from evidence.actors import Actor, Role

if TYPE_CHECKING:
    from cases.models import Appeal, Case, CaseItem, ReportCase, Submission
    from evidence.models import SellerAccount

EXAMINERS = frozenset({Role.MODERATOR, Role.SENIOR, Role.LEGAL})
READERS = EXAMINERS | {Role.COMPLIANCE}
SENIORS = frozenset({Role.SENIOR, Role.LEGAL})
# From here on a measure weighs so much that a senior decides.
MANY_DOCUMENTS = 20
MANY_DOWNLOADS = 10_000


def may_file(case: Case, actor: Actor) -> bool:
    """Only those who stand for the complainant or for its agent file a notice."""
    return bool({case.claimant_id, case.agent_id} & actor.parties)


def may_examine(case: Case, actor: Actor) -> bool:
    """An examiner who has claimed the case and has no part in it (I5)."""
    return (
        actor.duty in EXAMINERS and is_independent(case, actor) and holds(case, actor)
    )


def may_decide(item: CaseItem, actor: Actor) -> bool:
    """As for the case, and the decider does not sell the document."""
    seller = item.document.seller.party_id
    return may_examine(item.case, actor) and seller not in actor.parties


def may_submit(seller: SellerAccount, actor: Actor) -> bool:
    """Who stands for the account, and the marketplace itself."""
    return actor.duty == Role.MARKETPLACE or seller.party_id in actor.parties


def may_answer_for(submission: Submission, actor: Actor) -> bool:
    return may_submit(submission.seller, actor)


def may_review(submission: Submission, actor: Actor) -> bool:
    """An examiner who has no part in it: neither sells the file, nor holds what it
    resembles, nor has decided on it before it was contested."""
    holders = set(submission.findings.values_list("work__party", flat=True))
    return (
        actor.duty in EXAMINERS
        and not {submission.seller.party_id, *holders} & actor.parties
        and not submission.acts.filter(
            step__in=("release", "refuse"), actor=actor.label
        ).exists()
    )


def may_set_policy(actor: Actor) -> bool:
    return actor.duty == Role.COMPLIANCE


def policy_may_refuse(submission: Submission) -> bool:
    """Whatever the policy says, only on the finding that it may refuse on."""
    found = submission.findings.filter(outcome="refused")
    return found.filter(likeness="removed_copy").exists()


def is_uncontested(submission: Submission) -> bool:
    return submission.contested_at is None


def is_system(subject: Any, actor: Actor) -> bool:
    """A timer or a consequence: no person can take this step."""
    return actor.duty == Role.SYSTEM


def case_is_accepted(item: CaseItem) -> bool:
    """No document is decided on before the notice has passed the form check."""
    return item.case.state in ("accepted", "in_process")


def holds(case: Case, actor: Actor) -> bool:
    """The case is claimed by this person."""
    assignment = getattr(case, "assignment", None)
    return assignment is not None and assignment.user_id == actor.user_id


def is_independent(case: Case, actor: Actor) -> bool:
    """Who files a case, or answers in it, never handles it."""
    return not case.has_part(actor)


def may_claim(case: Case, actor: Actor) -> bool:
    return actor.duty in EXAMINERS and is_independent(case, actor)


def may_read_desk(actor: Actor) -> bool:
    return actor.duty in READERS


def may_keep_shelves(actor: Actor) -> bool:
    """What counts as copying, and from how much on, is compliance's to say."""
    return actor.duty == Role.COMPLIANCE


def may_report(case: Case, actor: Actor) -> bool:
    """Case files are for those who answer for them and have no part in the case:
    the full edition shows the other side."""
    sellers = {item.document.seller.party_id for item in _sold(case)}
    return (
        actor.duty in READERS
        and is_independent(case, actor)
        and not sellers & actor.parties
    )


def _sold(case: Case) -> Iterable[CaseItem]:
    return case.items.select_related("document__seller")


def role_on(subject: Any, actor: Actor) -> str:
    """Return the role in which this person acts on a case, an item, a submission."""
    case = getattr(subject, "case", None)
    return role_in(case, actor) if case else actor.duty or Role.UPLOADER


def role_in(case: Case, actor: Actor) -> str:
    """Return the role in which this person acts on this case, for the ledger."""
    return actor.duty or case.side_of(actor)


def anyone(subject: Any, actor: Actor) -> bool:
    """生态治理规定 16: whoever reports is heard, with a name or without."""
    return True


def may_examine_or_system(case: Case, actor: Actor) -> bool:
    return is_system(case, actor) or may_examine(case, actor)


def may_see(case: Case, actor: Actor) -> bool:
    """Any member of the staff with no part in the case: an alarm is answered by who
    is there."""
    return actor.duty in READERS and is_independent(case, actor)


def may_restrict(case: Case, actor: Actor) -> bool:
    """The policy of compliance (the system), or an examiner who has looked."""
    return may_examine_or_system(case, actor)


def is_senior(case: Case, actor: Actor) -> bool:
    return actor.duty in SENIORS and is_independent(case, actor)


def is_compliance(case: Case, actor: Actor) -> bool:
    return actor.duty == Role.COMPLIANCE and is_independent(case, actor)


def speaks_for_report(case: ReportCase, actor: Actor) -> bool:
    """One of those who reported: by account, or by the query code."""
    return case.is_reported_by(actor)


def may_rule(case: ReportCase, actor: Actor) -> bool:
    """Escalated cases, and those that weigh much, are for seniors."""
    if case.state == "escalated" or weighs_much(case):
        return is_senior(case, actor) and holds(case, actor)
    return may_examine(case, actor)


def weighs_much(case: ReportCase) -> bool:
    rows = list(case.reported_documents.values_list("snapshot__listing", flat=True))
    downloads = sum(row.get("downloads") or 0 for row in rows)
    return len(rows) > MANY_DOCUMENTS or downloads >= MANY_DOWNLOADS


def may_be_asked(case: ReportCase) -> bool:
    """Once a case, and never where every hour counts."""
    return not is_urgent(case) and not case.answers.exists()


def may_be_left(case: ReportCase) -> bool:
    """P0 and P1 go on whether the reporter wants it or not."""
    return case.priority is not None and case.priority > 1


def is_urgent(case: ReportCase) -> bool:
    return case.priority == 0


def was_set_aside(case: ReportCase) -> bool:
    """Closed as abuse: nothing was decided and nobody was asked in vain."""
    return case.decided_at is None


def is_about_copyright(case: ReportCase) -> bool:
    return REASONS[case.reason].transfers


def is_restricted_before_review(case: ReportCase) -> bool:
    active = case.reported_documents.filter(restrictions__lifted_at__isnull=True)
    return case.decided_at is None and active.exclude(restrictions=None).exists()


def may_review_appeal(appeal: Appeal, actor: Actor) -> bool:
    """A senior who decided nothing in this case before (I5; DSA 20(6))."""
    deciders = appeal.case.rulings.values_list("entry__actor", flat=True)
    return is_senior(appeal.case, actor) and actor.label not in deciders


def is_appellant(appeal: Appeal, actor: Actor) -> bool:
    if appeal.report is not None:
        return appeal.case.reports.by(actor).filter(pk=appeal.report.pk).exists()
    return appeal.seller is not None and appeal.seller.party_id in actor.parties
