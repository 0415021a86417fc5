"""Random programmes over the services: what people do to two cases, in any order.

Each programme draws the clock profile of either case, and how far the first one has
come; some of its acts are whatever somebody fancies, some are steps that are open.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from cases.answering import cure_counter, file_counter
from cases.curing import cure
from cases.errors import CaseError, CaseMovedOn
from cases.firing import fire_due
from cases.merging import merge
from cases.models import Case, CaseItem, CounterNotice, Effect, Proceeding
from cases.proceedings import Particulars, enter_order, notify, prove
from cases.registration import Proof
from cases.services import advance, claim
from cases.splitting import split
from evidence.actors import Actor
from evidence.compiled import Rows
from evidence.ledger import LedgerEntry
from evidence.models import Document, Text
from evidence.pipeline import process
from moderation.access import actor_of
from moderation.marketplace import deliver_effects
from tests.cases.facts import AMENDED, FACTS, KINDS, MEASURES, OUTCOMES
from tests.cases.invariants import (
    MACHINES,
    Invariants,
    nothing_that_is_due_is_left,
)
from tests.cases.journeys import (
    DRAFT,
    PAPER,
    Matter,
    answer,
    make_matter,
)
from tests.factories import make_case, make_document, make_user

# Early in a year whose calendar is known, so that no date is provisional for long.
START = datetime(2026, 1, 5, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PROFILES = (
    *("civil", "civil:N=7", "civil:cap=whole", "ecommerce"),
    *("regulation", "dmca", "dsa", "dsa:calendar=DE"),
)
STAFF = ("moderator", "colleague", "legal")
ABLE = ("claimant", *STAFF)
WHO = ("claimant", "rival", "uploader", "insider", *STAFF)
STAGES = ("claimed", "accepted", "measured", "answered", "passed_on")
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")
LEASE_IS_OVER = timedelta(minutes=31)
some = strategies.integers(min_value=0, max_value=9)
staff = strategies.sampled_from(STAFF)
either = strategies.booleans()
SUBJECTS = (Case, CaseItem, CounterNotice, Proceeding)
_IDS = {
    model: Rows(partial(model.objects.order_by("pk").values_list, "pk", flat=True))
    for model in SUBJECTS
}


def _known(row: Any) -> list[str]:
    return [name for machine, name in FACTS if machine == row.MACHINE]


def _ids(model: type[Any]) -> list[int]:
    return _IDS[model]()


@dataclass(frozen=True)
class Scene:
    """Where every programme begins: a case, one of somebody else about a document of
    it, and one of the same complainant about that document and another. Built once;
    each programme works on it and is rolled back."""

    matter: Matter
    other: Case
    twin: Case
    people: dict[str, Actor]
    documents: list[Document]

    @classmethod
    def build(cls) -> Self:
        matter = make_matter(items=2, state="claimed", at=START)
        other = make_case(
            state="claimed",
            documents=[matter.item.document],
            by=matter.moderator,
            at=START,
        )
        item = matter.item
        twin = make_case(
            state="claimed",
            claimant=matter.party,
            documents=[item.document, make_document(seller=item.document.seller)],
            work=item.work,
            by=matter.moderator,
            at=START,
        )
        people = {
            "claimant": matter.claimant,
            "rival": Actor(None, parties=frozenset({other.claimant_id or 0})),
            "uploader": matter.uploader,
            # Somebody of ours who sells the documents.
            "insider": replace(
                actor_of(make_user(duty="legal")), parties=matter.uploader.parties
            ),
            "moderator": matter.moderator,
            "colleague": actor_of(make_user(duty="moderator")),
            "legal": matter.legal,
        }
        documents = Document.objects.filter(case_items__case__in=[matter.case, twin])
        return cls(matter, other, twin, people, list(documents.distinct()))


class Programme(RuleBasedStateMachine):
    """What people do to a scene; rolled back at the end.

    The invariants read rows alone, so they are asked after a step that wrote. taken
    counts the moves of all programmes: machine, step and the state it started from.
    """

    scene: Scene
    taken: Counter[tuple[str, str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.enter_context(connection.execute_wrapper(self.watch))
        self.at = START
        self.matter, self.other = self.scene.matter, self.scene.other
        self.people = self.scene.people
        self.asked = Invariants(self.people["insider"], self.scene.documents)
        self.wrote = True

    def watch(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.wrote = self.wrote or sql.lstrip().upper().startswith(WRITES)
        return execute(sql, *rest)

    def teardown(self) -> None:
        for kind, payload in LedgerEntry.objects.values_list("kind", "payload"):
            machine, _dot, step = kind.partition(".")
            if machine in MACHINES:
                self.taken[machine, step, payload["from"]] += 1
        transaction.set_rollback(True)
        self.undo.close()

    @initialize(
        mine=strategies.sampled_from(PROFILES),
        theirs=strategies.sampled_from(PROFILES),
        stage=strategies.sampled_from(STAGES),
        who=staff,
    )
    def it_begins(self, mine: str, theirs: str, stage: str, who: str) -> None:
        """The second case is under a measure; the first has come to a stage."""
        self.profile = mine
        by, reached = self.people["moderator"], STAGES.index(stage)
        self.take(self.other, "accept", by, profile=theirs)
        self.measure_all(self.other, by)
        case, by = self.matter.case, self.people[who]
        self.hand_to(by)
        if reached >= STAGES.index("accepted"):
            self.take(case, "accept", by)
        if reached >= STAGES.index("measured"):
            self.measure_all(case, by)
        if reached >= STAGES.index("answered"):
            for item in self.items(case):
                file_counter(item, answer(), by=self.people["uploader"], at=self.at)
        if reached >= STAGES.index("passed_on"):
            for counter in CounterNotice.objects.order_by("pk"):
                self.tried(self.take, counter, "forward", by)

    # --- words ---------------------------------------------------------------------

    def take(self, row: Any, step: str, by: Actor, **changed: Any) -> None:
        facts = FACTS[row.MACHINE, step]
        if step == "accept":
            facts = {"profile": self.profile}
        advance(row, step, by=by, at=self.at, **(facts | changed))

    def tried(self, act: Callable[..., object], *args: Any, **facts: Any) -> None:
        """Taken or refused, never half."""
        before = LedgerEntry.objects.count()
        try:
            act(*args, **facts)
        except CaseError:
            assert LedgerEntry.objects.count() == before

    def items(self, *cases: Case) -> list[CaseItem]:
        rows = CaseItem.objects.order_by("case", "position")
        rows = rows.filter(case__in=cases) if cases else rows
        return list(rows.select_related("document__seller__party__details", "case"))

    def measure_all(self, case: Case, by: Actor) -> None:
        for item in self.items(case):
            self.take(item, "measure_and_forward", by)

    def hand_to(self, by: Actor, *, other: bool = False) -> None:
        """The lease of whoever held the cases has run out by then."""
        self.at += LEASE_IS_OVER
        for pk in _ids(Case):
            if pk != self.other.pk or other:
                with suppress(CaseError):
                    claim(Case(pk=pk), by=by, at=self.at)

    def subject(self, which: int, nth: int) -> Any:
        """One row of one machine that has any."""
        found = [(model, pks) for model in SUBJECTS if (pks := _ids(model))]
        model, pks = found[which % len(found)]
        return model.objects.get(pk=pks[nth % len(pks)])

    def open_to(self, row: Any, by: Actor) -> list[str]:
        steps = {step.name for step in row.get_available_user_state_transitions(by)}
        return [name for name in _known(row) if name in steps]

    def take_open(self, row: Any, step: int) -> None:
        """One of the steps that somebody can take now, by whoever that is."""
        can: dict[str, Actor] = {}
        for who in ABLE:
            for name in self.open_to(row, self.people[who]):
                can.setdefault(name, self.people[who])
        if can:
            name = sorted(can)[step % len(can)]
            self.tried(self.take, row, name, can[name])

    # --- what people do ------------------------------------------------------------

    @rule(hours=strategies.sampled_from([1, 30, 24 * 6, 24 * 17, 24 * 190]))
    def time_goes_by(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        fire_due(at=self.at)
        nothing_that_is_due_is_left(self.at)

    @rule(hours=strategies.sampled_from([24 * 4, 24 * 11]))
    def the_scheduler_sleeps(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(who=staff, other=either)
    def an_examiner_takes_over(self, who: str, other: bool) -> None:
        self.hand_to(self.people[who], other=other)

    @rule()
    def who_holds_a_case_comes_to_sell_its_document(self) -> None:
        """I5: claimed while they had no part in it, so that only the guard of each
        step is left to keep them from it."""
        self.hand_to(replace(self.people["insider"], parties=frozenset()))

    @rule(model=strategies.sampled_from(SUBJECTS), nth=some, step=some)
    def who_sells_it_tries_a_step(self, model: type[Any], nth: int, step: int) -> None:
        if pks := _ids(model):
            row, by = model.objects.get(pk=pks[nth % len(pks)]), self.people["insider"]
            names = self.open_to(row, by) or _known(row)
            self.tried(self.take, row, names[step % len(names)], by)

    @rule(who=strategies.sampled_from(WHO), which=some, nth=some, step=some)
    def somebody_tries_a_step(self, who: str, which: int, nth: int, step: int) -> None:
        """Any step of any subject, by anybody."""
        row = self.subject(which, nth)
        names = _known(row)
        self.tried(self.take, row, names[step % len(names)], self.people[who])

    @rule(model=strategies.sampled_from(SUBJECTS), nth=some, step=some)
    def whoever_can_takes_a_step(self, model: type[Any], nth: int, step: int) -> None:
        if pks := _ids(model):
            self.take_open(model.objects.get(pk=pks[nth % len(pks)]), step)

    @rule(model=strategies.sampled_from(SUBJECTS[2:]), nth=some, step=some)
    def a_paper_is_answered(self, model: type[Any], nth: int, step: int) -> None:
        if pks := _ids(model):
            self.take_open(model.objects.get(pk=pks[-1 - nth % len(pks)]), step)

    @rule(who=staff, back=either)
    def the_desk_merges(self, who: str, back: bool) -> None:
        pair = [self.scene.twin, self.matter.case]
        case, into = reversed(pair) if back else pair
        self.tried(merge, case, into, by=self.people[who], at=self.at)

    @rule(
        who=staff,
        which=some,
        measure=strategies.sampled_from(MEASURES),
    )
    def the_desk_measures(self, who: str, which: int, measure: str) -> None:
        items = self.items(self.matter.case)
        item, by = items[which % len(items)], self.people[who]
        self.tried(self.take, item, "measure_and_forward", by, measure=measure)

    @rule(which=some, removed=either)
    def the_uploader_answers(self, which: int, removed: bool) -> None:
        items = self.items()
        facts = answer(ground="removed", amended=AMENDED) if removed else answer()
        self.tried(
            file_counter,
            items[which % len(items)],
            facts,
            by=self.people["uploader"],
            at=self.at,
        )
        for text in Text.objects.filter(stage="queued"):
            process(text.pk, at=self.at)

    @rule()
    def both_cure(self) -> None:
        proofs = [Proof("manuscript", DRAFT)]
        for case in Case.objects.filter(state="deficient"):
            self.tried(
                cure,
                case,
                answers={"D03": "补交。"},
                proofs={"D03": proofs},
                by=self.people["claimant"],
                at=self.at,
            )
        for counter in CounterNotice.objects.filter(state="deficient"):
            self.tried(
                cure_counter,
                counter,
                answers={"C03": "补交。"},
                proofs=proofs,
                by=self.people["uploader"],
                at=self.at,
            )

    @rule(who=staff, position=strategies.integers(1, 2))
    def the_complete_part_goes_on(self, who: str, position: int) -> None:
        self.tried(split, self.matter.case, [position], by=self.people[who], at=self.at)

    @rule(which=some, kind=strategies.sampled_from(KINDS), against=either)
    def the_complainant_sues(self, which: int, kind: str, against: bool) -> None:
        items = self.items(self.matter.case)
        told = Particulars(kind, "法院", self.at.date(), against_uploader=against)
        self.tried(
            notify,
            self.matter.case,
            items[: which % len(items) + 1],
            told,
            by=self.people["claimant"],
            at=self.at,
        )

    @rule()
    def the_complainant_proves(self) -> None:
        for row in Proceeding.objects.filter(state__in=("notified", "filed")):
            self.tried(
                prove,
                row,
                [Proof("docket", PAPER)],
                by=self.people["claimant"],
                at=self.at,
            )

    @rule(which=some, outcome=strategies.sampled_from(OUTCOMES))
    def a_court_decides(self, which: int, outcome: str) -> None:
        rows = list(Proceeding.objects.filter(concluded_at=None).order_by("pk"))
        if rows:
            row, by = rows[which % len(rows)], self.people["legal"]
            self.tried(self.take, row, "conclude", by, outcome=outcome)

    @rule(which=some, measure=strategies.sampled_from(MEASURES))
    def a_court_orders(self, which: int, measure: str) -> None:
        items = self.items(self.matter.case)
        self.hand_to(self.people["legal"])
        self.tried(
            enter_order,
            self.matter.case,
            [items[which % len(items)]],
            Particulars("preservation", "法院", self.at.date(), "行保 1 号"),
            measure=measure,
            paper=Proof("order", PAPER),
            by=self.people["legal"],
            at=self.at,
        )

    @rule(who=staff, which=some, nth=some)
    def a_stale_form_is_sent(self, who: str, which: int, nth: int) -> None:
        """I6: of a step that is open, if there is one."""
        row, by = self.subject(which, nth), self.people[who]
        names = self.open_to(row, by) + _known(row)
        before = LedgerEntry.objects.count()
        with pytest.raises(CaseMovedOn):
            self.take(row, names[0], by, expect_version=row.version + 1)
        assert LedgerEntry.objects.count() == before

    @invariant()
    @precondition(lambda self: self.wrote)
    def every_invariant_holds(self) -> None:
        if Effect.objects.filter(delivered_at=None).exists():
            deliver_effects(at=self.at + timedelta(days=366))
        self.asked.hold()
        self.wrote = False
