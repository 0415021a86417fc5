"""Reports in the states that a desk sees: waiting, urgent, decided, contested."""

from datetime import datetime, timedelta

from cases.appeals import file_appeal
from cases.models import Case, Report
from cases.reporting import Origin, Said, file_report, fold_key
from cases.rulings import FOUND
from cases.services import advance, claim
from evidence.actors import ANONYMOUS, Actor
from evidence.models import Document, SellerAccount
from moderation.demo.people import People
from moderation.demo.shelves import Stock

HOUR = timedelta(hours=1)
WORDS = {
    "C3": "第二页附有联系人名单，含姓名和手机号码，没有看到本人同意的说明。",
    "E5": "正文中间插有网址和收款方式，与标题无关。",
    "E2": "下载后只有目录，正文缺失，请核实页数。",
    "A8": "插图部分内容露骨，不适合公开展示。",
    "B4": "附表是某班学生的成绩和家庭住址。",
    "C1": "这份讲义与我编写的教材前三章相同，我是作者。",
}
FACTS = "第二页列有自然人的姓名和手机号码，没有本人同意的说明，足以识别到个人。"


def make_reports(people: People, stock: Stock, at: datetime) -> None:
    """Eight documents with reports on them. `at` is the demo's now."""
    free = _free(stock)
    reader = people.actors["reader"]
    plans = (
        ("E2", 70, 1, "submitted"),
        ("C3", 60, 3, "decided"),
        ("E5", 30, 4, "submitted"),
        ("A8", 20, 2, "in_review"),
        ("C1", 8, 1, "need_info"),
        ("C3", 100, 2, "appealed"),
        ("B4", 0.3, 1, "submitted"),
        ("E5", 200, 1, "rejected"),
    )
    for document, (reason, hours, people_count, reached) in zip(
        free[: len(plans)], plans, strict=True
    ):
        filed = at - hours * HOUR
        case = _reported(document, reason, people_count, reader, filed)
        _worked(case, reached, people, filed)


def _free(stock: Stock) -> list[Document]:
    """Documents without a complaint, none like another: reports of those gather.

    The copies come first: reports are more to look at where a likeness is known.
    """
    copies = {copy.pk for copies in stock.copies.values() for copy in copies}
    others = Document.objects.filter(
        case_items=None, current__isnull=False, withdrawn_at=None
    ).select_related("current")
    chosen: dict[str, Document] = {}
    for document in sorted(others, key=lambda each: (each.pk not in copies, each.pk)):
        chosen.setdefault(fold_key(document), document)
    return list(chosen.values())


def _reported(
    document: Document, reason: str, count: int, reader: Actor, at: datetime
) -> Case:
    said = Said(reason, statement=WORDS[reason], minors=reason == "B4")
    checked = Report.Checked
    receipt = file_report(document, said, Origin(checked.ACCOUNT), by=reader, at=at)
    for nth in range(1, count):
        file_report(
            document,
            Said(reason, statement=WORDS[reason]),
            Origin(checked.PROOF),
            by=ANONYMOUS,
            at=at + nth * timedelta(minutes=7),
        )
    return Case.objects.get(pk=receipt.report.case_id)


def _worked(case: Case, reached: str, people: People, filed: datetime) -> None:
    if reached == "submitted":
        return
    by, at = people.actors["moderator"], filed + HOUR
    claim(case, by=by, at=at)
    if reached == "in_review":
        return
    if reached == "need_info":
        question = "请说明教材的书名、出版时间和相同的页码。"
        advance(case, "request_info", by=by, at=at, question=question)
        return
    outcome = "not_upheld" if reached == "rejected" else "upheld"
    numbers = case.reported_documents.values_list("document__number", flat=True)
    advance(
        case,
        "decide",
        by=by,
        at=at + HOUR,
        outcome=outcome,
        basis=case.reason,
        measures=dict.fromkeys(numbers, "interim_down") if outcome in FOUND else {},
        automated=False,
        facts=FACTS if outcome in FOUND else "正文与标题相符，所称网址属于参考文献。",
        passage="",
    )
    if reached == "appealed":
        _contested(case, people, at + 3 * HOUR)


def _contested(case: Case, people: People, at: datetime) -> None:
    """By the seller where the demo has one, else by who reported."""
    by, reader = people.actors["seller"], people.actors["reader"]
    seller = SellerAccount.objects.filter(
        party__in=by.parties, documents__reported_in__case=case
    ).first()
    report = None if seller else case.reports.filter(user=reader.user_id).first()
    file_appeal(
        case,
        ground="facts",
        statement="名单中的联系方式来自公开的单位网站，请重新查看。",
        by=by if seller else reader,
        at=at,
        report=report,
        seller=seller,
    )
