"""Notices of one complainant that name the same documents, and what is looked at when
they are merged."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from hypothesis import strategies

from cases.declarations import DECLARATIONS
from cases.filing import list_documents, open_draft, submit
from cases.merging import merge
from cases.models import Case, CaseItem, Deadline
from cases.models.item import named_in
from cases.services import advance, claim
from evidence.actors import Role
from evidence.models import Document, Mandate, Party, Work
from moderation.access import actor_of
from tests.cases.journeys import REASONING
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_moderator,
    make_party,
    make_user,
    make_work,
)

LATER = AT + timedelta(minutes=20)
KEPT = (
    *("pk", "case", "position", "document", "work", "state", "version", "snapshot"),
    *("merged_from", "position_before", "folded_into", "match", "bar"),
)
OF_CASES = ("state", "merged_into", "closed_at", "listed_items", "listed_cents")
KINDS = strategies.lists(
    strategies.tuples(
        strategies.integers(0, 4),  # which document
        strategies.integers(0, 1),  # for which work
        strategies.booleans(),  # taken back before anything was decided
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each[:2],
)


class Two:
    """Two notices of one complainant: the first about a and b, the second about b and
    c. Both are in the hands of one moderator."""

    def __init__(
        self, first: str = "claimed", second: str = "claimed", *, same_work: bool = True
    ) -> None:
        self.user = make_user()
        self.party = make_party(user=self.user)
        self.moderator = make_moderator()
        self.senior = actor_of(make_user(duty=Role.SENIOR))
        self.a, self.b, self.c = (make_document() for _ in range(3))
        self.work = make_work(party=self.party)
        other = self.work if same_work else make_work(party=self.party, title="另一部")
        self.into = self.case(first, [self.a, self.b], self.work, AT)
        self.other = self.case(second, [self.b, self.c], other, LATER)

    def case(
        self, state: str, documents: list[Document], work: Work, at: datetime
    ) -> Any:
        return make_case(
            state=state,
            claimant=self.party,
            documents=documents,
            work=work,
            by=self.moderator,
            at=at,
        )

    def listing(
        self,
        state: str,
        named: list[tuple[int, int, bool]],
        documents: list[Document],
        works: list[Work],
        at: datetime,
    ) -> Any:
        """A notice about some documents for some works, a few of them dropped."""
        filer = actor_of(self.user)
        case = open_draft(claimant=self.party, by=filer, at=at)
        for document, work, _dropped in named:
            listed = [documents[document]]
            list_documents(case, works[work], listed, by=filer, manner="part")
        declared = [each.code for each in DECLARATIONS]
        submit(
            case,
            by=filer,
            at=at,
            expect_version=0,
            declared=declared,
            signature=self.party.name,
        )
        claim(case, by=self.moderator, at=at)
        if state == "accepted":
            advance(case, "accept", by=self.moderator, at=at, profile="civil")
        items = CaseItem.objects.filter(case=case).order_by("position")
        for item, (_document, _work, dropped) in zip(items, named, strict=True):
            if dropped:
                facts = {"ground": "settled", "reasoning": ""}
                advance(item, "drop", by=filer, at=at, **facts)
        return case

    def merge(self, at: datetime = LATER) -> None:
        merge_into(self, self.other, self.into, at)

    def unmerge(self, at: datetime = LATER) -> None:
        take_out(self, self.other, at)

    def measure(self, document: Document, at: datetime = LATER) -> None:
        item = CaseItem.objects.get(case=self.into, document=document)
        facts = {"measure": "interim_down", "reasoning": REASONING}
        advance(item, "measure_and_forward", by=self.moderator, at=at, **facts)


def mandated(
    two: Two, case: Case, *, user: User | None = None, until: date | None = None
) -> Party:
    """Let an agent have filed a notice; until: the last day of the mandate."""
    agent = make_party(name="代理甲", user=user or make_user())
    since = AT.date() - timedelta(days=30)
    Mandate.objects.create(agent=agent, principal=two.party, since=since, until=until)
    Case.objects.filter(pk=case.pk).update(agent=agent)
    return agent


def merge_into(two: Two, case: Case, into: Case, at: datetime) -> None:
    for each in (case, into):
        claim(each, by=two.moderator, at=at)
    merge(case, into, by=two.moderator, at=at)


def take_out(two: Two, case: Case, at: datetime) -> None:
    step = "unmerge_accepted" if fresh(case).accepted_at else "unmerge"
    advance(fresh(case), step, by=two.senior, at=at)


def fresh(case: Case) -> Any:
    return Case.objects.get(pk=case.pk)


def listed(case: Case) -> list[tuple[int, int]]:
    rows = CaseItem.objects.filter(case=case).order_by("position")
    return list(rows.values_list("position", "document"))


def running(cases: Sequence[Case]) -> set[tuple[Any, ...]]:
    rows = Deadline.objects.open().filter(case__in=cases)
    return set(rows.values_list("case", "item", "clock", "due_at", "paused_at"))


def due(case: Case) -> dict[str, datetime]:
    return dict(case.deadlines.open().values_list("clock", "due_at"))


def told(cases: Sequence[Case]) -> Any:
    """The rows of two cases, but for versions, the ledger and what has ended."""
    rows = CaseItem.objects.filter(case__in=cases).order_by("pk")
    of_cases = Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")
    return (
        list(of_cases.values_list(*OF_CASES)),
        list(rows.values_list(*KEPT)),
        running(cases),
    )


def seen_by(two: Two, cases: Sequence[Case]) -> Any:
    claimant = actor_of(two.user)
    visible = set(Case.objects.visible_to(claimant).values_list("pk", flat=True))
    return visible, [[item.pk for item in named_in(fresh(case))] for case in cases]
