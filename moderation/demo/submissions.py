"""Files that the demo's seller has handed in before publication, one in each state."""

from datetime import datetime, timedelta

from cases.gate.policy import set_rule
from cases.gate.publishing import publish
from cases.gate.receiving import Offer, hand_in
from cases.gate.screening import screen
from cases.models import CaseItem, Submission
from cases.registration import Upload
from cases.services import advance
from cases.workflows.item import ItemState
from evidence.models import Document, DocumentVersion, Text
from moderation.demo import files
from moderation.demo.lexicon import LESSON, SCHEME, SUMMARY
from moderation.demo.people import People
from moderation.demo.shelves import Stock
from moderation.demo.texts import Piece, compose

COPIED = "逐段核对，文件与在先作品有整节相同，顺序一致，卖家没有提供授权材料。"
# Made-up genres share their words; this one is like nothing else, so it is cleared.
OWN = Piece(
    "阳台种豆观察日记",
    (
        (
            "四月十二日，晴。挑了二十粒饱满的豌豆，用温水泡了一夜，早上已经鼓得发亮。",
            "四月十五日，多云。有七粒冒出白芽，最长的约半厘米，像一个小小的逗号。",
            "四月十九日，小雨。把发芽的豆子埋进花盆，土上盖一层松针，每天傍晚喷一次水。",
        ),
        (
            "五月三日，晴。藤蔓攀上了竹竿，卷须遇到细绳便绕三圈，碰到瓷砖就缩回来。",
            "五月十六日，阴。开出两朵紫白相间的花，蜜蜂来得比预想的早，邻居家的猫也来看。",
            "六月二日，晴。摘下第一把豆荚，一共四十一克，煮汤时满屋都是青草的气味。",
        ),
    ),
)
OWN_WORDS = "该文件由本人 2024 年为本校教研活动撰写，保留有底稿和修改记录，请复核。"


def make_submissions(people: People, stock: Stock, at: datetime) -> None:
    """Compliance lets exact copies be refused; then the seller's week at the gate."""
    set_rule(
        "removed_copy",
        "refused",
        reason="处理确定后原样再次上传的，按规则不予通过；卖家可以申请人工复核。",
        by=people.actors["compliance"],
        at=at - timedelta(days=9),
    )
    gate = _Gate(people)
    gate.publish(OWN, at - timedelta(days=8))
    gate.screened(*_exact_copy(people), at - timedelta(days=6))
    gate.contest(_mixed(stock, "author", 8_102), at - timedelta(days=5))
    gate.refuse(_mixed(stock, "publisher", 8_103), at - timedelta(days=4))
    gate.screened(*_file(compose(SCHEME, 8_104, pages=5)), at - timedelta(hours=20))
    gate.screened(*_file(_mixed(stock, "thesis", 8_105)), at - timedelta(hours=7))
    gate.screened(*_scan(), at - timedelta(hours=5))
    gate.screened("旧版课件.pdf", b"not a PDF at all", at - timedelta(hours=3))
    gate.hand_in(*_file(compose(SUMMARY, 8_106, pages=3)), at - timedelta(minutes=1))


class _Gate:
    """What the seller and the desk do with one file, each step in its own name."""

    def __init__(self, people: People) -> None:
        self._actors = people.actors
        self._seller, self._by = people.sellers[0], people.actors["seller"]

    def hand_in(self, name: str, content: bytes, at: datetime) -> Submission:
        offer = Offer(Upload(content, name), name.rsplit(".", 1)[0], price_cents=600)
        return hand_in(self._seller, offer, by=self._by, at=at)[0]

    def screened(self, name: str, content: bytes, at: datetime) -> Submission:
        row = self.hand_in(name, content, at)
        screen(row.pk, at=at + timedelta(seconds=4))
        return Submission.objects.get(pk=row.pk)

    def publish(self, piece: Piece, at: datetime) -> None:
        row = self.screened(*_file(piece), at)
        publish(row, by=self._by, at=at + timedelta(minutes=3))

    def refuse(self, piece: Piece, at: datetime) -> Submission:
        row = self.screened(*_file(piece), at)
        by = self._actors["moderator"]
        later = at + timedelta(hours=3)
        advance(row, "refuse", by=by, at=later, ground="copied", reasoning=COPIED)
        return row

    def contest(self, piece: Piece, at: datetime) -> None:
        row = self.refuse(piece, at)
        told = at + timedelta(hours=9)
        advance(row, "contest", by=self._by, at=told, reasoning=OWN_WORDS)


def _file(piece: Piece) -> tuple[str, bytes]:
    return f"{piece.title}.docx", files.docx(piece)


def _mixed(stock: Stock, work: str, seed: int) -> Piece:
    """Two pages of a work among pages of one's own."""
    own = compose(LESSON, seed, pages=3)
    text = Text.objects.get(works=stock.works[work])
    lines = [line for line in text.content.splitlines() if line]
    copied = tuple(lines[4:10])
    return Piece(own.title, (own.pages[0], copied, *own.pages[1:]))


def _exact_copy(people: People) -> tuple[str, bytes]:
    """The text of a document that was taken down for good, handed in again."""
    final = CaseItem.objects.filter(state=ItemState.FINAL)
    gone = Document.objects.filter(case_items__in=final)
    version = (
        DocumentVersion.objects.filter(document__in=gone)
        .exclude(document__seller=people.sellers[0])
        .select_related("text")
        .order_by("pk")[0]
    )
    return f"{version.title}.txt", version.text.content.encode()


def _scan() -> tuple[str, bytes]:
    """A page with a picture and no text."""
    return "手写讲义（扫描）.pdf", files.blank_pdf()
