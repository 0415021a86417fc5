"""What follows for other machines when one takes a step, in the same transaction.

An answer moves its document, a suit its documents, a document its case. Each such
step is the system's, asks its own guards, and stands in the ledger by itself.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from cases import suits
from cases.accounts import beginning, unfounded
from cases.folding import master_of
from cases.follow import Follow
from cases.joining import joined, merger_of
from cases.models import Appeal, Case, CaseItem, CounterNotice, Proceeding
from cases.permissions.item import RUNNING, is_free_of_orders
from cases.permissions.report import is_restricted_before_review, is_urgent
from cases.priority import urgency_of
from cases.profiles import profile_of
from cases.rulings import settle
from cases.workflows.copyright import CaseState
from cases.workflows.item import TERMINAL, UNDER_MEASURE, ItemState
from cases.workflows.report import ReportState
from evidence.actors import SYSTEM
from evidence.compiled import Rows
from evidence.ledger import entries_of

if TYPE_CHECKING:
    from cases.services import Taken


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
    running = Proceeding.objects.filter(
        state__in=RUNNING,
        timely_items__case=OuterRef("pk"),
        timely_items__state=ItemState.FINAL,
    )
    waits = Exists(items.exclude(state__in=TERMINAL)) | Exists(running)
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
    ("item", "forward_counter"): (suits.told_before,),
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
    ("proceeding", "notify"): (suits.notified,),
    ("proceeding", "order"): (suits.ordered,),
    ("proceeding", "lapse"): (suits.ended,),
    ("proceeding", "refuse_proof"): (suits.ended,),
    ("proceeding", "conclude"): (suits.concluded,),
}
