"""What everybody may copy: a shelf with articles of a statute, and a notice that many
sellers print and nobody has put on a shelf yet."""

from dataclasses import replace
from datetime import datetime

from evidence import pipeline
from evidence.actors import Actor, Role
from evidence.intake import receive_text
from evidence.models import Shelf
from evidence.proposing import propose
from evidence.shelving import Shelver, new_shelf, shelve
from evidence.thresholds import in_force
from moderation.demo.texts import Piece

# 著作权法 (2020): statutes are nobody's works, as its article 5 says itself.
STATUTE = "中华人民共和国著作权法（节选）"
ARTICLES = (
    "第一条 为保护文学、艺术和科学作品作者的著作权，以及与著作权有关的权益，鼓励有益于"
    "社会主义精神文明、物质文明建设的作品的创作和传播，促进社会主义文化和科学事业的发展"
    "与繁荣，根据宪法制定本法。",
    "第五条 本法不适用于：（一）法律、法规，国家机关的决议、决定、命令和其他具有立法、"
    "行政、司法性质的文件，及其官方正式译文；（二）单纯事实消息；（三）历法、通用数表、"
    "通用表格和公式。",
)
NOTICE = (
    "特别说明：本资料由整理者编排，仅供学习和工作参考；其中的数据、格式与所引规定可能已经"
    "变动，使用前请自行核对，正式行文以主管部门最新发布的文本为准。"
)


def with_paragraph(piece: Piece, page: int, paragraph: str) -> Piece:
    """The piece with one more paragraph at the end of a page (counted from 0)."""
    pages = list(piece.pages)
    pages[page] = (*pages[page], paragraph)
    return replace(piece, pages=tuple(pages))


def make_shelf(by: Actor, at: datetime) -> None:
    shelver = Shelver(by, Role.COMPLIANCE, at)
    shelf = new_shelf("法律法规", Shelf.Kind.OFFICIAL, shelver=shelver)
    if shelf is None:
        raise RuntimeError("the demo begins without shelves")
    name = f"{STATUTE}.txt"
    text = receive_text("\n".join(ARTICLES).encode(), name=name, at=at)
    shelve(text, shelf, in_force(), shelver=shelver, title=STATUTE)
    pipeline.process(text.pk, at=at)


def make_proposals(at: datetime) -> None:
    """Find the notice that several sellers have in otherwise unlike documents."""
    propose(in_force(), at=at)
