"""What holds of copyright cases after every step, whatever was done. Rows alone.

I1 one entry a transition; I2 the chain; I3 each letter once; I4 snapshot before
measure; I5 nobody acts out of turn; I6 a stale form changes nothing (programme.py);
I7 timers ask their guards again; I8 a hold stops no restoring; I9 a document is
restored by its own row alone.
"""

from collections import Counter, defaultdict
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Q

from cases.firing import FIRING, guard_of
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
from cases.permissions.item import RUNNING
from cases.restrictions import DOWN, visibility
from cases.workflows.drawing import MACHINES as EVERY_MACHINE
from cases.workflows.drawing import steps_of
from cases.workflows.item import TERMINAL, UNDER_MEASURE, ItemState
from evidence.actors import Actor
from evidence.chain import SEALED, check
from evidence.compiled import Rows
from evidence.ledger import LedgerEntry, LedgerHead
from evidence.models import Document
from moderation.marketplace import may_settle

MACHINES = ("copyright", "item", "counter_notice", "proceeding")
WAITED = ("civil", "ecommerce", "dmca")
# The moves that not every law knows: machine and step, and under which they are made.
ONLY_UNDER: dict[tuple[str, str], tuple[str, ...]] = {
    ("item", "restore_at_once"): ("regulation",),
    ("item", "restore_reversed"): ("dsa",),
    ("item", "forward_counter"): WAITED,
    ("item", "await_outcome"): WAITED,
    ("item", "restore"): WAITED,
    ("item", "ask_extension"): ("civil",),
    ("item", "extend"): ("civil",),
    ("item", "refuse_extension"): ("civil",),
    ("counter_notice", "reverse"): ("dsa",),
    ("counter_notice", "forward"): (*WAITED, "regulation"),
}
RUNS_IN = {"waiting": ItemState.WAITING, "window": ItemState.MEASURED}
# What the waiting and the window are counted by.
TERMS = {
    "waiting": {
        "civil": "civil1196",
        "ecommerce": "ec43",
        "dmca": "dmca_earliest",
    },
    "window": defaultdict(lambda: "window", dsa="dsa6m"),
}
# What an uploader does, whatever else they may be.
ANSWERS = {("counter_notice", "file"), ("counter_notice", "cure")}
JUDGED = {("counter_notice", "reverse"), ("counter_notice", "reject")}


class Item(NamedTuple):
    """A listed document, and the law of its case."""

    pk: int
    state: str
    measure: str
    document: int
    case: int
    frozen_at: datetime | None
    profile: str

    @property
    def is_restricted(self) -> bool:
        return self.state in UNDER_MEASURE and self.measure not in ("", "only_forward")


class Held(NamedTuple):
    """A row that restricts a document."""

    item: int
    document: int
    level: str
    placed_at: datetime
    lifted_at: datetime | None


class Merged(NamedTuple):
    """A document that went along with its case, or stayed behind: the states of the
    case that has it, of the one that it came from, and of the one with its double."""

    pk: int
    state: str
    case_state: str
    came_state: str | None
    position_before: int | None
    double_state: str | None


class Clock(NamedTuple):
    clock: str
    item: int
    term: str
    profile: str


class Entry(NamedTuple):
    """An entry of the ledger: what the chain seals, and its hash."""

    stream: str
    seq: int
    at: datetime
    actor: str
    role: str
    kind: str
    payload: dict[str, Any]
    payload_version: int
    prev: str
    hash: str
    pk: int

    @property
    def move(self) -> tuple[str, str]:
        machine, _dot, step = self.kind.partition(".")
        return machine, step


# Asked after every step: written once.
_ENTRIES = Rows(
    lambda after: (
        LedgerEntry.objects.filter(pk__gt=after)
        .order_by("pk")
        .values_list(*SEALED, "hash", "pk")
    )
)
_HEADS = Rows(lambda: LedgerHead.objects.values_list("stream", "length", "hash"))
_ITEMS = Rows(
    lambda: CaseItem.objects.values_list(
        *("pk", "state", "measure", "document", "case"),
        *("snapshot__taken_at", "case__clock_profile"),
    )
)
_HELD = Rows(
    lambda: Restriction.objects.values_list(
        *("item", "document", "level", "placed_at", "lifted_at")
    )
)
_CLOCKS = Rows(
    lambda: (
        Deadline.objects.open()
        .filter(clock__in=("waiting", "window"))
        .values_list("clock", "item", "term", "profile")
    )
)
_INCOME = Rows(
    lambda: (
        Effect.objects.filter(kind__endswith="income")
        .order_by("pk")
        .values_list("item", "kind")
    )
)
# What a proceeding that runs was told of in time for.
_SUED = Rows(
    lambda: Proceeding.objects.filter(
        state__in=RUNNING, timely_items__gt=0
    ).values_list("timely_items", flat=True)
)
_ACCEPTED_CASES = Rows(
    lambda: Case.objects.filter(
        state__in=("accepted", "in_process", "closed")
    ).values_list("pk", "state")
)
_WITHDRAWN = Rows(
    lambda: Case.objects.filter(state="withdrawn").values_list("pk", flat=True)
)
_LETTERS = Rows(lambda: Notice.objects.values_list("entry", "kind", "audience"))
_MERGED = Rows(
    lambda: CaseItem.objects.filter(
        Q(case__state="merged") | Q(merged_from__gt=0) | Q(folded_into__gt=0)
    ).values_list(
        *("pk", "state", "case__state", "merged_from__state"),
        *("position_before", "folded_into__case__state"),
    )
)
_LEFT_RUNNING = Rows(
    lambda: (
        Deadline.objects.open().filter(case__state="merged").values_list("pk", "clock")
    )
)
_DECIDERS = Rows(lambda: Decision.objects.values_list("decided_by", flat=True))
_STATES = {
    model.MACHINE: Rows(partial(model.objects.values_list, "pk", "state", "version"))
    for model in (Case, CaseItem, CounterNotice, Proceeding)
}


class Invariants:
    """What one programme is asked after each of its steps.

    insider: somebody of ours who sells the documents. documents: those of the cases.
    Entries stay as they are once written (triggers see to that), so each is read once.
    """

    def __init__(self, insider: Actor, documents: list[Document]) -> None:
        self.insider, self.documents = insider, documents
        self.entries: list[Entry] = []

    def hold(self) -> None:
        last = self.entries[-1].pk if self.entries else 0
        self.entries += [Entry(*row) for row in _ENTRIES(last)]
        self.moves = [each for each in self.entries if each.move[0] in MACHINES]
        self.items = [Item(*row) for row in _ITEMS()]
        self.held = [Held(*row) for row in _HELD()]
        self.active = [row for row in self.held if row.lifted_at is None]
        self.every_transition_has_one_entry()
        self.the_chain_holds()
        self.each_letter_is_written_once()
        self.a_measure_stands_exactly_while_its_item_is_under_one()
        self.a_document_is_down_while_any_row_says_so()
        self.clocks_run_where_they_belong()
        self.nothing_waits_beside_a_suit_in_time()
        self.nobody_decides_as_the_wrong_person()
        self.no_law_makes_the_moves_of_another()
        self.income_follows_the_measure()
        self.a_case_is_open_while_anything_is_left()
        self.nothing_is_left_of_what_was_withdrawn()
        self.the_marketplace_holds_what_is_in_question()
        self.what_is_merged_is_examined_in_one_place()

    def every_transition_has_one_entry(self) -> None:
        """I1: and each begins where the one before it ended, the last where the row
        stands."""
        counted, stands = Counter[Any](), dict[Any, str]()
        for entry in self.moves:
            (machine, step), told = entry.move, entry.payload
            assert (machine, step, told["from"], told["to"]) in DRAWN, entry
            subject = machine, told["id"]
            assert stands.get(subject, told["from"]) == told["from"], entry
            assert entry.actor, entry
            assert entry.role, entry
            stands[subject] = told["to"]
            counted[subject] += 1
        for machine, rows in _STATES.items():
            for pk, state, version in rows():
                assert counted[machine, pk] == version, (machine, pk)
                assert stands.get((machine, pk), state) == state, (machine, pk)

    def the_chain_holds(self) -> None:
        """I2."""
        rows = sorted(self.entries, key=itemgetter(0, 1))
        heads = {stream: (length, digest) for stream, length, digest in _HEADS()}
        assert check(rows, heads, {}).breaks == ()

    def each_letter_is_written_once(self) -> None:
        """I3."""
        written = Counter(_LETTERS())
        for entry in self.moves:
            for letter in NOTICES.get(entry.move, ()):
                key = (entry.pk, letter.kind, letter.audience)
                assert written.pop(key, 0) == 1, (entry.kind, letter)
        assert not written

    def a_measure_stands_exactly_while_its_item_is_under_one(self) -> None:
        """I4, I9: one active row an item, its own, and a snapshot before it."""
        active = Counter(row.item for row in self.active)
        for item in self.items:
            assert active[item.pk] == int(item.is_restricted), item
        frozen = {item.pk: item.frozen_at for item in self.items}
        for row in self.held:
            frozen_at = frozen[row.item]
            assert frozen_at is not None, row
            assert frozen_at <= row.placed_at, row

    def a_document_is_down_while_any_row_says_so(self) -> None:
        """I9."""
        down = {row.document for row in self.active if row.level in DOWN}
        for document in self.documents:
            assert visibility(document).is_down == (document.pk in down)

    def clocks_run_where_they_belong(self) -> None:
        """I7: no waiting runs on what does not wait, no guard is left behind, and
        each is counted as the law of its case says."""
        of = {item.pk: item for item in self.items}
        waiting = Counter[int]()
        for row in (Clock(*each) for each in _CLOCKS()):
            item = of[row.item]
            assert item.state == RUNS_IN[row.clock], (row, item)
            assert row.term == TERMS[row.clock][base(item.profile)], (row, item)
            assert row.profile == item.profile, (row, item)
            waiting[row.item] += row.clock == "waiting"
        for item in self.items:
            assert waiting[item.pk] == int(item.state == ItemState.WAITING), item

    def nothing_waits_beside_a_suit_in_time(self) -> None:
        """I7: the end of a waiting asks for no suit, because none can run beside it."""
        sued = set(_SUED())
        for item in self.items:
            assert item.state != ItemState.WAITING or item.pk not in sued, item

    def nobody_decides_as_the_wrong_person(self) -> None:
        """I5: who sells the document only answers; who took a measure under the DSA
        does not judge the complaint about it."""
        assert set(_DECIDERS()) <= {"moderator", "legal", "system", "claimant"}
        laws = {item.pk: base(item.profile) for item in self.items}
        deciders: dict[int, set[str]] = defaultdict(set)
        for entry in self.moves:
            if entry.actor == self.insider.label:
                assert entry.move in ANSWERS, entry
            if entry.move == ("item", "measure_and_forward"):
                deciders[entry.payload["id"]].add(entry.actor)
            if entry.move in JUDGED and laws[entry.payload["item"]] == "dsa":
                assert entry.actor not in deciders[entry.payload["item"]], entry

    def no_law_makes_the_moves_of_another(self) -> None:
        laws = {item.pk: base(item.profile) for item in self.items}
        for entry in self.moves:
            if known := ONLY_UNDER.get(entry.move):
                item = entry.payload.get("item", entry.payload["id"])
                assert laws[item] in known, entry

    def income_follows_the_measure(self) -> None:
        """Held while in question, kept when final, released with the document."""
        last, sued = dict(_INCOME()), set(_SUED())
        for item in self.items:
            told = last.get(item.pk, "")
            if item.is_restricted:
                final = item.state == ItemState.FINAL and item.pk not in sued
                assert told == ("keep_income" if final else "hold_income"), item
            else:
                assert told in ("", "release_income"), (item, told)

    def a_case_is_open_while_anything_is_left(self) -> None:
        """Closed with its last document, and not while a suit about one runs."""
        sued, left = set(_SUED()), defaultdict[int, bool](bool)
        for item in self.items:
            runs = item.state == ItemState.FINAL and item.pk in sued
            left[item.case] |= item.state not in TERMINAL or runs
        for pk, state in _ACCEPTED_CASES():
            assert left[pk] == (state != "closed"), (pk, state)

    def nothing_is_left_of_what_was_withdrawn(self) -> None:
        """But what an authority ordered, and late answers to what had been final."""
        withdrawn, final = set(_WITHDRAWN()), ItemState.FINAL
        moves = [each for each in self.moves if each.move[0] == CaseItem.MACHINE]
        answered = {each.payload["id"] for each in moves if each.payload["to"] == final}
        for item in self.items:
            if item.case in withdrawn and item.pk not in answered:
                assert item.state in {*TERMINAL, ItemState.LITIGATING}, item

    def the_marketplace_holds_what_is_in_question(self) -> None:
        """Delivered through the adapter: nothing is paid out while any case holds or
        keeps it, and nothing is held that no case holds."""
        held = {item.document for item in self.items if item.is_restricted}
        for document in self.documents:
            assert may_settle(document.number) != (document.pk in held), document

    def what_is_merged_is_examined_in_one_place(self) -> None:
        """Of a merged case nothing is left to be done, and nothing is lost."""
        assert list(_LEFT_RUNNING()) == []
        for row in (Merged(*each) for each in _MERGED()):
            assert (row.position_before is None) == (row.came_state is None), row
            if row.came_state is not None:
                assert row.came_state == "merged" != row.case_state, row
            if row.case_state == "merged" and row.state == ItemState.PENDING:
                assert row.double_state is not None, row
            if row.double_state is not None:
                assert row.case_state == "merged" != row.double_state, row


def nothing_that_is_due_is_left(at: datetime) -> None:
    """I7, I8: after the scheduler woke, a clock that has run out has fired, hold or
    no hold, and none whose date is not known yet."""
    left = Deadline.objects.due(at).filter(clock__in=FIRING)
    assert [row for row in left if guard_of(row) is None] == []
    guessed = Q(awaits_arrival=True) | Q(provisional=True)
    fired = Deadline.objects.filter(guessed, ending=Deadline.Ending.FIRED)
    assert not fired.exists(), fired


def base(profile: str) -> str:
    return profile.partition(":")[0]


def _drawn() -> set[tuple[str, str, str, str]]:
    """Every move that the machines know: machine, step, from, to."""
    return {
        (model.MACHINE, step.name, str(step.source), str(step.target or step.source))
        for _title, model in EVERY_MACHINE
        if model.MACHINE in MACHINES
        for step in steps_of(model)
    }


DRAWN = _drawn()
