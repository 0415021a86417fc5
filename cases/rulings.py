"""What follows from the steps of a report case and of an appeal, as one table."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cases.accounts import propose
from cases.effects import tell_of_reported
from cases.errors import NotPermitted
from cases.folding import fold, unfold
from cases.models import (
    Assignment,
    AuthorityTask,
    Case,
    CopyrightCase,
    Deadline,
    Effect,
    ReportAnswer,
    Restriction,
    Ruling,
    Strike,
)
from cases.permissions.desk import SENIORS, role_in
from cases.permissions.report import is_urgent
from cases.priority import weigh
from cases.reasons import REASONS, Priority
from cases.workflows.report import Ground, Outcome
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.canonical import canonical, instant, sha256
from evidence.ledger import Act
from evidence.listings import amend_listing
from evidence.models import LedgerEntry, Membership

if TYPE_CHECKING:
    from cases.services import Taken

Consequence = Callable[[Sequence["Taken"], Actor, datetime], None]
FOUND = (Outcome.UPHELD, Outcome.PARTLY)
# Tenths of a point on the seller's account for one case, by how grave the basis is.
STRIKES = {Priority.P0: 30, Priority.P1: 10, Priority.P2: 10, Priority.P3: 2}
GROUNDS = {"A1": Ground.SECURITY, "A4": Ground.TERROR, "D1": Ground.EXAM}


def settle(taken: Sequence["Taken"]) -> list[tuple[Case, str, dict[str, Any]]]:
    """An appeal that is over brings its case back, once no other is open."""
    cases = {act.subject.case_id: act.subject.case for act in taken}
    return [
        (case, "resolve_appeal", {"outcome": standing_ruling(case).outcome})
        for case in cases.values()
        if case.state == "under_appeal" and not case.appeals.pending().exists()
    ]


def standing_ruling(case: Case) -> Ruling:
    """Return the ruling that stands: the last one."""
    return case.rulings.latest("at", "pk")


def place(
    case: Case, measures: dict[str, str], *, entry: LedgerEntry, at: datetime
) -> None:
    """Replace this case's restrictions by those of a ruling; other cases keep theirs.

    measures: the level by document number. The marketplace is told, by the entry of
    the act, of what is restricted now and of what is let go.
    """
    held = _lift(case, at)
    documents = case.reported_documents.select_related("document").order_by("pk")
    rows = list(documents.filter(document__number__in=measures))
    Restriction.objects.bulk_create(
        [
            Restriction(
                document_id=row.document_id,
                reported=row,
                level=measures[row.document.number],
                placed_at=at,
            )
            for row in rows
        ]
    )
    chosen = {row.pk for row in rows}
    freed = [row for row in documents.filter(pk__in=held) if row.pk not in chosen]
    for row in (*rows, *freed):
        row.case = case
    tell_of_reported(freed, Effect.Kind.LIFT, entry=entry, at=at)
    tell_of_reported(rows, Effect.Kind.RESTRICT, entry=entry, at=at, levels=measures)


def _lift(case: Case, at: datetime) -> set[int]:
    """Lift what this case restricts; return the ids of its documents that it held."""
    rows = Restriction.objects.active().filter(reported__case=case)
    held = set(rows.values_list("reported", flat=True))
    rows.update(lifted_at=at)
    return {pk for pk in held if pk is not None}


def open_task(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """生态治理规定 10: what is that grave is also reported to the authority."""
    for act in taken:
        case = act.subject
        if "ground" not in act.facts and not is_urgent(case):
            continue
        ground = act.facts.get("ground") or GROUNDS.get(case.reason, Ground.MINORS)
        tasks = AuthorityTask.objects.filter(case=case)
        if tasks.filter(ground=ground).exists():
            continue
        if not tasks.filter(done_at__isnull=True).update(ground=ground):
            AuthorityTask.objects.create(case=case, ground=ground, opened_at=at)


def owe_answer(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Who wrote to us is told what was done, whatever it was about. One answer serves
    all that is open; what is answered already does not answer the next paper."""
    for act in taken:
        tasks = AuthorityTask.objects.filter(case=act.subject)
        if not tasks.filter(done_at__isnull=True).exists():
            AuthorityTask.objects.create(case=act.subject, ground="paper", opened_at=at)


def ask(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    for act in taken:
        ReportAnswer.objects.create(
            case=act.subject, question=act.facts["question"], asked_at=at
        )


def answer(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    for act in taken:
        own = act.subject.reports.standing().by(by)
        if not own.filter(pk=act.facts["report"]).exists():
            raise NotPermitted
        act.subject.answers.filter(answered_at__isnull=True).update(
            report=act.facts["report"], answer=act.facts["answer"], answered_at=at
        )


def let_go(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Seniors decide from here on: they do not wait for the lease of who escalated,
    unless a senior holds the case and has escalated it."""
    for act in taken:
        held = Assignment.objects.filter(case=act.subject)
        if by.duty in SENIORS:
            held = held.exclude(user=by.user_id)
        held.delete()


def restrict_before_review(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    for act in taken:
        numbers = act.facts.get("documents") or (
            act.subject.reported_documents.values_list("document__number", flat=True)
        )
        level = Restriction.Level.INTERIM_DOWN
        measures: dict[str, str] = dict.fromkeys(numbers, level)
        place(act.subject, measures, entry=act.entry, at=at)


def lift_again(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    for act in taken:
        place(act.subject, {}, entry=act.entry, at=at)


def hush(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Nobody can answer the alarm of what is not urgent."""
    calm = [act.subject for act in taken if not is_urgent(act.subject)]
    alarms = Deadline.objects.open().filter(case__in=calm, clock="alarm")
    alarms.update(ended_at=at, ending=Deadline.Ending.VOID)


def weigh_anew(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    for act in taken:
        weigh(act.subject.case)


def hand_over(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """A draft of a complaint, filled in with the document, for whoever reported it
    from an account that stands for a party."""
    for act in taken:
        reports = act.subject.reports.standing().filter(user__isnull=False)
        for report in reports.select_related("document"):
            member = Membership.objects.filter(user=report.user_id).order_by("pk")
            if (first := member.first()) is None:
                continue
            CopyrightCase.objects.create(
                kind=Case.Kind.COPYRIGHT,
                claimant=first.party,
                opened_at=at,
                form={"documents": [report.document.number]},
            )


def rule(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """The first ruling: measures, the outcome of every report, points."""
    for act in taken:
        facts = act.facts
        ruling = Ruling.objects.create(
            case=act.subject,
            entry=act.entry,
            outcome=facts["outcome"],
            basis=facts["basis"],
            measures=facts["measures"],
            days=facts.get("days", 0),
            automated=facts["automated"],
            facts=facts["facts"],
            passage=facts["passage"],
            salt=act.salts["facts"],
            decided_by=role_in(act.subject, by),
            at=at,
            override_of=act.subject.rulings.order_by("at", "pk").last(),
        )
        _carry_out(ruling, at)


def mend(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """The mended file is what the listing shows from now on. What was found stands,
    and so do the points: only the document is free again. The others stay as they
    are, and their term runs on; what has ended meanwhile stays free."""
    for act in taken:
        appeal = act.subject
        before = standing_ruling(appeal.case)
        held = Restriction.objects.active().filter(reported__case=appeal.case)
        others = held.exclude(document=appeal.document)
        left = dict(others.values_list("document__number", "level"))
        ruling = _replaced(
            act,
            by,
            at,
            outcome=before.outcome,
            measures=left,
            days=before.days if left else 0,
        )
        place(ruling.case, ruling.measures, entry=ruling.entry, at=at)
        if not ruling.measures:
            clocks = Deadline.objects.open().filter(case=ruling.case, clock="duration")
            clocks.update(ended_at=at, ending=Deadline.Ending.VOID)
        amend_listing(appeal.document, appeal.mended, by=by, at=at)


def rule_again(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """An appeal has changed the ruling: another one takes its place."""
    for act in taken:
        told = {name: act.facts[name] for name in ("outcome", "measures")}
        days = act.facts.get("days", 0)
        _carry_out(_replaced(act, by, at, days=days, **told), at)


def _replaced(
    act: "Taken",
    by: Actor,
    at: datetime,
    *,
    outcome: str,
    measures: dict[str, str],
    days: int,
) -> Ruling:
    """Write the ruling that an appeal has made out of another. How the matter was
    found stays as it was."""
    case, before = act.subject.case, act.subject.ruling
    return Ruling.objects.create(
        case=case,
        entry=act.entry,
        outcome=outcome,
        basis=before.basis,
        measures=measures,
        days=days,
        automated=before.automated,
        facts=act.facts["answer"],
        passage=before.passage,
        salt=act.salts["answer"],
        decided_by=role_in(case, by),
        at=at,
        override_of=before,
    )


def _carry_out(ruling: Ruling, at: datetime) -> None:
    case = ruling.case
    place(case, ruling.measures, entry=ruling.entry, at=at)
    case.reports.standing().update(outcome=ruling.outcome)
    case.strikes.filter(void_at__isnull=True).update(void_at=at)
    if ruling.outcome not in FOUND:
        return
    tenths = STRIKES[REASONS[ruling.basis].priority]
    sellers = case.reported_documents.filter(document__number__in=ruling.measures)
    Strike.objects.bulk_create(
        [
            Strike(case=case, seller_id=seller, tenths=tenths, placed_at=at)
            for seller in sorted(
                set(sellers.values_list("document__seller", flat=True))
            )
        ]
    )


def leave_unjudged(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    for act in taken:
        act.subject.reports.standing().update(outcome=Outcome.INVALID)


def freeze(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Seal the file: one digest over everything that it holds, into the ledger."""
    for act in taken:
        case = act.subject
        case.strikes.filter(void_at__isnull=True).update(final_at=at)
        payload = {"case": case.pk, "sha256": sha256(canonical(contents_of(case)))}
        ledger.append(
            Act(case.stream, "case.frozen", payload), by=by, role=Role.SYSTEM, at=at
        )


def contents_of(case: Case) -> dict[str, Any]:
    """Return what the frozen file of a case holds, in a form that can be hashed."""
    reports = case.reports.order_by("pk")
    return {
        "reference": case.reference,
        "reports": [
            {
                "number": row.number,
                "reason": row.reason,
                "filed_at": instant(row.filed_at),
                "statement": sha256(row.statement.encode()),
                "attachments": [
                    each.blob.sha256
                    for each in row.attachments.select_related("blob").order_by("pk")
                ],
            }
            for row in reports.prefetch_related("attachments")
        ],
        "snapshots": list(
            case.reported_documents.values_list("snapshot__sha256", flat=True)
        ),
        "rulings": list(
            case.rulings.order_by("pk").values_list("entry__hash", flat=True)
        ),
        "letters": list(case.notices.order_by("pk").values_list("number", flat=True)),
    }


CONSEQUENCES: dict[tuple[str, str], tuple[Consequence, ...]] = {
    ("report", "submit"): (open_task,),
    ("report", "reclassify"): (open_task, hush, weigh_anew),
    ("report", "escalate"): (open_task, let_go),
    ("report", "receive_paper"): (owe_answer,),
    ("report", "request_info"): (ask,),
    ("report", "supply"): (answer,),
    ("report", "lapse"): (leave_unjudged,),
    ("report", "restrict"): (restrict_before_review,),
    ("report", "end_restriction"): (lift_again,),
    ("report", "end_measures"): (lift_again,),
    ("report", "merge"): (fold,),
    ("report", "unmerge"): (unfold,),
    ("report", "transfer"): (hand_over,),
    ("report", "decide"): (rule, propose),
    ("report", "close"): (freeze, propose),
    ("appeal", "overturn"): (rule_again, propose),
    ("appeal", "amend"): (rule_again, propose),
    ("appeal", "restore_mended"): (mend,),
}
