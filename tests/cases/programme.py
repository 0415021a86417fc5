"""Random programmes over the services: what people do to two cases, in any order.

Each programme draws the clock profile of either case, and how far the first one has
come; some of its acts are whatever somebody fancies, some are steps that are open.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies
from hypothesis.stateful import initialize, rule

from cases.answering import cure_counter, file_counter
from cases.curing import cure
from cases.errors import CaseMovedOn
from cases.extending import Plea, ask_extension, extend, refuse_extension
from cases.merging import merge
from cases.models import Case, CounterNotice, Proceeding
from cases.proceedings import Particulars, enter_order, notify, prove
from cases.registration import Proof
from cases.splitting import split
from cases.workflows.copyright import CaseState
from cases.workflows.item import ItemState
from evidence.ledger import LedgerEntry
from evidence.models import Text
from evidence.pipeline import process
from tests.cases.facts import AMENDED, KINDS, MEASURES, OUTCOMES
from tests.cases.journeys import DRAFT, PAPER, REASONING, answer
from tests.cases.scene import STAFF, SUBJECTS, Played, ids, known

PROFILES = (
    *("civil", "civil:N=7", "civil:cap=whole", "ecommerce"),
    *("regulation", "dmca", "dsa", "dsa:calendar=DE"),
)
WHO = ("claimant", "rival", "uploader", "insider", *STAFF)
STAGES = (
    *("claimed", "accepted", "begun", "measured"),
    *("answered", "returned", "passed_on", "sued"),
)
# What is made of the answers at a stage.
ANSWERED = {"returned": "find_defects", "passed_on": "forward", "sued": "forward"}
# After these days nothing has reached an uploader, an announcement has been served,
# and nobody has said that a suit is taken.
UNFOUND, ANNOUNCED = timedelta(days=4), timedelta(days=31)
UNDOCKETED = timedelta(days=61)
CHECKS = ("accept", "reject", "find_defects", "find_defects")
# How a paper is read, and the steps of which one says so.
READINGS = (["find_defects"], ["forward", "reverse"], ["accept_cure"], ["reject"])
PROOF_READINGS = (
    *("acknowledge", "acknowledge"),
    *("verify", "return_proof", "refuse_proof"),
)
MORE_TIME = Plea("notarisation", 5, REASONING)
some = strategies.integers(min_value=0, max_value=9)
staff = strategies.sampled_from(STAFF)
either = strategies.booleans()
# What ends much of what a programme has going.
seldom = strategies.sampled_from([False, False, False, True])


def preferred(rows: list[Any], state: str, nth: int) -> Any:
    """One of those in a state, if there is one, or of all."""
    found = [row for row in rows if row.state == state] or rows
    return found[nth % len(found)]


class Programme(Played):
    """What people do."""

    @initialize(
        mine=strategies.sampled_from(PROFILES),
        theirs=strategies.sampled_from(PROFILES),
        stage=strategies.sampled_from(STAGES),
        who=staff,
        merged=seldom,
    )
    def it_begins(
        self, mine: str, theirs: str, stage: str, who: str, merged: bool
    ) -> None:
        """The second case is under a measure; the first has come to a stage, and may
        have taken in the third before anything was done with it."""
        self.profile = mine
        by, reached = self.people["moderator"], STAGES.index(stage)
        self.take(self.other, "accept", by, profile=theirs)
        self.measure_all(self.other, by)
        case, by = self.matter.case, self.people[who]
        self.hand_to(by)
        if reached >= STAGES.index("accepted"):
            self.take(case, "accept", by)
        if merged:
            self.the_desk_merges(who, False)
        if reached >= STAGES.index("begun"):
            self.take(self.items(case)[1], "measure_and_forward", by)
        if reached >= STAGES.index("measured"):
            self.take(self.items(case)[0], "measure_and_forward", by)
        if reached >= STAGES.index("answered"):
            for item in self.items(case)[:2]:
                file_counter(item, answer(), by=self.people["uploader"], at=self.at)
        for counter in CounterNotice.objects.order_by("pk"):
            if step := ANSWERED.get(stage):
                self.tried(self.take, counter, step, by)
        if stage == "sued":
            self.the_complainant_sues(slice(0, 2), "suit", True, True)

    # --- what people do ------------------------------------------------------------

    # Half a year ends nearly everything: it comes once in a while.
    @rule(hours=strategies.sampled_from([*[1, 30, 24 * 6, 24 * 17] * 3, 24 * 190]))
    def time_goes_by(self, hours: int) -> None:
        self.pass_by(timedelta(hours=hours))

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
        if pks := ids(model):
            row, by = model.objects.get(pk=pks[nth % len(pks)]), self.people["insider"]
            names = self.open_to(row, by) or known(row)
            self.tried(self.take, row, names[step % len(names)], by)

    @rule(who=strategies.sampled_from(WHO), which=some, nth=some, step=some)
    def somebody_tries_a_step(self, who: str, which: int, nth: int, step: int) -> None:
        """Any step of any subject, by anybody."""
        row = self.subject(which, nth)
        names = known(row)
        self.tried(self.take, row, names[step % len(names)], self.people[who])

    @rule(model=strategies.sampled_from(SUBJECTS), nth=some, step=some)
    def whoever_can_takes_a_step(self, model: type[Any], nth: int, step: int) -> None:
        if pks := ids(model):
            self.take_open(model.objects.get(pk=pks[nth % len(pks)]), step)

    @rule(model=strategies.sampled_from(SUBJECTS[2:]), nth=some, step=some)
    def a_paper_is_answered(self, model: type[Any], nth: int, step: int) -> None:
        if pks := ids(model):
            self.take_open(model.objects.get(pk=pks[-1 - nth % len(pks)]), step)

    @rule(who=staff, back=either)
    def the_desk_merges(self, who: str, back: bool) -> None:
        pair = [self.scene.twin, self.matter.case]
        case, into = reversed(pair) if back else pair
        self.tried(merge, case, into, by=self.people[who], at=self.at)

    @rule(back=either, first=either)
    def a_merger_is_undone(self, back: bool, first: bool) -> None:
        """By a senior, of two cases that may have been merged just now."""
        legal = self.people["legal"]
        self.hand_to(legal)
        for way in (back, not back) if first else ():
            self.the_desk_merges("legal", way)
        for case in Case.objects.filter(state="merged"):
            step = "unmerge_accepted" if case.accepted_at else "unmerge"
            self.tried(self.take, case, step, legal)

    @rule(which=some, step=strategies.sampled_from(CHECKS))
    def the_form_is_checked(self, which: int, step: str) -> None:
        if rows := list(Case.objects.filter(state="submitted").order_by("pk")):
            self.hand_to(self.people["legal"])
            case = rows[which % len(rows)]
            self.tried(self.take, case, step, self.people["legal"])

    @rule(nth=some, state=strategies.sampled_from(CaseState.values), lasts=either)
    def legal_keeps_a_case(self, nth: int, state: str, lasts: bool) -> None:
        """I8: or lets it go again, in whatever state it is."""
        rows, by = Case.objects.exclude(pk=self.other.pk), self.people["legal"]
        pk = preferred(list(rows.order_by("pk")), state, nth).pk
        for _ in range(1 if lasts else 2):
            case = Case.objects.get(pk=pk)
            self.tried(self.take, case, "end_hold" if case.legal_hold else "hold", by)

    @rule(who=staff, which=some, measure=strategies.sampled_from(("", *MEASURES)))
    def the_desk_decides(self, who: str, which: int, measure: str) -> None:
        """A measure, or none: of one that waits for that, if there is one; its notice
        is accepted first."""
        self.hand_to(self.people[who])
        items = self.items(self.matter.case, self.scene.twin)
        items = [item for item in items if item.state == "pending"] or items
        item, by = items[which % len(items)], self.people[who]
        if item.case.state == "submitted":
            self.tried(self.take, item.case, "accept", by)
        if measure:
            self.tried(self.take, item, "measure_and_forward", by, measure=measure)
        else:
            self.tried(self.take, item, "assess_no_measure", by)

    @rule(who=staff, waits=seldom)
    def the_uploader_is_not_found(self, who: str, waits: bool) -> None:
        if rows := [item for item in self.items() if item.state == "measured"]:
            self.at += UNFOUND
            self.hand_to(self.people[who])
            for row in rows:
                self.tried(self.take, row, "announce", self.people[who])
            if waits:
                self.pass_by(ANNOUNCED)

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

    @rule(who=staff, which=some, reading=strategies.sampled_from(READINGS))
    def an_answer_is_read(self, who: str, which: int, reading: list[str]) -> None:
        if rows := list(CounterNotice.objects.filter(state="filed").order_by("pk")):
            self.hand_to(self.people[who])
            for step in reading:
                row = CounterNotice.objects.get(pk=rows[which % len(rows)].pk)
                self.tried(self.take, row, step, self.people[who])

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
        self.hand_to(self.people[who])
        self.tried(split, self.matter.case, [position], by=self.people[who], at=self.at)

    @rule(
        about=strategies.sampled_from([slice(0, 1), slice(1, 2), slice(0, 2)]),
        kind=strategies.sampled_from(KINDS),
        against=either,
        proved=either,
    )
    def the_complainant_sues(
        self, about: slice, kind: str, against: bool, proved: bool
    ) -> None:
        """About one document or both, whatever has become of them."""
        items = self.items(self.matter.case)
        told = Particulars(kind, "法院", self.at.date(), against_uploader=against)
        self.tried(
            notify,
            self.matter.case,
            items[about] or items,
            told,
            proofs=[Proof("docket", PAPER)] if proved else [],
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

    @rule(reading=strategies.sampled_from(PROOF_READINGS), waits=either)
    def a_proof_is_read(self, reading: str, waits: bool) -> None:
        """Some then wait until our term for the docket is over."""
        if rows := list(Proceeding.objects.filter(state="proved")):
            by = self.people["legal"]
            self.hand_to(by)
            for row in rows:
                self.tried(self.take, row, reading, by)
            if waits and reading == "acknowledge":
                self.pass_by(UNDOCKETED)

    @rule(which=some, whole=seldom)
    def the_complainant_lets_go(self, which: int, whole: bool) -> None:
        by = self.people["claimant"]
        if whole:
            pair = [self.scene.twin, self.matter.case]
            case = Case.objects.get(pk=pair[which % 2].pk)
            self.tried(self.take, case, "withdraw", by)
        else:
            rows = self.items()
            row = rows[which % len(rows)]
            step = "drop" if row.state == "pending" else "withdraw"
            self.tried(self.take, row, step, by)

    @rule(granted=strategies.sampled_from([None, True, False]))
    def the_complainant_needs_longer(self, granted: bool | None) -> None:
        """And legal answers that, or has not yet; what was answered is passed on."""
        proofs, by = [Proof("notary", PAPER)], self.people["legal"]
        if filed := list(CounterNotice.objects.filter(state="filed").order_by("pk")):
            self.hand_to(by)
        for counter in filed:
            self.tried(self.take, counter, "forward", by)
        waiting = [item for item in self.items() if item.state == "waiting"]
        for item in waiting:
            asks = partial(ask_extension, item, MORE_TIME, proofs=proofs)
            self.tried(asks, by=self.people["claimant"], at=self.at)
        if waiting and granted is not None:
            self.hand_to(by)
        for item in waiting:
            if granted:
                self.tried(extend, item, MORE_TIME, by=by, at=self.at)
            elif granted is not None:
                told = {"reasoning": REASONING}
                self.tried(refuse_extension, item, by=by, at=self.at, **told)

    @rule(which=some, outcome=strategies.sampled_from(OUTCOMES))
    def a_court_decides(self, which: int, outcome: str) -> None:
        rows = list(Proceeding.objects.filter(concluded_at=None).order_by("pk"))
        if rows:
            row, by = rows[which % len(rows)], self.people["legal"]
            self.hand_to(by)
            self.tried(self.take, row, "conclude", by, outcome=outcome)

    @rule(
        about=strategies.sampled_from([slice(0, 1), slice(0, 2)]),
        kind=strategies.sampled_from(KINDS),
        against=either,
        upheld=either,
    )
    def a_judgment_is_told_of_with_its_suit(
        self, about: slice, kind: str, against: bool, upheld: bool
    ) -> None:
        """Whatever has become of the documents, and whether or not such a suit would
        have stopped anything."""
        before, by = set(ids(Proceeding)), self.people["legal"]
        self.the_complainant_sues(about, kind, against, True)
        self.hand_to(by)
        outcome = "upheld" if upheld else "dismissed"
        for row in Proceeding.objects.exclude(pk__in=before):
            self.tried(self.take, row, "conclude", by, outcome=outcome)

    @rule(
        which=some,
        state=strategies.sampled_from(ItemState.values),
        measure=strategies.sampled_from(MEASURES),
        lasts=either,
    )
    def a_court_orders(self, which: int, state: str, measure: str, lasts: bool) -> None:
        """And may lift its order again before anything else has come of it."""
        item, by = (
            preferred(self.items(self.matter.case), state, which),
            self.people["legal"],
        )
        self.hand_to(by)
        self.tried(
            enter_order,
            self.matter.case,
            [item],
            Particulars("preservation", "法院", self.at.date(), "行保 1 号"),
            measure=measure,
            paper=Proof("order", PAPER),
            by=by,
            at=self.at,
        )
        for row in [] if lasts else item.proceedings.filter(concluded_at=None):
            self.tried(self.take, row, "conclude", by, outcome="ended")

    @rule(who=staff, which=some, nth=some)
    def a_stale_form_is_sent(self, who: str, which: int, nth: int) -> None:
        """I6: of a step that is open, if there is one."""
        row, by = self.subject(which, nth), self.people[who]
        names = self.open_to(row, by) + known(row)
        before = LedgerEntry.objects.count()
        with pytest.raises(CaseMovedOn):
            self.take(row, names[0], by, expect_version=row.version + 1)
        assert LedgerEntry.objects.count() == before
