"""Random programmes over the services: whatever people do in whatever order, the
invariants of a case hold after every step.

I1 one entry a transition; I2 the chain; I3 each letter once; I4 snapshot before
measure; I5 nobody acts out of turn; I6 a stale form changes nothing; I7 timers ask
their guards again; I8 a hold stops no restoring; I9 a document is restored by its own
row alone.
"""

from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import pytest
from django.db import connection, transaction
from hypothesis import settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases.answering import cure_counter, file_counter
from cases.curing import cure
from cases.errors import CaseError, CaseMovedOn
from cases.firing import fire_due
from cases.models import (
    Case,
    CaseItem,
    CounterNotice,
    Deadline,
    Decision,
    Effect,
    Notice,
    Proceeding,
    Restriction,
)
from cases.notices import NOTICES
from cases.proceedings import Particulars, enter_order, notify, prove
from cases.registration import Proof
from cases.restrictions import DOWN, visibility
from cases.services import advance, claim
from cases.workflows.item import UNDER_MEASURE, ItemState
from evidence import ledger
from evidence.ledger import LedgerEntry
from moderation.marketplace import deliver_effects, may_settle
from tests.cases.journeys import (
    DRAFT,
    PAPER,
    REASONING,
    Matter,
    answer,
    make_matter,
)
from tests.factories import AT, make_case
from tests.sizes import SIZE

STAFF = ("moderator", "legal")
WHO = ("claimant", "uploader", *STAFF)
FACTS: dict[tuple[str, str], dict[str, Any]] = {
    ("copyright", "accept"): {"profile": "civil"},
    ("copyright", "find_defects"): {"codes": ["D03"], "defects": {"D03": "没有。"}},
    ("copyright", "reject"): {"refusal": "no_right", "reasoning": REASONING},
    ("copyright", "hold"): {"document": "函 1 号", "reasoning": REASONING},
    ("copyright", "end_hold"): {"document": "函 2 号", "reasoning": REASONING},
    ("copyright", "withdraw"): {"ground": "settled", "reasoning": ""},
    ("item", "assess_no_measure"): {"finding": "evidence", "reasoning": REASONING},
    ("item", "extend"): {
        "days": 5,
        "ground": "notarisation",
        "reasoning": REASONING,
    },
    ("item", "announce"): {"ground": "failed"},
    ("item", "drop"): {"ground": "settled", "reasoning": ""},
    ("item", "withdraw"): {"ground": "mistaken", "reasoning": ""},
    ("counter_notice", "find_defects"): {"codes": ["C03"], "defects": {"C03": "无。"}},
    ("counter_notice", "forward"): {},
    ("counter_notice", "reject"): {"refusal": "blank", "reasoning": REASONING},
    ("proceeding", "verify"): {},
    ("proceeding", "acknowledge"): {},
    ("proceeding", "return_proof"): {"reasoning": REASONING},
    ("proceeding", "refuse_proof"): {"reasoning": REASONING},
}
MEASURES = ("only_forward", "stop_download", "limit_preview", "interim_down", "remove")
OUTCOMES = ("upheld", "dismissed", "retracted")
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")
some = strategies.integers(min_value=0, max_value=9)


@dataclass(frozen=True)
class Scene:
    """Where every programme begins: two cases, the second about a document of the
    first. Built once; each programme works on it and is rolled back."""

    matter: Matter
    other: Case

    @classmethod
    def build(cls) -> Self:
        matter = make_matter(items=2, state="claimed")
        other = make_case(
            state="measured", documents=[matter.item.document], by=matter.moderator
        )
        return cls(matter, other)


class Programme(RuleBasedStateMachine):
    """What people do to a scene; rolled back at the end.

    The invariants read rows alone, so they are asked after a step that wrote.
    """

    scene: Scene

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.enter_context(connection.execute_wrapper(self.watch))
        self.at = AT
        self.matter, self.other = self.scene.matter, self.scene.other
        self.people = {name: getattr(self.matter, name) for name in WHO}
        self.wrote = True

    def watch(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.wrote = self.wrote or sql.lstrip().upper().startswith(WRITES)
        return execute(sql, *rest)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.close()

    def subjects(self) -> list[Any]:
        cases = [self.matter.case, self.other]
        rows: list[Any] = [Case.objects.get(pk=case.pk) for case in cases]
        items = CaseItem.objects.filter(case__in=cases)
        rows += list(items.select_related("document__seller__party__details", "case"))
        rows += list(CounterNotice.objects.order_by("pk"))
        return rows + list(Proceeding.objects.order_by("pk"))

    @rule(hours=strategies.sampled_from([1, 30, 24 * 6, 24 * 17]))
    def time_goes_by(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule()
    def the_scheduler_wakes(self) -> None:
        fire_due(at=self.at)

    @rule(who=strategies.sampled_from(STAFF))
    def an_examiner_claims(self, who: str) -> None:
        for case in (self.matter.case, self.other):
            with suppress(CaseError):
                claim(case, by=self.people[who], at=self.at)

    @rule(who=strategies.sampled_from(WHO), which=some, step=some)
    def somebody_takes_a_step(self, who: str, which: int, step: int) -> None:
        """Any step of any subject, by anybody: taken or refused, never half."""
        rows = self.subjects()
        row = rows[which % len(rows)]
        names = [name for machine, name in FACTS if machine == row.MACHINE]
        name = names[step % len(names)]
        before = LedgerEntry.objects.count()
        try:
            facts = FACTS[row.MACHINE, name]
            advance(row, name, by=self.people[who], at=self.at, **facts)
        except CaseError:
            assert LedgerEntry.objects.count() == before

    @rule(which=some, measure=strategies.sampled_from(MEASURES))
    def the_desk_measures(self, which: int, measure: str) -> None:
        items = self.matter.items
        facts = {"measure": measure, "reasoning": REASONING}
        with suppress(CaseError):
            advance(
                items[which % len(items)],
                "measure_and_forward",
                by=self.people["moderator"],
                at=self.at,
                **facts,
            )

    @rule(which=some)
    def the_uploader_answers(self, which: int) -> None:
        items = self.matter.items
        item = items[which % len(items)]
        with suppress(CaseError):
            file_counter(item, answer(), by=self.people["uploader"], at=self.at)

    @rule()
    def both_cure(self) -> None:
        proofs = [Proof("manuscript", DRAFT)]
        with suppress(CaseError):
            cure(
                self.matter.case,
                answers={"D03": "补交。"},
                proofs={"D03": proofs},
                by=self.people["claimant"],
                at=self.at,
            )
        for counter in CounterNotice.objects.all():
            with suppress(CaseError):
                cure_counter(
                    counter,
                    answers={"C03": "补交。"},
                    proofs=proofs,
                    by=self.people["uploader"],
                    at=self.at,
                )

    @rule(which=some)
    def the_complainant_sues(self, which: int) -> None:
        items = self.matter.items
        with suppress(CaseError):
            notify(
                self.matter.case,
                items[: which % len(items) + 1],
                Particulars("suit", "法院", self.at.date()),
                by=self.people["claimant"],
                at=self.at,
            )

    @rule()
    def the_complainant_proves(self) -> None:
        for row in Proceeding.objects.all():
            with suppress(CaseError):
                prove(
                    row,
                    [Proof("docket", PAPER)],
                    by=self.people["claimant"],
                    at=self.at,
                )

    @rule(outcome=strategies.sampled_from(OUTCOMES))
    def a_court_decides(self, outcome: str) -> None:
        for row in Proceeding.objects.all():
            facts = {"outcome": outcome, "reasoning": REASONING}
            with suppress(CaseError):
                advance(row, "conclude", by=self.people["legal"], at=self.at, **facts)

    @rule(measure=strategies.sampled_from(MEASURES))
    def a_court_orders(self, measure: str) -> None:
        with suppress(CaseError):
            enter_order(
                self.matter.case,
                self.matter.items[:1],
                Particulars("preservation", "法院", self.at.date(), "行保 1 号"),
                measure=measure,
                paper=Proof("order", PAPER),
                by=self.people["legal"],
                at=self.at,
            )

    @rule(which=some)
    def a_stale_form_is_sent(self, which: int) -> None:
        rows = self.subjects()
        row = rows[which % len(rows)]
        name = next(name for machine, name in FACTS if machine == row.MACHINE)
        with pytest.raises(CaseMovedOn):
            advance(
                row,
                name,
                by=self.people["legal"],
                at=self.at,
                expect_version=row.version + 1,
                **FACTS[row.MACHINE, name],
            )

    @invariant()
    @precondition(lambda self: self.wrote)
    def every_invariant_holds(self) -> None:
        if Effect.objects.filter(delivered_at=None).exists():
            deliver_effects(at=self.at + timedelta(days=366))
        rows = Rows.read([self.matter.case, self.other])
        every_transition_has_one_entry(rows)
        the_chain_holds()
        each_letter_is_written_once(rows)
        a_measure_stands_exactly_while_its_item_is_under_one(rows)
        a_document_is_down_while_any_row_says_so(rows)
        clocks_run_where_they_belong(rows)
        nobody_decides_as_the_wrong_person()
        income_follows_the_measure(rows)
        the_marketplace_holds_what_is_in_question(rows)
        self.wrote = False


@dataclass(frozen=True)
class Rows:
    """What the invariants are asked of, each table read once."""

    subjects: list[Any]
    entries: list[LedgerEntry]
    items: list[CaseItem]
    restrictions: list[Restriction]
    deadlines: list[Deadline]
    effects: list[Effect]

    @classmethod
    def read(cls, cases: list[Case]) -> Self:
        items = list(CaseItem.objects.filter(case__in=cases).select_related("document"))
        subjects: list[Any] = list(
            Case.objects.filter(pk__in=[row.pk for row in cases])
        )
        subjects += [*items, *CounterNotice.objects.all(), *Proceeding.objects.all()]
        return cls(
            subjects,
            list(LedgerEntry.objects.all()),
            items,
            list(Restriction.objects.select_related("item__snapshot")),
            list(Deadline.objects.open().filter(clock__in=("waiting", "window"))),
            list(Effect.objects.order_by("pk")),
        )

    @property
    def active(self) -> list[Restriction]:
        return [row for row in self.restrictions if row.lifted_at is None]


def every_transition_has_one_entry(rows: Rows) -> None:
    entries = Counter(
        (entry.kind.partition(".")[0], entry.payload["id"])
        for entry in rows.entries
        if entry.kind.partition(".")[0] in MACHINES
    )
    for row in rows.subjects:
        assert entries[row.MACHINE, row.pk] == row.version, row


def the_chain_holds() -> None:
    assert ledger.verify().breaks == ()


def each_letter_is_written_once(rows: Rows) -> None:
    written = Counter(Notice.objects.values_list("entry", "kind", "audience"))
    for entry in rows.entries:
        machine, _dot, step = entry.kind.partition(".")
        for letter in NOTICES.get((machine, step), ()):
            key = (entry.pk, letter.kind, letter.audience)
            assert written.pop(key, 0) == 1, (entry.kind, letter)
    assert not written


def a_measure_stands_exactly_while_its_item_is_under_one(rows: Rows) -> None:
    """I4, I9: one active row an item, its own, and a snapshot before it."""
    active = Counter(row.item_id for row in rows.active)
    for item in rows.items:
        under = item.state in UNDER_MEASURE and _restricts(item)
        assert active[item.pk] == int(under), (item, item.state)
        if under:
            assert item.snapshot_id is not None
    for row in rows.restrictions:
        assert row.item.snapshot.taken_at <= row.placed_at  # type: ignore[union-attr]


def a_document_is_down_while_any_row_says_so(rows: Rows) -> None:
    down = {row.document_id for row in rows.active if row.level in DOWN}
    for document in {item.document for item in rows.items}:
        assert visibility(document).is_down == (document.pk in down)


def clocks_run_where_they_belong(rows: Rows) -> None:
    """I7: no waiting runs on what does not wait, and no guard is left behind."""
    states = {"waiting": ItemState.WAITING, "window": ItemState.MEASURED}
    of = {item.pk: item.state for item in rows.items}
    for row in rows.deadlines:
        assert row.item_id is not None
        assert of[row.item_id] == states[row.clock], (row.clock, of[row.item_id])
    waiting = Counter(row.item_id for row in rows.deadlines if row.clock == "waiting")
    for item in rows.items:
        assert waiting[item.pk] == int(item.state == ItemState.WAITING)


def nobody_decides_as_the_wrong_person() -> None:
    roles = set(Decision.objects.values_list("decided_by", flat=True))
    assert roles <= {"moderator", "legal", "system", "claimant"}


def income_follows_the_measure(rows: Rows) -> None:
    """Held while in question, kept when final, released with the document."""
    for item in rows.items:
        kinds = [
            effect.kind
            for effect in rows.effects
            if effect.item_id == item.pk and effect.kind.endswith("income")
        ]
        last = kinds[-1] if kinds else ""
        if item.state in UNDER_MEASURE and _restricts(item):
            final = item.state == ItemState.FINAL
            assert last == ("keep_income" if final else "hold_income"), item.state
        else:
            assert last in ("", "release_income"), (item.state, kinds)


def the_marketplace_holds_what_is_in_question(rows: Rows) -> None:
    """Delivered through the adapter: nothing is paid out while any case holds or
    keeps it, and nothing is held that no case holds."""
    held = {
        item.document_id
        for item in rows.items
        if item.state in UNDER_MEASURE and _restricts(item)
    }
    for document in {item.document for item in rows.items}:
        assert may_settle(document.number) != (document.pk in held), document


def _restricts(item: CaseItem) -> bool:
    return item.measure not in ("", "only_forward")


MACHINES = ("copyright", "item", "counter_notice", "proceeding")


@pytest.mark.django_db
def test_the_invariants_hold_in_every_programme() -> None:
    Programme.scene = Scene.build()
    run_state_machine_as_test(
        Programme,
        settings=settings(
            max_examples=SIZE.programmes,
            stateful_step_count=SIZE.steps,
            deadline=None,
        ),
    )


def test_a_hold_stops_nothing_but_deletion(db: None) -> None:
    """I8."""
    matter = make_matter()
    facts = {"document": "函 1 号", "reasoning": REASONING}
    advance(matter.case, "hold", by=matter.legal, at=AT, **facts)
    waiting = matter.wait(AT + timedelta(days=1))
    assert fire_due(at=waiting.due_at) == 1
    assert matter.state() == "restored"
