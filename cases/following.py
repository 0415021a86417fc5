"""What follows for other machines when one takes a step, in the same transaction.

An answer moves its document, a suit its documents, a document its case. Each such
step is the system's, asks its own guards, and stands in the ledger by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from cases.accounts import beginning, unfounded
from cases.folding import master_of
from cases.joining import joined, merger_of
from cases.models import Appeal, Case, CaseItem, CounterNotice, Proceeding, Words
from cases.permissions.item import (
    RUNNING,
    claim_is_dismissed,
    had_our_measure,
    is_free_of_orders,
    no_proceeding_runs,
    was_final,
    was_under_measure,
)
from cases.permissions.report import is_restricted_before_review, is_urgent
from cases.priority import urgency_of
from cases.profiles import profile_of
from cases.rulings import settle
from cases.workflows.copyright import CaseState
from cases.workflows.item import TERMINAL, UNDER_MEASURE, ItemState
from cases.workflows.judgment import OPEN
from cases.workflows.proceeding import Outcome
from cases.workflows.report import ReportState
from evidence.actors import SYSTEM
from evidence.compiled import Rows
from evidence.ledger import entries_of

if TYPE_CHECKING:
    from cases.services import Taken


@dataclass(frozen=True, slots=True)
class Follow:
    """One step that rows of one machine take now."""

    rows: Sequence[Any]
    step: str
    facts: dict[str, Any] = field(default_factory=dict)


def following(taken: Sequence["Taken"]) -> list[Follow]:
    """Return the steps that follow, in their order; all acts are of one step."""
    machine, name = taken[0].subject.MACHINE, taken[0].name
    found = [
        follow for rule in FOLLOWING.get((machine, name), ()) for follow in rule(taken)
    ]
    if machine == CaseItem.MACHINE:
        found += _cases_of(taken)
    if machine == Appeal.MACHINE:
        found += [Follow([case], step, told) for case, step, told in settle(taken)]
    return [follow for follow in found if follow.rows]


def _item(step: str) -> "Rule":
    """The document of each counter-notice takes this step."""

    def follow(taken: Sequence["Taken"]) -> list[Follow]:
        return [Follow([act.subject.item for act in taken], step)]

    return follow


def _forwarded(taken: Sequence["Taken"]) -> list[Follow]:
    """条例 17 restores at once; everywhere else the complainant is waited for."""
    follows = []
    for act in taken:
        counter = act.subject
        if profile_of(counter.case.clock_profile).restores_at_once:
            follows.append(Follow([counter.item], "restore_at_once"))
        else:
            # Some laws count from our own receipt of the counter-notice, and know
            # none that lacks what they ask of it.
            received = {"received_at": counter.completed_at}
            follows.append(Follow([counter.item], "forward_counter", received))
    return follows


def _notified(taken: Sequence["Taken"]) -> list[Follow]:
    """Only a notice in time stops the restoring, whatever proof comes with it; and
    what is final is in question again."""
    timely = [
        item
        for act in taken
        for item in _items(act.subject, ItemState.WAITING, ItemState.FINAL)
        if item.position in act.facts["timely"]
    ]
    return [
        Follow(_in(timely, ItemState.WAITING), "await_outcome"),
        Follow(_in(timely, ItemState.FINAL), "await_judgment"),
    ]


def _told_before(taken: Sequence["Taken"]) -> list[Follow]:
    """A suit that was told of before the answer was passed on stops the restoring as
    soon as there is one to stop."""
    rows = CaseItem.objects.filter(pk__in=[act.subject.pk for act in taken])
    waiting = rows.prefetch_related("timely_proceedings").order_by("pk")
    told = [row for row in waiting if not no_proceeding_runs(row)]
    return [Follow(told, "await_outcome")]


def _ordered(taken: Sequence["Taken"]) -> list[Follow]:
    return [
        Follow(
            list(act.subject.items.order_by("pk")),
            "obey_order",
            {"measure": act.facts["measure"]},
        )
        for act in taken
    ]


def _ended(taken: Sequence["Taken"]) -> list[Follow]:
    """Nothing follows while another proceeding about a document runs. What waited for
    this one is restored; what our own measure stands on only if it was dismissed. That
    measure is as it was before an order, which says nothing of the claim."""
    items = {item.pk: item for act in taken for item in _items(act.subject)}
    let_go = [item for item in items.values() if _is_let_go(item)]
    left = [item for item in items.values() if item not in let_go]
    free = [item for item in left if no_proceeding_runs(item)]
    dismissed = [item for item in free if claim_is_dismissed(item)]
    kept = {pk for act in taken for pk in _kept_open(act.subject)}
    final = [item for item in _in(free, ItemState.FINAL) if item.pk in kept]
    freed = _in(free, ItemState.LITIGATING)
    standing = [item for item in freed if item not in dismissed]
    measured = [item for item in standing if was_under_measure(item)]
    was_ended = [item for item in standing if was_final(item)]
    rest = [item for item in freed if item not in (*measured, *was_ended)]
    return [
        *(Follow([item], "withdraw", _withdrawal_of(item.case)) for item in let_go),
        *_outlasting([item for item in left if item not in free]),
        Follow(measured, "reinstate"),
        Follow(was_ended, "reinstate_final"),
        Follow(rest, "restore_after_proceeding"),
        Follow(_in(dismissed, *OPEN, ItemState.FINAL), "restore_dismissed"),
        Follow([item for item in final if item not in dismissed], "stay_final"),
    ]


def _is_let_go(item: CaseItem) -> bool:
    """Its complaint was withdrawn while an order held it down, and none does now; a
    claim that was dismissed is restored as such."""
    return (
        item.state == ItemState.LITIGATING
        and item.case.state == CaseState.WITHDRAWN
        and is_free_of_orders(item)
        and had_our_measure(item)
        and not claim_is_dismissed(item)
    )


def _withdrawal_of(case: Case) -> dict[str, Any]:
    """The ground on which a case was withdrawn, and what was written with it."""
    entry = entries_of([case.stream]).filter(kind="copyright.withdraw")[0]
    words = Words.objects.filter(entry=entry, fact="reasoning").first()
    return {
        "ground": entry.payload["ground"],
        "reasoning": words.text if words else "",
    }


def _outlasting(items: Sequence[CaseItem]) -> list[Follow]:
    """A suit that runs on keeps our own measure, and no longer that of an order."""
    return [
        Follow([item], "outlast_order", {"measure": item.measure_before_order})
        for item in _in(items, ItemState.LITIGATING)
        if is_free_of_orders(item)
        and had_our_measure(item)
        and item.measure != item.measure_before_order
    ]


def _concluded(taken: Sequence["Taken"]) -> list[Follow]:
    upheld = [act for act in taken if act.subject.outcome == Outcome.UPHELD]
    rest = [act for act in taken if act not in upheld]
    return [*_upheld(upheld), *_ended(rest)]


def _upheld(taken: Sequence["Taken"]) -> list[Follow]:
    """Final is all that is under a measure, answered or not. What was restored before
    stays so: legal enters a judgment about it as an order, with the measure."""
    items = [item for act in taken for item in _items(act.subject)]
    kept = {pk for act in taken for pk in _kept_open(act.subject)}
    final = [item for item in _in(items, ItemState.FINAL) if item.pk in kept]
    return [
        Follow(_in(items, *OPEN, ItemState.LITIGATING), "confirm"),
        Follow([item for item in final if no_proceeding_runs(item)], "stay_final"),
    ]


def _withdrawn(taken: Sequence["Taken"]) -> list[Follow]:
    """A whole case is let go, but for what a court has ordered."""
    follows = []
    for act in taken:
        facts = {name: act.facts[name] for name in ("ground", "reasoning")}
        items = list(act.subject.items.prefetch_related("timely_proceedings"))
        pending = [item for item in items if item.state == ItemState.PENDING]
        held = [item for item in items if item.state in UNDER_MEASURE]
        free = [item for item in held if is_free_of_orders(item)]
        follows += [Follow(pending, "drop", facts), Follow(free, "withdraw", facts)]
    return follows


def _mooted(taken: Sequence["Taken"]) -> list[Follow]:
    items = [act.subject.pk for act in taken]
    return [Follow(list(CounterNotice.objects.open().filter(item__in=items)), "moot")]


def _items(proceeding: Proceeding, *states: str) -> list[CaseItem]:
    """Its documents in one of these states, or in any."""
    rows = proceeding.items.filter(state__in=states) if states else proceeding.items
    looked_at = ("timely_proceedings", "proceedings")
    return list(rows.prefetch_related(*looked_at).order_by("pk"))


def _in(items: Sequence[CaseItem], *states: str) -> list[CaseItem]:
    return [item for item in items if item.state in states]


def _kept_open(proceeding: Proceeding) -> list[int]:
    """The documents whose case it kept open: those that it was in time for."""
    return [item.pk for item in proceeding.timely_items.all()]


def _cases_of(taken: Sequence["Taken"]) -> list[Follow]:
    """A case starts with its first document, closes with its last, and is opened
    again by a late answer, an order, or a suit about what is final."""
    cases = {act.subject.case_id: act.subject.case for act in taken}
    # A document that was not ended by its step is one that its case waits for.
    waiting = {a.subject.case_id for a in taken if a.subject.state not in TERMINAL}
    if asked := [pk for pk in cases if pk not in waiting]:
        waiting |= set(_WAITING(asked))
    return _as_documents_stand(list(cases.values()), waiting)


def _left(taken: Sequence["Taken"]) -> list[Follow]:
    """What is accepted, or gives documents back, may have none left to wait for."""
    cases = {act.subject.pk: act.subject for act in taken}
    waiting = set(_WAITING(list(cases)))
    settled = [case for case in cases.values() if case.pk not in waiting]
    return _as_documents_stand(settled, waiting)


def _as_documents_stand(every: Sequence[Case], waiting: set[int]) -> list[Follow]:
    """waiting: the ids of those that have a document that is not ended."""

    def among(rows: Sequence[Case], *states: str) -> list[Case]:
        return [case for case in rows if case.state in states]

    settled = [case for case in every if case.pk not in waiting]
    moving = [case for case in every if case.pk in waiting]
    return [
        Follow(among(every, CaseState.ACCEPTED), "start"),
        Follow(among(moving, CaseState.CLOSED), "reopen"),
        Follow(among(settled, CaseState.ACCEPTED, CaseState.IN_PROCESS), "close"),
    ]


def _calmed(taken: Sequence["Taken"]) -> list[Follow]:
    """Only what is urgent is held back before review."""
    cases = [act.subject for act in taken]
    calm = [case for case in cases if not is_urgent(case)]
    return [
        Follow([c for c in calm if is_restricted_before_review(c)], "end_restriction")
    ]


def _resumed(taken: Sequence["Taken"]) -> list[Follow]:
    """No case waits for an answer once it is urgent."""
    cases = [act.subject for act in taken if is_urgent(act.subject)]
    waiting = [case for case in cases if case.state == ReportState.NEED_INFO]
    return [Follow(waiting, "go_on")]


def _taken_in(taken: Sequence["Taken"]) -> list[Follow]:
    """What joins a case is as urgent there as it was, and may say what was asked."""
    follows = []
    for act in taken:
        case, into = act.subject, Case.objects.get(pk=act.facts["into"])
        if into.state == ReportState.NEED_INFO:
            follows.append(Follow([into], "go_on"))
        if case.priority < into.priority:
            told = {"reason": case.reason, "priority": case.priority}
            follows.append(Follow([into], "reclassify", told))
    return follows


def _given_back(taken: Sequence["Taken"]) -> list[Follow]:
    """What was urgent for the reports of another alone is so no longer, unless a
    person has said that it is. Where no report of its own counts any more, all
    of them are asked."""
    follows = []
    for act in taken:
        into = master_of(act.subject)
        changes = entries_of([into.stream]).filter(kind="report.reclassify")
        last = changes.last()
        own = into.reports.standing() or into.reports.all()
        left = sorted(own, key=urgency_of)
        if not left or last is None or last.actor != SYSTEM.label:
            continue
        if (urgency := urgency_of(left[0])) > (into.priority or 0):
            told = {"reason": left[0].reason, "priority": urgency}
            follows.append(Follow([into], "reclassify", told))
    return follows


def _joined(taken: Sequence["Taken"]) -> list[Follow]:
    """The case that takes another in has an entry of its own, and a new version: who
    is deciding in it sees that there is more."""
    return [
        Follow(
            [Case.objects.get(pk=act.facts["into"])],
            "take_in",
            {**_notice(act.subject), **joined(act.subject)},
        )
        for act in taken
    ]


def _parted(taken: Sequence["Taken"]) -> list[Follow]:
    return [
        Follow(
            [Case.objects.get(pk=merger_of(act.subject).payload["into"])],
            "give_back",
            _notice(act.subject),
        )
        for act in taken
    ]


def _notice(case: Any) -> dict[str, Any]:
    return {"merged": case.pk, "listed": (case.listed_items, case.listed_cents)}


def _on_accounts(taken: Sequence["Taken"]) -> list[Follow]:
    """Points have come or gone: levels begin, and those without ground are void."""
    gone = unfounded([act.subject.case.pk for act in taken])
    return [
        Follow(gone, "void"),
        *(
            Follow(
                [row for row in rows if row not in gone],
                "begin",
                {"level": level.number, "days": level.days, "watched": level.watched},
            )
            for rows, level in beginning(taken)
        ),
    ]


def cases_that_wait(cases: Any) -> Any:
    """The cases of which a document has not come to its end, or is final while a
    proceeding about it runs."""
    items = CaseItem.objects.filter(case=OuterRef("pk"))
    # A document may have gone to another case than that of the suit (分案, 并案).
    suits = Proceeding.objects.filter(
        state__in=RUNNING,
        timely_items__case=OuterRef("pk"),
        timely_items__state=ItemState.FINAL,
    )
    waits = Exists(items.exclude(state__in=TERMINAL)) | Exists(suits)
    return Case.objects.filter(waits, pk__in=cases).values_list("pk", flat=True)


_WAITING = Rows(cases_that_wait)

Rule = Callable[[Sequence["Taken"]], list[Follow]]

FOLLOWING: dict[tuple[str, str], tuple[Rule, ...]] = {
    ("copyright", "accept"): (_left,),
    ("copyright", "withdraw"): (_withdrawn,),
    ("copyright", "merge"): (_joined,),
    ("copyright", "unmerge"): (_parted,),
    ("copyright", "unmerge_accepted"): (_parted,),
    ("copyright", "give_back"): (_left,),
    ("report", "reclassify"): (_calmed, _resumed),
    ("report", "merge"): (_taken_in,),
    ("report", "unmerge"): (_given_back,),
    ("report", "decide"): (_on_accounts,),
    ("report", "close"): (_on_accounts,),
    ("appeal", "overturn"): (_on_accounts,),
    ("appeal", "amend"): (_on_accounts,),
    ("item", "forward_counter"): (_told_before,),
    ("item", "withdraw"): (_mooted,),
    ("item", "obey_order"): (_mooted,),
    ("item", "confirm"): (_mooted,),
    ("item", "restore_dismissed"): (_mooted,),
    ("counter_notice", "file"): (_item("receive_counter"),),
    ("counter_notice", "find_defects"): (_item("await_counter"),),
    ("counter_notice", "cure"): (_item("resume_counter"),),
    ("counter_notice", "lapse"): (_item("keep_measure"),),
    ("counter_notice", "reject"): (_item("keep_measure"),),
    ("counter_notice", "forward"): (_forwarded,),
    ("counter_notice", "accept_cure"): (_item("restore_cured"),),
    ("counter_notice", "reverse"): (_item("restore_reversed"),),
    ("proceeding", "notify"): (_notified,),
    ("proceeding", "order"): (_ordered,),
    ("proceeding", "lapse"): (_ended,),
    ("proceeding", "refuse_proof"): (_ended,),
    ("proceeding", "conclude"): (_concluded,),
}
