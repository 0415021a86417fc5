"""Who may do what: one predicate a rule, named by the transitions.

Each takes the subject (a case or an item) and the actor. The order of questions is
fixed in services.py: is the step open now (409), then may this person take it (403).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cases.levels import BY_NUMBER
from cases.profiles import profile_of
from cases.reasons import REASONS
from cases.terms import TERMS
from evidence.actors import Actor, Role
from evidence.ledger import entries_of
from evidence.models import Text
from evidence.progress import Stage

if TYPE_CHECKING:
    from cases.models import (
        AccountMeasure,
        Appeal,
        Case,
        CaseItem,
        CounterNotice,
        Proceeding,
        ReportCase,
        Submission,
    )
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
    """As for the case, and the decider does not sell the document. What 条例 17 bars
    is read by legal."""
    seller = item.document.seller.party_id
    if item.bar == "barred" and actor.duty != Role.LEGAL:
        return False
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


def is_uncontested(subject: Submission | AccountMeasure) -> bool:
    return subject.contested_at is None


def may_refuse(case: Case, actor: Actor) -> bool:
    """What ends a notice or an answer for good is legal's to say."""
    return actor.duty == Role.LEGAL and may_examine(case, actor)


def may_rule_item(item: CaseItem, actor: Actor) -> bool:
    return actor.duty == Role.LEGAL and may_decide(item, actor)


def may_accept(case: Case, actor: Actor) -> bool:
    """条例 17: a notice about a barred document is read by legal."""
    if not may_examine(case, actor):
        return False
    return actor.duty == Role.LEGAL or not case.items.filter(bar="barred").exists()


def may_examine_origin(case: Case, actor: Actor) -> bool:
    """A part that is set apart is in the hands of who holds the whole."""
    return case.origin is not None and may_examine(case.origin, actor)


def may_hold(case: Case, actor: Actor) -> bool:
    """A legal hold is placed by those who answer for records; no claim is needed."""
    keeps = actor.duty in (Role.LEGAL, Role.COMPLIANCE)
    return keeps and is_independent(case, actor)


def may_withdraw(item: CaseItem, actor: Actor) -> bool:
    """The complainant lets one document go; the system, all of a withdrawn case."""
    return is_system(item, actor) or may_file(item.case, actor)


def may_answer(counter: CounterNotice, actor: Actor) -> bool:
    """Only who sells the document answers for it."""
    seller = counter.item.document.seller.party_id
    return seller is not None and seller in actor.parties


def may_decide_counter(counter: CounterNotice, actor: Actor) -> bool:
    return may_decide(counter.item, actor)


def may_rule_counter(counter: CounterNotice, actor: Actor) -> bool:
    return may_rule_item(counter.item, actor) and is_new_to(counter, actor)


def may_review_counter(counter: CounterNotice, actor: Actor) -> bool:
    return may_decide_counter(counter, actor) and is_new_to(counter, actor)


def is_new_to(counter: CounterNotice, actor: Actor) -> bool:
    """I5: who took the measure does not judge the complaint about it (DSA 20)."""
    if not is_internal_complaint(counter):
        return True
    deciders = counter.item.decisions.values_list("entry__actor", flat=True)
    return actor.label not in deciders


def is_internal_complaint(counter: CounterNotice) -> bool:
    """DSA 20: the answer is a complaint about our decision, and we decide on it."""
    profile = counter.case.clock_profile
    return bool(profile) and profile_of(profile).judges_answers


def is_answer_to_complainant(counter: CounterNotice) -> bool:
    """Everywhere else it is the complainant's to act on: we pass it on."""
    return not is_internal_complaint(counter)


def may_be_extended(item: CaseItem) -> bool:
    """法释〔2020〕9号 extends the 合理期限 of 民法典 1196 alone."""
    profile = item.case.clock_profile
    waiting = profile_of(profile).terms.get("waiting") if profile else None
    return waiting is not None and TERMS[waiting].extension > 0


def is_declared_for(case: Any, profile: str) -> bool:
    """512(c)(3)(A)(vi): declared with the notice, or on paper when it was cured."""
    if profile_of(profile).base != "dmca":
        return True
    signed = case.statements.values_list("declarations", flat=True)
    if any(each["code"] == "us_perjury" for rows in signed for each in rows):
        return True
    cured = case.defects.filter(code="D08", answered_at__isnull=False)
    return bool(cured.exists())


def may_file_in(proceeding: Proceeding, actor: Actor) -> bool:
    return may_file(proceeding.case, actor)


def may_decide_in(proceeding: Proceeding, actor: Actor) -> bool:
    """An examiner of the case who sells none of the documents concerned. A draft
    that is not saved yet names none."""
    items = proceeding.items.all() if proceeding.pk else ()
    sellers = {item.document.seller.party_id for item in items}
    return may_examine(proceeding.case, actor) and not sellers & actor.parties


def may_rule_in(proceeding: Proceeding, actor: Actor) -> bool:
    return actor.duty == Role.LEGAL and may_decide_in(proceeding, actor)


def is_system(subject: Any, actor: Actor) -> bool:
    """A timer or a consequence: no person can take this step."""
    return actor.duty == Role.SYSTEM


def case_is_accepted(item: CaseItem) -> bool:
    """No document is decided on before the notice has passed the form check."""
    return item.case.state in ("accepted", "in_process")


def case_has_been_accepted(item: CaseItem) -> bool:
    """An order of a court reaches a closed case as well."""
    return item.case.state in ("accepted", "in_process", "closed")


def is_frozen(item: CaseItem) -> bool:
    """I4: the evidence is ours before any measure."""
    return item.snapshot_id is not None


def no_proceeding_runs(item: CaseItem) -> bool:
    """While one proceeding about a document is pending, the measure stays."""
    running = ("notified", "proved", "filed", "verified")
    return not any(
        each.is_timely and each.state in running for each in item.proceedings.all()
    )


def is_free_of_orders(item: CaseItem) -> bool:
    """A complainant cannot take back what a court has ordered."""
    return not any(
        each.kind == "preservation" and each.state == "verified"
        for each in item.proceedings.all()
    )


def may_be_cured_again(case: Case) -> bool:
    return case.cure_rounds < 2


def is_held(case: Case) -> bool:
    return case.legal_hold


def is_not_held(case: Case) -> bool:
    return not case.legal_hold


def item_takes_counter(counter: CounterNotice) -> bool:
    return counter.item.state in ("measured", "final")


def is_first_round(counter: CounterNotice) -> bool:
    return counter.cure_rounds < 1


def is_first_return(proceeding: Proceeding) -> bool:
    return proceeding.returns < 1


def is_not_filed_yet(proceeding: Proceeding) -> bool:
    """Sixty days are given once."""
    return proceeding.filed_at is None


def may_announce(item: CaseItem, actor: Actor) -> bool:
    return is_system(item, actor) or may_decide(item, actor)


def is_not_announced(item: CaseItem) -> bool:
    return item.announced_at is None


def is_announced(item: CaseItem) -> bool:
    return item.announced_at is not None


def is_compared_again(counter: CounterNotice) -> bool:
    """A new version came with the counter-notice, was read, and was compared."""
    text = counter.amended
    return text is not None and text.state == Text.State.OK and text.stage == Stage.DONE


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


def may_enter_papers(actor: Actor) -> bool:
    """What an authority sent is entered by those who answer to it."""
    return actor.duty in SENIORS | {Role.COMPLIANCE}


def may_receive_paper(case: Case, actor: Actor) -> bool:
    return may_enter_papers(actor) and is_independent(case, actor)


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
    """P0 and P1 go on whether the reporter wants it or not, and so does what was
    decided and is opened again."""
    calm = case.priority is not None and case.priority > 1
    return calm and case.decided_at is None


def holds_no_document(case: ReportCase) -> bool:
    """What the case restricts has to be let go by a step of its own: where the case
    goes, no clock would end it."""
    return not _holds_documents(case)


def is_under_measures(case: ReportCase) -> bool:
    """What a ruling restricts; what was held back before it is another matter."""
    return case.decided_at is not None and _holds_documents(case)


def _holds_documents(case: ReportCase) -> bool:
    held = case.reported_documents.filter(
        restrictions__isnull=False, restrictions__lifted_at__isnull=True
    )
    return held.exists()


def is_urgent(case: ReportCase) -> bool:
    return case.priority == 0


def was_set_aside(case: ReportCase) -> bool:
    """Closed as abuse: nothing was decided and nobody was asked in vain."""
    return case.decided_at is None


def is_about_copyright(case: ReportCase) -> bool:
    return REASONS[case.reason].transfers


def is_restricted_before_review(case: ReportCase) -> bool:
    return case.decided_at is None and _holds_documents(case)


def may_review_appeal(appeal: Appeal, actor: Actor) -> bool:
    """A senior who decided nothing in this case before (I5; DSA 20(6))."""
    deciders = appeal.case.rulings.values_list("entry__actor", flat=True)
    return is_senior(appeal.case, actor) and actor.label not in deciders


def begins_by_itself(measure: AccountMeasure) -> bool:
    return not closes_account(measure)


def closes_account(measure: AccountMeasure) -> bool:
    return BY_NUMBER[measure.level].closes


def may_close_account(measure: AccountMeasure, actor: Actor) -> bool:
    """Two seniors, neither of whom has a part in the case or in the account."""
    first = _deciders(measure, "approve") if measure.state == "approved" else set()
    return _is_senior_for(measure, actor) and actor.label not in first


def may_contest_account(measure: AccountMeasure, actor: Actor) -> bool:
    return measure.seller.party_id is not None and (
        measure.seller.party_id in actor.parties
    )


def may_review_account(measure: AccountMeasure, actor: Actor) -> bool:
    """A senior who decided neither the case nor the closing (I5)."""
    deciders = set(measure.case.rulings.values_list("entry__actor", flat=True))
    deciders |= _deciders(measure, "approve", "close", "uphold")
    return _is_senior_for(measure, actor) and actor.label not in deciders


def _is_senior_for(measure: AccountMeasure, actor: Actor) -> bool:
    return (
        is_senior(measure.case, actor) and measure.seller.party_id not in actor.parties
    )


def _deciders(measure: AccountMeasure, *steps: str) -> set[str]:
    """Who took these steps with a measure, as the ledger knows them."""
    entries = entries_of([measure.stream]).filter(
        kind__in=[f"account.{step}" for step in steps], payload__id=measure.pk
    )
    return set(entries.values_list("actor", flat=True))


def is_mended_and_compared(appeal: Appeal) -> bool:
    """The mended file has been read and compared, and is not the very same file."""
    text = appeal.mended
    if text is None or text.state != Text.State.OK or text.stage != Stage.DONE:
        return False
    current = appeal.document.current if appeal.document else None
    return current is None or current.text_id != text.pk


def is_appellant(appeal: Appeal, actor: Actor) -> bool:
    if appeal.report is not None:
        return appeal.case.reports.by(actor).filter(pk=appeal.report.pk).exists()
    return appeal.seller is not None and appeal.seller.party_id in actor.parties
