"""Random programmes over reports: what readers, sellers and the desk do, in any order.

Each begins with a case that has come so far; some acts are whatever somebody fancies,
some are steps that are open.
"""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from cases.abuse import bring_back, invalidate, open_reports_like, reports_like
from cases.appeals import CONTESTED, documents_of, file_appeal
from cases.authorities import Paper, file_paper
from cases.models import AccountMeasure, Appeal, Case, Report, ReportCase
from cases.registration import Upload
from cases.reporting import Said, split, withdraw
from cases.services import advance, claim, release
from cases.workflows.account import STANDING, UNDECIDED
from cases.workflows.report import OPEN, ReportState
from evidence.actors import ANONYMOUS, SYSTEM
from evidence.models import Text
from evidence.pipeline import process
from tests.reporting.matters import facts_for, report
from tests.reporting.reported import ANSWERS, FACTS, MACHINES, PEOPLE, Reported, chosen

REASONS = ("E5", "C1", "A8", "B1", "B1", "G2")
# Two decisions on reasons as grave as this one bring an account to its closing.
GRAVEST = "B1"
LEVELS = ("", "stop_download", "interim_down")
DAYS = (0, 7, 60)
STAGES = (
    *("filed", "reviewed", "asked", "restricted", "escalated", "ruled"),
    *("contested", "mended", "objected", "closed", "reopened", "twice", "twice"),
)
GRAVE = ("restricted", "escalated", "objected", "twice")
RULED = STAGES[5:]
MENDED = Upload("另写的文章，与此前所卖的无关，均为自己所写。".encode(), "新版.txt")
SETTLED = timedelta(days=40)  # by then the time for an appeal is over
# What may become of a measure on an account.
JUDGEMENTS = (
    *(["approve", "close"], ["approve", "decline"], ["approve", "fall"]),
    *(["decline"], ["fall"], ["contest", "uphold"], ["contest", "lift"], ["lift"]),
)
UNENDED = (*UNDECIDED, *STANDING)
nth = st.integers(0, 9)
who = st.sampled_from(sorted(PEOPLE))
examiner = st.sampled_from(("moderator", "other", "senior", "chief", "legal"))
state = st.sampled_from(ReportState.values)
seldom = st.sampled_from([False, False, False, True])


class Programme(Reported):
    """What people do."""

    @initialize(
        stage=st.sampled_from(STAGES),
        reason=st.sampled_from(REASONS),
        by=examiner,
        days=st.sampled_from(DAYS),
    )
    def it_begins(self, stage: str, reason: str, by: str, days: int) -> None:
        """With a case that has come so far, a grave one where that takes it further."""
        self.file(0, GRAVEST if stage in GRAVE else reason, False)
        if stage == "reviewed":
            self.hand_to(self.last(), by)
        if stage == "asked":
            self.ask(0, by, True)
        if stage == "restricted":
            self.tried(advance, self.last(), "restrict", by=SYSTEM, policy="examiner")
        if stage == "escalated":
            self.tried(advance, self.last(), "escalate", by=SYSTEM, ground="crime")
        if stage in RULED:
            self.ruled(self.last(), by, "interim_down", days)
        if stage in ("contested", "mended"):
            self.a_seller_contests(0, stage == "mended")
        if stage == "objected":
            self.a_seller_objects(0)
        if stage in ("closed", "reopened", "twice"):
            self.pass_by(SETTLED)
        if stage == "reopened":
            self.is_reopened(0, "release", False)
        if stage == "twice":
            self.file(2, GRAVEST, False)
            self.ruled(self.last(), by, "interim_down", days)
            self.pass_by(SETTLED)

    # --- readers and sellers -------------------------------------------------------

    @rule(
        document=st.integers(0, 2), reason=st.sampled_from(REASONS), known=st.booleans()
    )
    def file(self, document: int, reason: str, known: bool) -> None:
        by = self.reader if known else ANONYMOUS
        self.tried(report, self.documents[document], reason, by=by)

    @rule(nth=nth)
    def supply(self, nth: int) -> None:
        case = self.case(nth, "need_info")
        if case and (told := case.reports.first()):
            facts = {"report": told.pk, "answer": "在第二页的中部，有三行。"}
            self.tried(advance, case, "supply", by=self.speaker(told), **facts)

    @rule(nth=nth, state=state, first=st.booleans())
    def withdraw(self, nth: int, state: str, first: bool) -> None:
        """The first who reported, or everybody."""
        for told in self.told(nth, state)[: 1 if first else None]:
            self.tried(withdraw, told, by=self.speaker(told))

    @rule(nth=nth, state=state)
    def a_reader_contests(self, nth: int, state: str) -> None:
        for told in self.told(nth, state)[:1]:
            facts = {"ground": "facts", "statement": "请重新查看这份文档。"}
            by = self.speaker(told)
            self.tried(file_appeal, told.case, by=by, report=told, **facts)

    @rule(nth=nth, mends=st.booleans())
    def a_seller_contests(self, nth: int, mends: bool) -> None:
        """Some hand in a mended file, which is read and compared at once. What is
        contested is decided before, where nothing is."""
        if not Case.objects.reports().filter(state__in=CONTESTED).exists():
            self.decide(nth, "other", "interim_down", 7, True)
        case = self.case(nth, *CONTESTED)
        if case is None:
            return
        facts: dict[str, object] = {"ground": "severity", "statement": "处理过重。"}
        if mends and (document := documents_of(case, self.seller).first()):
            facts |= {"ground": "mended", "upload": MENDED, "document": document}
        self.tried(file_appeal, case, by=self.sells, seller=self.seller, **facts)
        for text in Text.objects.filter(stage="queued"):
            process(text.pk, at=self.at)

    @rule(nth=nth)
    def an_appeal_is_taken_back(self, nth: int) -> None:
        if row := chosen(list(Appeal.objects.pending().order_by("pk")), nth):
            by = self.speaker(row.report) if row.report else self.sells
            self.tried(advance, row, "withdraw", by=by)

    @rule(nth=nth)
    def a_seller_objects(self, nth: int) -> None:
        rows = list(AccountMeasure.objects.standing().order_by("pk"))
        if rows:
            facts = FACTS["account", "contest"]
            self.tried(
                advance, rows[nth % len(rows)], "contest", by=self.sells, **facts
            )

    # --- the desk ------------------------------------------------------------------

    @rule(nth=nth, who=who)
    def claim(self, nth: int, who: str) -> None:
        if case := self.case(nth):
            self.tried(claim, case, by=self.people[who])

    @rule(nth=nth, who=who)
    def release(self, nth: int, who: str) -> None:
        """By whoever holds it, or by somebody who does not."""
        if case := self.case(nth, "in_review"):
            self.tried(release, case, by=self.people[who])
            held = getattr(case, "assignment", None)
            for by in self.people.values():
                if held and by.user_id == held.user_id:
                    self.tried(release, case, by=by)

    @rule(
        nth=nth,
        who=who,
        level=st.sampled_from(LEVELS),
        days=st.sampled_from(DAYS),
        is_handed=st.booleans(),
    )
    def decide(
        self, nth: int, who: str, level: str, days: int, is_handed: bool
    ) -> None:
        """One is filed before, where nothing is left to be decided."""
        if not Case.objects.reports().filter(state__in=OPEN).exists():
            self.file(nth % 3, REASONS[nth % len(REASONS)], False)
        if case := self.case(nth, *OPEN):
            facts = facts_for(case, level, days=days if level else 0)
            by = self.hand_to(case, who) if is_handed else self.people[who]
            self.tried(advance, case, "decide", by=by, **facts)

    @rule(
        nth=nth,
        who=examiner,
        state=st.sampled_from(OPEN),
        steps=st.lists(nth, min_size=1, max_size=3),
        puts_back=seldom,
    )
    def whoever_can_takes_a_step(
        self, nth: int, who: str, state: str, steps: list[int], puts_back: bool
    ) -> None:
        """A case is handed to somebody before, who may put it back and go on."""
        if row := self.case(nth, state):
            self.hand_to(row, who)
            for step in (*(["put_back"] if puts_back else []), *steps):
                self.take_open(ReportCase(pk=row.pk), step)

    @rule(nth=nth, who=who, state=st.sampled_from(OPEN))
    def somebody_looks(self, nth: int, who: str, state: str) -> None:
        if row := self.case(nth, state):
            self.tried(advance, row, "see", by=self.people[who])

    @rule(nth=nth, step=st.sampled_from(ANSWERS), read=st.booleans())
    def an_appeal_is_answered(self, nth: int, step: str, read: bool) -> None:
        """One is filed before, where there is none; some are taken up first."""
        if not Appeal.objects.pending().exists():
            self.a_seller_contests(nth, step == "restore_mended")
        if row := chosen(list(Appeal.objects.pending().order_by("pk")), nth):
            if read:
                self.take_open(row, "review")
            self.take_open(row, step)

    @rule(steps=st.sampled_from(JUDGEMENTS))
    def an_account_is_judged(self, steps: Sequence[str]) -> None:
        """That which weighs most, by one after the other; or its ground falls away."""
        rows = AccountMeasure.objects.filter(state__in=UNENDED)
        if row := rows.order_by("-level", "pk").first():
            for step in steps:
                if step == "fall":
                    self.take_open(ReportCase(pk=row.case_id), "reopen")
                    self.ruled(ReportCase.objects.get(pk=row.case_id), "legal", "")
                else:
                    self.take_open(row, step)

    @rule(nth=nth, who=who, step=st.sampled_from(sorted(FACTS)))
    def somebody_tries_a_step(self, nth: int, who: str, step: tuple[str, str]) -> None:
        """Whether it is open or not."""
        machine = next(of for of in MACHINES if step[0] == of.MACHINE)
        row = self.case(nth)
        if machine is not ReportCase:
            row = chosen(list(machine.objects.order_by("pk")), nth)
        if row is not None:
            by = self.people[who]
            self.tried(advance, row, step[1], by=by, **self.said(row, step[1]))

    @rule(nth=nth, who=who, is_handed=st.booleans())
    def ask(self, nth: int, who: str, is_handed: bool) -> None:
        if case := self.case(nth, "in_review", "submitted"):
            by = self.hand_to(case, who) if is_handed else self.people[who]
            self.tried(advance, case, "request_info", by=by, question="请说明页码。")

    @rule(nth=nth, back=st.booleans(), held=st.booleans(), undone=st.booleans())
    def merge(self, nth: int, back: bool, held: bool, undone: bool) -> None:
        """Of the newest and another, which somebody may be working on; some are told
        apart again."""
        self.file(nth % 3, "E5", False)
        other, newest = self.case(nth, *OPEN), self.last()
        if other is None or other == newest:
            return
        case, into = (newest, other) if back else (other, newest)
        if held:
            self.hand_to(case, "other")
        self.tried(advance, case, "merge", by=SYSTEM, into=into.pk)
        if undone:
            self.tried(advance, case, "unmerge", by=self.people["senior"])

    @rule(
        nth=nth, then=st.sampled_from(("", "release", "escalate")), waits=st.booleans()
    )
    def is_reopened(self, nth: int, then: str, waits: bool) -> None:
        """And given back or escalated; the measures of the ruling stand meanwhile."""
        if case := self.case(nth, "closed"):
            facts = FACTS["report", "reopen"]
            self.tried(advance, case, "reopen", by=self.people["compliance"], **facts)
            by = self.hand_to(case, "legal")
            if then == "release":
                self.tried(release, case, by=by)
            elif then:
                self.tried(advance, case, then, by=by, **FACTS["report", then])
            if waits:
                self.pass_by(SETTLED)

    @rule(
        nth=nth,
        who=examiner,
        grave=st.booleans(),
        then=st.sampled_from(("", "confirm", "end_restriction")),
    )
    def what_is_urgent_is_restricted(
        self, nth: int, who: str, grave: bool, then: str
    ) -> None:
        """Before review; what is grave is escalated, and somebody may look at once."""
        if case := self.case(nth, *OPEN):
            by = self.hand_to(case, who)
            steps = ["escalate"] if grave else []
            for step in (*steps, "restrict", *filter(None, [then])):
                self.tried(advance, case, step, by=by, **FACTS["report", step])

    @rule(nth=nth, state=state)
    def split(self, nth: int, state: str) -> None:
        for told in self.told(nth, state)[:1]:
            self.tried(split, told.case, [told], by=self.people["senior"])

    @rule(nth=nth, state=state, first=st.booleans(), back=st.booleans())
    def set_aside(self, nth: int, state: str, first: bool, back: bool) -> None:
        """The first report of a case, or all; some stand again."""
        if told := self.told(nth, state)[: 1 if first else None]:
            self.tried(invalidate, told, by=self.people["senior"])
            if back:
                self.tried(bring_back, told, by=self.people["chief"])

    @rule(back=st.booleans())
    def sweep(self, back: bool) -> None:
        """All that the reader filed and is open, or all of it back."""
        mine = Report.objects.filter(user=self.reader.user_id)
        if first := mine.first():
            rows: Sequence[Report] = list(
                reports_like(first) if back else open_reports_like(first)
            )
            act = bring_back if back else invalidate
            self.tried(act, rows, by=self.people["senior"])

    @rule(document=st.integers(0, 2), who=who, hours=st.sampled_from((0, 5)))
    def an_authority_writes(self, document: int, who: str, hours: int) -> None:
        ends_at = self.at + timedelta(hours=hours) if hours else None
        paper = Paper("网信办", "函", "1 号", self.at.date(), ends_at)
        said = Said("A8", statement="请核查。")
        by = self.people[who]
        self.tried(file_paper, self.documents[document], said, paper, by=by)

    @rule(hours=st.sampled_from((0, 3, 24, 24 * 9, 24 * 9, 24 * 25)))
    def wait(self, hours: int) -> None:
        self.pass_by(timedelta(hours=hours))
