"""The people of a contested case and their steps: plain words over the services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.answering import Answer, file_counter
from cases.declarations import (
    COUNTER_DECLARATIONS,
    US_COUNTER_DECLARATIONS,
    WITHDRAWAL_DECLARATIONS,
)
from cases.models import (
    Case,
    CaseItem,
    CounterNotice,
    Deadline,
    Effect,
    Notice,
    Proceeding,
)
from cases.proceedings import Particulars, enter_order, notify
from cases.registration import Proof, Upload
from cases.services import advance, claim
from cases.withdrawing import withdraw
from evidence.actors import Actor, Role
from evidence.models import Party, SellerAccount
from moderation.access import actor_of
from tests.factories import AT, make_case, make_document, make_party, make_user

EXPLANATION = "该文档系本人独立撰写，底稿和修改记录可以证明，与所称作品无关。"
REASONING = "依据所附材料和双方陈述，经核对作出上述处理，理由如上。"
PAPER = Upload("受理通知书：（2026）川01民初1号".encode(), "受理通知书.txt")
DRAFT = Upload("底稿：一至三稿，均有修改时间。".encode(), "底稿.txt")


@dataclass(slots=True)
class Matter:
    """A case with documents of one seller, decided on, and its people."""

    case: Case
    claimant: Actor
    uploader: Actor
    moderator: Actor
    legal: Actor
    party: Party

    @property
    def items(self) -> list[CaseItem]:
        rows = CaseItem.objects.filter(case=self.case).order_by("position")
        return list(rows.select_related("document__seller__party__details", "work"))

    @property
    def item(self) -> CaseItem:
        return self.items[0]

    def state(self, position: int = 1) -> str:
        return str(self.items[position - 1].state)

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def hand_to(self, actor: Actor, at: datetime) -> None:
        """The lease of whoever held the case has run out by then, or is theirs."""
        claim(self.case, by=actor, at=at + timedelta(minutes=31))

    def answer(self, at: datetime, item: CaseItem | None = None) -> CounterNotice:
        return file_counter(item or self.item, answer(), by=self.uploader, at=at)

    def forward(self, counter: CounterNotice, at: datetime) -> None:
        claim(self.case, by=self.moderator, at=at)
        advance(counter, "forward", by=self.moderator, at=at)

    def wait(self, at: datetime) -> Deadline:
        """Bring the first document into its waiting and return the deadline."""
        self.forward(self.answer(at), at)
        return Deadline.objects.open().get(clock="waiting", item=self.item)

    def sue(
        self,
        at: datetime,
        *,
        items: Sequence[CaseItem] = (),
        proofs: Sequence[Proof] = (),
    ) -> Proceeding:
        particulars = Particulars("suit", "成都市中级人民法院", at.date(), "")
        return notify(
            self.case,
            items or [self.item],
            particulars,
            proofs=proofs,
            by=self.claimant,
            at=at,
        )

    def order(
        self,
        at: datetime,
        *,
        measure: str = "remove",
        kind: str = "preservation",
        items: Sequence[CaseItem] = (),
    ) -> Proceeding:
        """A court's order, entered by legal; its paper is whatever it is called."""
        claim(self.case, by=self.legal, at=at)
        return enter_order(
            self.case,
            items or [self.item],
            Particulars(kind, "成都市中级人民法院", at.date(), "（2026）川01行保1号"),
            measure=measure,
            paper=Proof("order", PAPER),
            by=self.legal,
            at=at,
        )

    def conclude(self, proceeding: Proceeding, outcome: str, at: datetime) -> None:
        claim(self.case, by=self.legal, at=at)
        facts = {"outcome": outcome, "reasoning": REASONING}
        advance(proceeding, "conclude", by=self.legal, at=at, **facts)

    def let_go(
        self,
        at: datetime,
        items: Sequence[CaseItem] | None,
        expect_version: int | None = None,
    ) -> None:
        withdraw(
            self.case,
            items,
            ground="settled",
            reasoning="双方已经和解。",
            declared=[each.code for each in WITHDRAWAL_DECLARATIONS],
            signature=self.party.name,
            by=self.claimant,
            at=at,
            expect_version=expect_version,
        )


def answer(**changed: object) -> Answer:
    """A counter-notice that lacks nothing; the seller of a matter is 毛强."""
    facts: dict[str, object] = {
        "ground": "own",
        "explanation": EXPLANATION,
        "proofs": [Proof("manuscript", DRAFT)],
        "declared": [
            each.code for each in (*COUNTER_DECLARATIONS, *US_COUNTER_DECLARATIONS)
        ],
        "signature": "毛强",
    }
    return Answer(**(facts | changed))  # type: ignore[arg-type]


def make_matter(
    *,
    items: int = 1,
    state: str = "measured",
    profile: str = "civil",
    at: datetime = AT,
) -> Matter:
    claimant, seller = make_user(), make_user()
    party = make_party(user=claimant, at=at)
    account = SellerAccount.objects.create(
        mask="M****8", party=make_party(name="毛强", user=seller, at=at)
    )
    documents = [make_document(seller=account, at=at) for _ in range(items)]
    moderator = actor_of(make_user(duty=Role.MODERATOR))
    case = make_case(
        state=state,
        claimant=party,
        documents=documents,
        by=moderator,
        profile=profile,
        at=at,
    )
    return Matter(
        case,
        claimant=actor_of(claimant),
        uploader=actor_of(seller),
        moderator=moderator,
        legal=actor_of(make_user(duty=Role.LEGAL)),
        party=party,
    )


def letters(matter: Matter, kind: str) -> list[str]:
    """Return whom the letters of one kind went to, in their order."""
    rows = Notice.objects.filter(case=matter.case, kind=kind).order_by("pk")
    return list(rows.values_list("audience", flat=True))


def effects(item: CaseItem) -> list[str]:
    """Return what the marketplace was told of a document, in order."""
    return list(
        Effect.objects.filter(item=item).order_by("pk").values_list("kind", flat=True)
    )
