"""Random programmes over reports: whatever people do, the invariants hold."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cases.abuse import bring_back, invalidate
from cases.appeals import file_appeal
from cases.errors import CaseError
from cases.firing import fire_due
from cases.models import Appeal, Case, Notice, Report, Restriction, Ruling
from cases.priority import score_of
from cases.reporting import split, withdraw
from cases.restrictions import visibility
from cases.services import advance, claim, release
from cases.workflows.report import ENDED, OPEN
from evidence import ledger
from evidence.actors import SYSTEM, Actor
from evidence.models import Document
from tests.factories import AT, make_document, make_text
from tests.reporting.matters import facts_for, report, staff
from tests.sizes import SIZE

REASONS = ("E5", "C1", "A8", "B1")
PEOPLE = ("moderator", "other", "senior", "legal", "compliance")
LEVELS = ("", "stop_download", "interim_down")
PLAIN = ("see", "confirm", "end_restriction", "transfer", "unmerge")
ANSWERS = ("uphold", "dismiss", "overturn")


class Programme(RuleBasedStateMachine):
    """Three documents, two of them of one text; the clock goes on with every act."""

    @initialize()
    def begin(self) -> None:
        """Each programme is taken back whole."""
        self.undone = transaction.atomic()
        self.undone.__enter__()
        text = make_text("同一篇文章的全文")
        self.documents = [
            make_document(text=text),
            make_document(text=text),
            make_document(),
        ]
        self.people = {name: staff(DUTIES.get(name, name)) for name in PEOPLE}
        self.at = AT

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def case(self, nth: int) -> Case | None:
        rows = list(Case.objects.reports().order_by("pk"))
        return rows[nth % len(rows)] if rows else None

    def told(self, nth: int) -> Report | None:
        rows = list(Report.objects.order_by("pk"))
        return rows[nth % len(rows)] if rows else None

    def tried(self, act: object, *args: object, **facts: object) -> None:
        """A refusal changes nothing, and is no fault."""
        self.at += timedelta(minutes=1)
        entries = ledger.LedgerEntry.objects.count()
        try:
            act(*args, at=self.at, **facts)  # type: ignore[operator]
        except CaseError:
            assert ledger.LedgerEntry.objects.count() == entries

    @rule(nth=st.integers(0, 2), reason=st.sampled_from(REASONS))
    def file(self, nth: int, reason: str) -> None:
        self.tried(report, self.documents[nth], reason)

    @rule(nth=st.integers(0, 5), who=st.sampled_from(PEOPLE))
    def claim(self, nth: int, who: str) -> None:
        if case := self.case(nth):
            self.tried(claim, case, by=self.people[who])

    @rule(nth=st.integers(0, 5), who=st.sampled_from(PEOPLE))
    def release(self, nth: int, who: str) -> None:
        if case := self.case(nth):
            self.tried(release, case, by=self.people[who])

    @rule(
        nth=st.integers(0, 5),
        who=st.sampled_from(PEOPLE),
        level=st.sampled_from(LEVELS),
    )
    def decide(self, nth: int, who: str, level: str) -> None:
        if case := self.case(nth):
            facts = facts_for(case, level)
            self.tried(advance, case, "decide", by=self.people[who], **facts)

    @rule(
        nth=st.integers(0, 5), who=st.sampled_from(PEOPLE), step=st.sampled_from(PLAIN)
    )
    def take(self, nth: int, who: str, step: str) -> None:
        if case := self.case(nth):
            self.tried(advance, case, step, by=self.people[who])

    @rule(nth=st.integers(0, 5), who=st.sampled_from(PEOPLE))
    def ask(self, nth: int, who: str) -> None:
        if case := self.case(nth):
            by = self.people[who]
            self.tried(advance, case, "request_info", by=by, question="请说明页码。")

    @rule(nth=st.integers(0, 5), other=st.integers(0, 5))
    def merge(self, nth: int, other: int) -> None:
        case, into = self.case(nth), self.case(other)
        if case and into and case != into and into.state in OPEN:
            self.tried(advance, case, "merge", by=SYSTEM, into=into.pk)

    @rule(nth=st.integers(0, 9))
    def split(self, nth: int) -> None:
        if told := self.told(nth):
            self.tried(split, told.case, [told], by=self.people["senior"])

    @rule(nth=st.integers(0, 9))
    def withdraw(self, nth: int) -> None:
        if told := self.told(nth):
            speaker = Actor(user_id=None, reports=frozenset({told.pk}))
            self.tried(withdraw, told, by=speaker)

    @rule(nth=st.integers(0, 9), back=st.booleans())
    def set_aside(self, nth: int, back: bool) -> None:
        if told := self.told(nth):
            act = bring_back if back else invalidate
            self.tried(act, [told], by=self.people["senior"])

    @rule(nth=st.integers(0, 9))
    def appeal(self, nth: int) -> None:
        if told := self.told(nth):
            speaker = Actor(user_id=None, reports=frozenset({told.pk}))
            facts = {"ground": "facts", "statement": "请重新查看这份文档。"}
            self.tried(file_appeal, told.case, by=speaker, report=told, **facts)

    @rule(
        nth=st.integers(0, 3),
        who=st.sampled_from(PEOPLE),
        step=st.sampled_from(ANSWERS),
    )
    def answer(self, nth: int, who: str, step: str) -> None:
        rows = list(Appeal.objects.order_by("pk"))
        if not rows:
            return
        facts: dict[str, object] = {"answer": "重新查看之后，理由如上。"}
        if step == "overturn":
            facts |= {"outcome": "not_upheld", "measures": {}}
        row = rows[nth % len(rows)]
        self.tried(advance, row, step, by=self.people[who], **facts)

    @rule(days=st.sampled_from((0, 1, 9, 25)))
    def wait(self, days: int) -> None:
        self.at += timedelta(days=days)
        fire_due(at=self.at)

    @invariant()
    def holds(self) -> None:
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
        for document in Document.objects.all():
            held = Restriction.objects.active().filter(document=document)
            assert (
                visibility(document).is_down
                == held.filter(level__in=("interim_down", "remove")).exists()
            )

    def _one(self, case: Case) -> None:
        clocks = case.deadlines.open().filter(clock__startswith="sla_")
        assert clocks.count() <= 1, "one clock"
        if case.state in ENDED:
            assert not clocks.exists()
            if case.state != "closed":
                assert (
                    not Restriction.objects.active()
                    .filter(reported__case=case)
                    .exists()
                )
        if case.state in OPEN:
            assert clocks.exists()
            assert case.score == score_of(case)
        decided = Ruling.objects.filter(case=case)
        steps = ledger.entries_of([case.stream])
        assert (
            decided.count()
            == steps.filter(kind="report.decide").count()
            + steps.filter(kind__in=("appeal.overturn", "appeal.amend")).count()
        )
        assert steps.filter(kind="document.snapshot").exists(), "I4"


DUTIES = {"other": "moderator"}


@pytest.mark.django_db
def test_whatever_people_do_the_invariants_hold() -> None:
    # An act here is a dozen statements and the check after it reads every row.
    fewer = settings(max_examples=max(5, SIZE.examples // 10))
    run_state_machine_as_test(Programme, settings=fewer)  # type: ignore[no-untyped-call]
