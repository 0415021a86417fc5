"""A seller's documents that are reported, the words in which programmes are written
(programme.py), and what holds after every act. Rows alone."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from cases.errors import CaseError
from cases.firing import FIRING
from cases.models import (
    AccountMeasure,
    Appeal,
    Case,
    Deadline,
    Effect,
    Notice,
    Report,
    ReportCase,
    Restriction,
    Ruling,
)
from cases.priority import score_of
from cases.restrictions import visibility
from cases.services import advance, claim
from cases.timekeeping import keep_time
from cases.workflows.report import ENDED, OPEN
from evidence import ledger
from evidence.actors import Actor
from evidence.models import Document
from moderation.access import actor_of
from tests.factories import AT, make_document, make_party, make_text, make_user
from tests.gate.sellers import make_seller
from tests.reporting.matters import facts_for, staff

PEOPLE = {
    "moderator": "moderator",
    "other": "moderator",
    "senior": "senior",
    "chief": "senior",
    "legal": "legal",
    "compliance": "compliance",
}
MACHINES = (ReportCase, Appeal, AccountMeasure)
LEASE_IS_OVER = timedelta(minutes=31)
ANSWER = "重新查看之后，理由如上。"
# What people say with each step that is open to them, decisions apart.
FACTS: dict[tuple[str, str], dict[str, Any]] = {
    **{("report", step): {} for step in ("see", "confirm", "end_restriction")},
    **{("report", step): {} for step in ("transfer", "unmerge", "put_back")},
    ("report", "restrict"): {"policy": "examiner"},
    ("report", "escalate"): {"ground": "crime"},
    ("report", "reclassify"): {"reason": "E5", "priority": 3},
    ("report", "request_info"): {"question": "请说明页码。"},
    ("report", "reopen"): {"ground": "主管部门来函，须重新办理。"},
    **{("appeal", step): {} for step in ("review", "withdraw")},
    **{
        ("appeal", step): {"answer": ANSWER}
        for step in ("uphold", "dismiss", "restore_mended")
    },
    ("appeal", "overturn"): {"answer": ANSWER, "outcome": "not_upheld", "measures": {}},
    ("appeal", "amend"): {"answer": ANSWER, "outcome": "partly_upheld", "measures": {}},
    ("account", "contest"): {"statement": "多数文档并无问题，请重新审查。"},
    **{
        ("account", step): {"reasoning": "一年之内多次违规，累计达到标准。"}
        for step in ("approve", "close", "decline", "uphold", "lift")
    },
}
RULED = (
    *("report.decide", "appeal.overturn", "appeal.amend", "appeal.restore_mended"),
)
# Who answers an appeal is bound by it.
ANSWERS = ("uphold", "dismiss", "overturn", "amend", "restore_mended")
# What brings a case before us, and what shows that somebody has looked at it.
BROUGHT = (
    *("report.submit", "report.reclassify", "report.unmerge"),
    *("report.reopen", "report.bring_back"),
)
LOOKED = (
    *("report.see", "report.take_up", "report.decide", "report.merge"),
    *("report.withdraw", "report.transfer", "report.lapse", "report.set_aside"),
)


class Reported(RuleBasedStateMachine):
    """Three documents of one seller, two of them of one text, reported by strangers
    and by one reader with an account; the clock goes on with every act. Each programme
    is taken back whole. taken: the moves of all of them, by machine, step and source.
    """

    taken: Counter[tuple[str, str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        text = make_text("同一篇文章的全文")
        self.seller, self.sells = make_seller()
        self.documents = [
            make_document(text=text, seller=self.seller),
            make_document(text=text, seller=self.seller),
            make_document(seller=self.seller),
        ]
        user = make_user()
        make_party(user=user)
        self.reader = actor_of(user)
        self.people = {name: staff(duty) for name, duty in PEOPLE.items()}
        self.at, self.asked_at = AT, 0

    def teardown(self) -> None:
        rows = ledger.LedgerEntry.objects.filter(payload__has_key="from")
        for kind, source in rows.values_list("kind", "payload__from"):
            machine, _dot, step = kind.partition(".")
            if machine in {each.MACHINE for each in MACHINES}:
                self.taken[machine, step, source] += 1
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- words ---------------------------------------------------------------------

    def case(self, nth: int, *states: str) -> Case | None:
        """One that is in one of these states, if there is one, or any."""
        rows = list(Case.objects.reports().order_by("pk"))
        return chosen([row for row in rows if row.state in states] or rows, nth)

    def last(self) -> Case:
        case: Case = Case.objects.reports().latest("pk")
        return case

    def told(self, nth: int, state: str) -> list[Report]:
        """The reports of a case in that state, if there is one, or of any."""
        case = self.case(nth, state)
        return list(case.reports.order_by("pk")) if case else []

    def speaker(self, report: Report) -> Actor:
        if report.user_id:
            return self.reader
        return Actor(user_id=None, reports=frozenset({report.pk}))

    def tried(self, act: Callable[..., object], *args: object, **facts: object) -> None:
        """A refusal changes nothing, and is no fault."""
        self.at += timedelta(minutes=1)
        entries = ledger.LedgerEntry.objects.count()
        try:
            act(*args, at=self.at, **facts)
        except CaseError:
            assert ledger.LedgerEntry.objects.count() == entries

    def hand_to(self, case: Case, who: str) -> Actor:
        """The lease of whoever held it has run out by then."""
        self.at += LEASE_IS_OVER
        self.tried(claim, case, by=self.people[who])
        return self.people[who]

    def ruled(self, case: Case, who: str, level: str, days: int = 0) -> None:
        facts = facts_for(case, level, days=days if level else 0)
        self.tried(advance, case, "decide", by=self.hand_to(case, who), **facts)

    def open_to_anybody(self, row: Any) -> dict[str, Actor]:
        """The steps that somebody can take now, by whoever that is."""
        can: dict[str, Actor] = {}
        for by in (*self.people.values(), self.sells):
            for each in row.get_available_user_state_transitions(by):
                if (row.MACHINE, each.name) in FACTS:
                    can.setdefault(each.name, by)
        return can

    def take_open(self, row: Any, step: str | int) -> None:
        """The step of a name, if it is open to anybody, or one of those that are."""
        fresh = type(row).objects.get(pk=row.pk)
        if can := self.open_to_anybody(fresh):
            name = sorted(can)[step % len(can)] if isinstance(step, int) else step
            if name in can:
                facts = self.said(fresh, name)
                self.tried(advance, fresh, name, by=can[name], **facts)

    def said(self, row: Any, step: str) -> dict[str, Any]:
        facts = FACTS[row.MACHINE, step]
        if step == "amend":
            numbers = row.case.reported_documents.values_list(
                "document__number", flat=True
            )
            return facts | {"measures": dict.fromkeys(numbers, "stop_download")}
        return facts

    def pass_by(self, time: timedelta) -> None:
        self.at += time
        keep_time(at=self.at)
        late = Deadline.objects.to_fire(self.at).filter(clock__in=FIRING)
        assert not late.exclude(refusal="").exists(), "nothing that is due is refused"

    # --- what holds ----------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        """Asked after an act that the ledger knows of: nothing else writes."""
        length = ledger.LedgerEntry.objects.count()
        if length == self.asked_at:
            return
        self.asked_at = length
        for case in Case.objects.reports():
            self._one(case)
        assert ledger.verify().breaks == ()
        letters = Counter(
            Notice.objects.filter(report__isnull=False).values_list(
                "entry", "kind", "report"
            )
        )
        assert not letters or max(letters.values()) == 1, "nobody is told twice"
        for appeal in Appeal.objects.exclude(state__in=("filed", "reviewing")):
            entry = ledger.entries_of([appeal.stream]).filter(
                kind__startswith="appeal.", payload__id=appeal.pk
            )
            decider = appeal.ruling.entry.actor
            assert all(each.actor != decider for each in entry), "I5"
        self._answered_once_by_each()
        for document in Document.objects.all():
            held = Restriction.objects.active().filter(document=document)
            assert (
                visibility(document).is_down
                == held.filter(level__in=("interim_down", "remove")).exists()
            )

        for row in AccountMeasure.objects.standing():
            assert row.ends_at is None or row.ends_at > row.begun_at

    def _answered_once_by_each(self) -> None:
        """I5: nobody answers two appeals in one case."""
        answers = ledger.LedgerEntry.objects.filter(
            kind__in=[f"appeal.{step}" for step in ANSWERS]
        )
        made = Counter(answers.values_list("stream", "actor"))
        assert not made or max(made.values()) == 1

    def _marketplace(self, case: Case) -> None:
        """What the marketplace was told last is what holds."""
        for row in case.reported_documents.all():
            held = Restriction.objects.active().filter(reported=row).first()
            last = Effect.objects.filter(reported=row).order_by("pk").last()
            if held is None:
                assert last is None or last.kind == "lift"
            else:
                assert last is not None
                assert (last.kind, last.level) == ("restrict", held.level)

    def _alarm(self, case: Case) -> None:
        """It rings while what is urgent has been looked at by nobody; what was merged
        into the case since somebody looked may have brought its own."""
        steps = ledger.entries_of([case.stream]).order_by("seq")
        seen = steps.filter(kind__in=LOOKED).last()
        brought = steps.filter(kind__in=BROUGHT).latest("seq")
        merged = ledger.LedgerEntry.objects.filter(
            kind="report.merge", payload__into=case.pk
        )
        since = merged.filter(at__gte=seen.at) if seen else merged
        rings = case.deadlines.open().filter(clock="alarm").count()
        if case.state not in OPEN or case.priority:
            assert rings == 0, "nothing urgent is left to be seen"
        elif seen is None or seen.seq < brought.seq:
            assert rings == 1, "what is urgent, until somebody looked"
        else:
            assert rings <= int(since.exists()), "somebody looked"

    def _one(self, case: Case) -> None:
        self._marketplace(case)
        steps = ledger.entries_of([case.stream])
        taken = list(steps.order_by("seq").values_list("kind", flat=True))
        timed = case.deadlines.open().filter(clock="duration")
        ruling = case.rulings.order_by("at", "pk").last()
        held = Restriction.objects.active().filter(reported__case=case)
        lasts = bool(ruling and ruling.days) and held.exists()
        assert timed.count() == int(lasts), "a term of what a ruling restricts"
        self._alarm(case)
        waits = case.state == "need_info"
        assert not (waits and case.priority == 0), "what is urgent waits for nobody"
        clocks = case.deadlines.open().filter(clock__startswith="sla_")
        assert clocks.count() <= 1, "one clock"
        if case.state in ENDED:
            assert not clocks.exists()
            assert case.state == "closed" or not held.exists()
        if case.state in OPEN:
            assert clocks.exists()
            assert case.score == score_of(case)
        rulings = Ruling.objects.filter(case=case)
        assert rulings.count() == sum(kind in RULED for kind in taken)
        assert steps.filter(kind="document.snapshot").exists(), "I4"


def chosen(rows: Sequence[Any], nth: int) -> Any:
    """One of them, None where there is none."""
    return rows[nth % len(rows)] if rows else None
