"""Random programmes over reports: whatever people do, the invariants hold."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from cases.abuse import bring_back, invalidate, open_reports_like, reports_like
from cases.appeals import file_appeal
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
    Restriction,
    Ruling,
)
from cases.priority import score_of
from cases.reporting import split, withdraw
from cases.restrictions import visibility
from cases.services import advance, claim, release
from cases.timekeeping import keep_time
from cases.workflows.report import ENDED, OPEN
from evidence import ledger
from evidence.actors import ANONYMOUS, SYSTEM, Actor
from evidence.models import Document
from moderation.access import actor_of
from tests.factories import AT, make_document, make_party, make_text, make_user
from tests.gate.sellers import make_seller
from tests.programmes import run_programmes
from tests.reporting.matters import facts_for, report, staff
from tests.sizes import SIZE

REASONS = ("E5", "C1", "A8", "B1", "G2")
PEOPLE = ("moderator", "other", "senior", "legal", "compliance")
LEVELS = ("", "stop_download", "interim_down")
PLAIN = ("see", "confirm", "end_restriction", "transfer", "unmerge")
# Steps that take facts, as somebody at the desk would give them.
TOLD: dict[str, dict[str, object]] = {
    "restrict": {"policy": "examiner"},
    "escalate": {"ground": "crime"},
    "reclassify": {"reason": "E5", "priority": 3},
    "reopen": {"ground": "主管部门来函，须重新办理。"},
}
ANSWERS = ("uphold", "dismiss", "overturn")


class Programme(RuleBasedStateMachine):
    """Three documents of one seller, two of them of one text, reported by strangers
    and by one reader with an account; the clock goes on with every act."""

    @initialize()
    def begin(self) -> None:
        """Each programme is taken back whole."""
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

    @rule(nth=st.integers(0, 2), reason=st.sampled_from(REASONS), known=st.booleans())
    def file(self, nth: int, reason: str, known: bool) -> None:
        by = self.reader if known else ANONYMOUS
        self.tried(report, self.documents[nth], reason, by=by)

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
        days=st.sampled_from((0, 7)),
    )
    def decide(self, nth: int, who: str, level: str, days: int) -> None:
        if case := self.case(nth):
            facts = facts_for(case, level, days=days if level else 0)
            self.tried(advance, case, "decide", by=self.people[who], **facts)

    @rule(
        nth=st.integers(0, 5), who=st.sampled_from(PEOPLE), step=st.sampled_from(PLAIN)
    )
    def take(self, nth: int, who: str, step: str) -> None:
        if case := self.case(nth):
            self.tried(advance, case, step, by=self.people[who])

    @rule(
        nth=st.integers(0, 5),
        who=st.sampled_from(PEOPLE),
        step=st.sampled_from(sorted(TOLD)),
    )
    def take_with_facts(self, nth: int, who: str, step: str) -> None:
        if case := self.case(nth):
            self.tried(advance, case, step, by=self.people[who], **TOLD[step])

    @rule(nth=st.integers(0, 9))
    def supply(self, nth: int) -> None:
        if told := self.told(nth):
            speaker = Actor(user_id=None, reports=frozenset({told.pk}))
            facts = {"report": told.pk, "answer": "在第二页的中部，有三行。"}
            self.tried(advance, told.case, "supply", by=speaker, **facts)

    @rule(nth=st.integers(0, 5), who=st.sampled_from(PEOPLE))
    def ask(self, nth: int, who: str) -> None:
        if case := self.case(nth):
            by = self.people[who]
            self.tried(advance, case, "request_info", by=by, question="请说明页码。")

    @rule(nth=st.integers(0, 5), other=st.integers(0, 5))
    def merge(self, nth: int, other: int) -> None:
        case, into = self.case(nth), self.case(other)
        if case and into:
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

    @rule(back=st.booleans())
    def sweep(self, back: bool) -> None:
        """All that the reader filed and is open, or all of it back."""
        mine = Report.objects.filter(user=self.reader.user_id)
        if first := mine.first():
            rows = reports_like(first) if back else open_reports_like(first)
            act = bring_back if back else invalidate
            self.tried(act, list(rows), by=self.people["senior"])

    @rule(nth=st.integers(0, 5))
    def sellers_appeal(self, nth: int) -> None:
        if case := self.case(nth):
            facts = {"ground": "severity", "statement": "处理过重，请重新查看。"}
            seller = {"by": self.sells, "seller": self.seller}
            self.tried(file_appeal, case, **seller, **facts)

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
        keep_time(at=self.at)
        late = Deadline.objects.to_fire(self.at).filter(clock__in=FIRING)
        assert not late.exclude(refusal="").exists(), "nothing that is due is refused"

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

    def _one(self, case: Case) -> None:
        self._marketplace(case)
        timed = case.deadlines.open().filter(clock="duration")
        ruling = case.rulings.order_by("at", "pk").last()
        assert timed.exists() <= bool(ruling and ruling.days), "a term of a ruling"
        alarm = case.deadlines.open().filter(clock="alarm")
        assert alarm.exists() <= (case.state in OPEN and case.priority == 0)
        waits = case.state == "need_info"
        assert not (waits and case.priority == 0), "what is urgent waits for nobody"
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
    run_programmes(Programme, max(5, SIZE.examples // 10))
