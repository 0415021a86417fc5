"""Cases in which somebody has answered: what a desk and two sides see of a dispute."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cases.answering import Answer, file_counter
from cases.declarations import COUNTER_DECLARATIONS, DECLARATIONS
from cases.filing import list_documents, open_draft, submit
from cases.models import Case, CaseItem, CounterNotice
from cases.proceedings import Particulars, notify
from cases.registration import Proof, Upload
from cases.services import advance, claim
from evidence.actors import Actor
from evidence.models import Document, Exhibit
from moderation.demo.cases import FILERS, GROUNDS, let_run_out
from moderation.demo.people import People
from moderation.demo.shelves import Stock

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EXPLANATION = (
    "该文档是我根据本人历年工作材料整理的，底稿完成于去年三月，早于对方所称作品的发表时间。"
    "相同部分是行业通用的表述，请核对后恢复。"
)
Scene = Callable[["Contest", datetime], None]


class Contest:
    """One case about one document of the demo's seller, and its people."""

    def __init__(
        self, people: People, stock: Stock, work: str, document: Document, at: datetime
    ) -> None:
        self.people = people
        self.desk: Actor = people.actors["moderator"]
        self.legal: Actor = people.actors["legal"]
        filer, claimant, agent = FILERS[work]
        self.filer: Actor = people.actors[filer]
        draft = open_draft(
            claimant=people.parties[claimant],
            agent=people.parties[agent] if agent else None,
            by=self.filer,
            at=at - HOUR,
        )
        list_documents(
            draft, stock.works[work], [document], by=self.filer, manner="part"
        )
        submit(
            draft,
            by=self.filer,
            at=at,
            expect_version=0,
            declared=[each.code for each in DECLARATIONS],
            signature=people.parties[agent or claimant].name,
        )
        self.case = Case.objects.get(pk=draft.pk)
        claim(self.case, by=self.desk, at=at + HOUR)

    @property
    def item(self) -> CaseItem:
        rows = CaseItem.objects.select_related("document__seller__party__details")
        return rows.get(case=self.case)

    def measure(self, at: datetime) -> None:
        claim(self.case, by=self.desk, at=at)
        advance(self.case, "accept", by=self.desk, at=at, profile="civil")
        facts: dict[str, Any] = {"measure": "interim_down", "reasoning": GROUNDS}
        advance(self.item, "measure_and_forward", by=self.desk, at=at, **facts)

    def answer(self, at: datetime) -> CounterNotice:
        draft = Upload("历年工作材料底稿，第一稿至第三稿。".encode(), "底稿.txt")
        answer = Answer(
            ground="own",
            explanation=EXPLANATION,
            proofs=[Proof(Exhibit.Kind.MANUSCRIPT, draft)],
            declared=[each.code for each in COUNTER_DECLARATIONS],
            signature=self.people.parties["seller"].name,
        )
        return file_counter(self.item, answer, by=self.people.actors["seller"], at=at)

    def forward(self, at: datetime) -> None:
        counter = self.answer(at)
        claim(self.case, by=self.desk, at=at + HOUR)
        advance(counter, "forward", by=self.desk, at=at + HOUR)


def deficient(contest: Contest, filed: datetime) -> None:
    facts: dict[str, Any] = {
        "codes": ["D02", "D06"],
        "defects": {
            "D02": "授权委托书的期限已于上月届满，请提交仍在有效期内的授权。",
            "D06": "请指出文档中与作品相同的页次，并附截图或比对说明。",
        },
    }
    advance(contest.case, "find_defects", by=contest.desk, at=filed + 2 * HOUR, **facts)


def answered(contest: Contest, filed: datetime) -> None:
    contest.measure(filed + 5 * HOUR)
    contest.answer(filed + DAY)


def sent_back(contest: Contest, filed: datetime) -> None:
    contest.measure(filed + 5 * HOUR)
    counter = contest.answer(filed + DAY)
    claim(contest.case, by=contest.desk, at=filed + DAY + HOUR)
    facts: dict[str, Any] = {
        "codes": ["C03"],
        "defects": {"C03": "底稿没有显示完成时间，请提交带有修改时间的文件。"},
    }
    at = filed + DAY + HOUR
    advance(counter, "find_defects", by=contest.desk, at=at, **facts)


def waiting(contest: Contest, filed: datetime) -> None:
    contest.measure(filed + 5 * HOUR)
    contest.forward(filed + 2 * DAY)


def sued(contest: Contest, filed: datetime) -> None:
    waiting(contest, filed)
    at = filed + 9 * DAY
    notify(
        contest.case,
        [contest.item],
        Particulars("suit", "成都市中级人民法院", at.date()),
        by=contest.filer,
        at=at,
    )


def restored(contest: Contest, filed: datetime) -> None:
    waiting(contest, filed)
    let_run_out(contest.case, "waiting")


# How long ago each was filed, and how far it came.
SCENES: tuple[tuple[timedelta, Scene], ...] = (
    (40 * DAY, restored),
    (12 * DAY, sued),
    (6 * DAY, waiting),
    (3 * DAY, sent_back),
    (30 * HOUR, answered),
    (20 * HOUR, deficient),
)


def make_contests(people: People, stock: Stock, at: datetime) -> None:
    """Play each scene on a document of the demo's seller, oldest first."""
    for (ago, scene), (work, document) in zip(
        SCENES, _own(people, stock), strict=False
    ):
        filed = at - ago
        scene(Contest(people, stock, work, document, filed), filed)


def _own(people: People, stock: Stock) -> list[tuple[str, Document]]:
    """The copies that the demo's seller sells, those without another case first."""
    own = people.sellers[0]
    copies = [
        (work, Document.objects.select_related("current").get(pk=copy.pk))
        for work, found in stock.copies.items()
        for copy in found
        if copy.seller_id == own.pk
    ]
    return sorted(copies, key=lambda pair: pair[1].case_items.count())
