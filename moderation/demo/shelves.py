"""The demo's stock: works, their copies under disguise, and everything else on sale."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence import pipeline
from evidence.actors import SYSTEM
from evidence.intake import receive, receive_text
from evidence.listings import Stated, take_in
from evidence.models import Document, Exhibit, Work
from moderation.demo import files
from moderation.demo.common_texts import (
    ARTICLES,
    NOTICE,
    make_proposals,
    make_shelf,
    with_paragraph,
)
from moderation.demo.disguises import DISGUISES
from moderation.demo.lexicon import GENRES, LESSON, SCHEME, SUMMARY, THESIS, Genre
from moderation.demo.people import People
from moderation.demo.texts import Piece, compose

DOCUMENTS = 120
COPIES = 30
SUFFIXES = ("", "（最新）", "（完整版）", "—可编辑", "2026年修订")


@dataclass(frozen=True, slots=True)
class Stock:
    """works by key; copies: for each work the documents that hold parts of it."""

    works: dict[str, Work]
    copies: dict[str, list[Document]]


WORKS: tuple[tuple[str, str, Genre, str], ...] = (
    ("author", "author", LESSON, "桥边的春天：写景单元教学设计"),
    ("publisher", "publisher", SUMMARY, "基层文书写作示例二十篇"),
    ("engineer", "engineer", SCHEME, "古戏台整体修缮施工方案"),
    ("thesis", "author", THESIS, "县城旧书摊的信任与定价"),
)


def make_stock(people: People, at: datetime) -> Stock:
    rng = random.Random(20261122)  # noqa: S311 -- the demo is the same every time
    pieces = {
        key: compose(genre, 9_000 + number, pages=9, title=title)
        for number, (key, _party, genre, title) in enumerate(WORKS)
    }
    # A thesis quotes the statute: what is quoted is no part of a likeness.
    pieces["thesis"] = with_paragraph(pieces["thesis"], 2, ARTICLES[1])
    make_shelf(people.actors["compliance"], at - timedelta(days=395))
    copied = _uploads(people, pieces, rng, at)
    works = {
        key: _work(pieces[key], people, owner, at - timedelta(days=390 - number))
        for number, (key, owner, _genre, _title) in enumerate(WORKS)
    }
    make_proposals(at - timedelta(days=1))
    return Stock(works, copied)


def _work(piece: Piece, people: People, owner: str, at: datetime) -> Work:
    party = people.parties[owner]
    content = files.docx(piece)
    sample = receive_text(content, name=f"{piece.title}.docx", at=at)
    work = Work.objects.create(
        party=party,
        title=piece.title,
        kind=Work.Kind.TEXT,
        author=party.name,
        origin=Work.Origin.ORIGINAL,
        completed_on=(at - timedelta(days=60)).date(),
        published_on=(at - timedelta(days=30)).date(),
        sample=sample,
        sample_name=f"{piece.title}.docx",
        registered_at=at,
    )
    pipeline.ask_again(sample)
    pipeline.process(sample.pk, at=at)
    certificate = Piece("作品登记证书", ((f"作品名称：{piece.title}", "演示用证书"),))
    Exhibit.objects.create(
        party=party,
        work=work,
        kind=Exhibit.Kind.CERTIFICATE,
        blob=receive(files.pdf(certificate), name="作品登记证书.pdf", at=at),
        original_name="作品登记证书.pdf",
        filed_at=at,
    )
    return work


def _uploads(
    people: People, pieces: dict[str, Piece], rng: random.Random, at: datetime
) -> dict[str, list[Document]]:
    copied: dict[str, list[Document]] = {key: [] for key in pieces}
    keys = list(pieces)
    copies = set(rng.sample(range(DOCUMENTS), COPIES))
    made = 0
    for number in range(DOCUMENTS):
        genre = GENRES[number % len(GENRES)]
        piece = compose(genre, number, pages=rng.randint(3, 6))
        # With every seller: what five of them print may be anybody's.
        if number % 4 == 3:
            piece = with_paragraph(piece, -1, NOTICE)
        key = ""
        if number in copies:
            key = keys[made % len(keys)]
            # Every work meets every disguise.
            disguise = DISGUISES[made // len(keys) % len(DISGUISES)]
            piece = disguise(pieces[key], piece, rng)
            made += 1
        document = _upload(piece, number, people, rng, at, preview=number % 9 == 4)
        if key:
            copied[key].append(document)
    return copied


def _upload(
    piece: Piece,
    number: int,
    people: People,
    rng: random.Random,
    at: datetime,
    *,
    preview: bool,
) -> Document:
    """One in nine is known by its listing page alone, the rest by the file itself."""
    title = piece.title + rng.choice(SUFFIXES)
    received = at - timedelta(days=rng.randint(70, 360), minutes=rng.randint(0, 900))
    seller = people.sellers[number % len(people.sellers)]
    key = str(520_310_000 + number * 37)
    if preview:
        content = files.listing_page(
            piece, number=key, mask=seller.mask, on=received.date()
        )
        name = f"{key}.txt"
    elif number % 5 > 1:
        content, name = files.pdf(piece), f"{title}.pdf"
    else:
        content, name = files.docx(piece), f"{title}.docx"
    known = Stated(
        title=title,
        mask=seller.mask,
        uploaded_on=received.date(),
        pages=len(piece.pages),
        tags=("范文", "模板") if number % 2 else ("参考", "可编辑"),
        price_cents=rng.choice((0, 200, 500, 800, 1200)),
        downloads=rng.randint(0, 900),
    )
    taken = take_in(
        content,
        name=name,
        number=key,
        seller=seller,
        known=known,
        own=True,
        at=received,
        by=SYSTEM,
    )
    if taken.document is None:
        raise RuntimeError(f"the demo's own file was refused: {taken.error}")
    return taken.document
