"""Thirteen cases in the states that a desk sees on an ordinary morning."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.declarations import DECLARATIONS
from cases.filing import list_documents, open_draft, submit
from cases.firing import fire_due
from cases.models import Case, CaseItem
from cases.services import advance, claim
from evidence.actors import Actor
from evidence.models import Document
from moderation.demo.people import People
from moderation.demo.shelves import Stock


@dataclass(frozen=True, slots=True)
class Plan:
    """filed: hours ago. reached: how far the case has come. items: which copies."""

    work: str
    filed: float
    reached: str
    copies: tuple[int, ...]
    claimed_by: str = "moderator"


# The copies of each work come in the order of the disguises: whole, respaced,
# traditional, noisy, reordered, spliced, interleaved, redated.
PLANS = (
    Plan("engineer", 24 * 62, "final", (0, 1), "senior"),
    Plan("author", 24 * 41, "final", (0,)),
    Plan("thesis", 24 * 12, "no_measure", (5,)),
    Plan("publisher", 24 * 6, "measured", (0, 1, 6)),
    Plan("author", 24 * 3, "half", (2, 4, 6), "senior"),
    Plan("engineer", 30, "submitted", (5,)),
    Plan("thesis", 21, "accepted", (2, 6)),
    Plan("publisher", 20, "submitted", (3, 4)),
    Plan("author", 9, "accepted", (3, 5)),
    Plan("thesis", 6, "claimed", (3, 4), "senior"),
    Plan("engineer", 2, "submitted", (3, 4, 6)),
    # About a document of the one above that was accepted: the two may be merged.
    Plan("author", 1.5, "claimed", (5, 7)),
    Plan("author", 0, "draft", (7,)),
)
FILERS = {
    "author": ("author", "author", ""),
    "thesis": ("author", "author", ""),
    "publisher": ("publisher", "publisher", ""),
    "engineer": ("agent", "engineer", "agent"),
}
GROUNDS = (
    "经比对，被投诉文档与作品有多处整段相同，顺序亦大体一致；投诉人提交了登记证书，"
    "初步证据足以支持采取措施。"
)
NO_GROUNDS = "相同部分为通行的章节标题和固定用语，现有材料不足以初步证明侵权。"


def make_cases(people: People, stock: Stock, at: datetime) -> None:
    for plan in PLANS:
        filed = at - timedelta(hours=plan.filed)
        case = _filed(plan, people, stock, filed)
        if plan.reached in ("draft", "submitted"):
            continue
        _worked(case, plan, people.actors[plan.claimed_by], filed)


def _filed(plan: Plan, people: People, stock: Stock, at: datetime) -> Case:
    filer, claimant, agent = FILERS[plan.work]
    by = people.actors[filer]
    case = open_draft(
        claimant=people.parties[claimant],
        agent=people.parties[agent] if agent else None,
        by=by,
        at=at - timedelta(minutes=25),
    )
    copies = stock.copies[plan.work]
    documents = [
        Document.objects.select_related("current").get(pk=copies[index].pk)
        for index in plan.copies
    ]
    list_documents(case, stock.works[plan.work], documents, by=by, manner="part")
    if plan.reached != "draft":
        submit(
            case,
            by=by,
            at=at,
            expect_version=0,
            declared=[declaration.code for declaration in DECLARATIONS],
            signature=people.parties[agent or claimant].name,
        )
    return case


def _worked(case: Case, plan: Plan, by: Actor, filed: datetime) -> None:
    claim(case, by=by, at=filed + timedelta(minutes=40))
    if plan.reached == "claimed":
        return
    advance(case, "accept", by=by, at=filed + timedelta(minutes=70), profile="civil")
    if plan.reached == "accepted":
        return
    decided = filed + timedelta(hours=5)
    items = list(CaseItem.objects.filter(case=case))
    for item in items[:1] if plan.reached == "half" else items:
        _decide(item, plan, by, decided)
    if plan.reached == "final":
        let_run_out(case, "window")


def let_run_out(case: Case, clock: str) -> None:
    """Fire at the very moment at which the clock runs out, for each document."""
    running = case.deadlines.running().filter(clock=clock)
    moments = running.order_by("due_at").values_list("due_at", flat=True)
    for at in list(moments.distinct()):
        fire_due(at=at)


def _decide(item: CaseItem, plan: Plan, by: Actor, at: datetime) -> None:
    if plan.reached == "no_measure":
        advance(
            item,
            "assess_no_measure",
            by=by,
            at=at,
            finding="evidence",
            reasoning=NO_GROUNDS,
        )
    else:
        advance(
            item,
            "measure_and_forward",
            by=by,
            at=at,
            measure="interim_down",
            reasoning=GROUNDS,
        )
