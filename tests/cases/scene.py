"""Where random programmes begin, the words that they are written in (programme.py), and
what is asked after each of their steps (invariants.py)."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition

from cases.errors import CaseError
from cases.firing import fire_due
from cases.models import Case, CaseItem, CounterNotice, Effect, Proceeding
from cases.services import advance, claim
from evidence.actors import Actor
from evidence.compiled import Rows
from evidence.ledger import LedgerEntry
from evidence.models import Document
from moderation.access import actor_of
from moderation.marketplace import deliver_effects
from tests.cases.facts import FACTS
from tests.cases.invariants import (
    MACHINES,
    Invariants,
    nothing_that_is_due_is_left,
)
from tests.cases.journeys import Matter, make_matter
from tests.factories import make_case, make_document, make_user

# Early in a year whose calendar is known, so that no date is provisional for long.
START = datetime(2026, 1, 5, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
STAFF = ("moderator", "colleague", "legal")
ABLE = ("claimant", *STAFF)
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")
LEASE_IS_OVER = timedelta(minutes=31)
SUBJECTS = (Case, CaseItem, CounterNotice, Proceeding)
_IDS = {
    model: Rows(partial(model.objects.order_by("pk").values_list, "pk", flat=True))
    for model in SUBJECTS
}


def known(row: Any) -> list[str]:
    return [name for machine, name in FACTS if machine == row.MACHINE]


def ids(model: type[Any]) -> list[int]:
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


class Played(RuleBasedStateMachine):
    """A scene that is played and rolled back at the end, and the words to play it in.

    The invariants read rows alone, so they are asked after a step that wrote. taken
    counts the moves of all programmes: machine, step and the state it started from.
    """

    scene: Scene
    taken: Counter[tuple[str, str, str]]
    profile: str  # that the cases of the complainant are accepted under

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
        for pk in ids(Case):
            if pk != self.other.pk or other:
                with suppress(CaseError):
                    claim(Case(pk=pk), by=by, at=self.at)

    def pass_by(self, time: timedelta) -> None:
        self.at += time
        fire_due(at=self.at)
        nothing_that_is_due_is_left(self.at)

    def subject(self, which: int, nth: int) -> Any:
        """One row of one machine that has any."""
        found = [(model, pks) for model in SUBJECTS if (pks := ids(model))]
        model, pks = found[which % len(found)]
        return model.objects.get(pk=pks[nth % len(pks)])

    def open_to(self, row: Any, by: Actor) -> list[str]:
        steps = {step.name for step in row.get_available_user_state_transitions(by)}
        return [name for name in known(row) if name in steps]

    def take_open(self, row: Any, step: int) -> None:
        """One of the steps that somebody can take now, by whoever that is."""
        can: dict[str, Actor] = {}
        for who in ABLE:
            for name in self.open_to(row, self.people[who]):
                can.setdefault(name, self.people[who])
        if can:
            name = sorted(can)[step % len(can)]
            self.tried(self.take, row, name, can[name])

    @invariant()
    @precondition(lambda self: self.wrote)
    def every_invariant_holds(self) -> None:
        if Effect.objects.filter(delivered_at=None).exists():
            deliver_effects(at=self.at + timedelta(days=366))
        self.asked.hold()
        self.wrote = False
