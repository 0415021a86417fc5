"""Made-up texts: the same seed gives the same words, and no two seeds much alike."""

import random
from dataclasses import dataclass

from moderation.demo.lexicon import Genre

JOINTS = ("，", "；", "，同时", "，因而", "，随后", "，尽管如此")
ORDINALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Piece:
    """A document as its author would have typed it: pages of paragraphs."""

    title: str
    pages: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        return "\n".join(line for page in self.pages for line in page)


def compose(genre: Genre, seed: int, *, pages: int, title: str = "") -> Piece:
    """Write a document of so many pages, about 450 characters each."""
    rng = random.Random(seed)  # noqa: S311 -- not for secrets
    topic = rng.choice(genre.topics)
    headings = rng.sample(genre.headings, min(pages, len(genre.headings)))
    made = []
    for number in range(pages):
        heading = headings[number % len(headings)]
        opening = f"{ORDINALS[number % len(ORDINALS)]}、{topic}:{heading}"
        made.append((opening, *(_paragraph(genre, rng) for _ in range(3))))
    return Piece(title or f"{topic}{genre.name}", tuple(made))


def _paragraph(genre: Genre, rng: random.Random) -> str:
    return "".join(_sentence(genre, rng) for _ in range(4))


def _sentence(genre: Genre, rng: random.Random) -> str:
    """A clause in one of several orders: fixed orders make strangers look alike."""
    manner, subject = rng.choice(genre.manners), rng.choice(genre.subjects)
    action, thing = rng.choice(genre.actions), rng.choice(genre.objects)
    clause = rng.choice(
        (
            f"{manner}{subject}{action}{thing}",
            f"{subject}{manner}{action}{thing}",
            f"就{thing}而言，{subject}{manner}有所{action.rstrip('了出下')}",
            f"{thing}由{subject}{manner}{action.rstrip('了出下')}",
            f"{subject}{action}{thing}",
        )
    )
    numbered = f"(第{rng.randint(2, 98)}项)" if rng.random() < 0.25 else ""
    return f"{clause}{numbered}{rng.choice(JOINTS)}{rng.choice(genre.effects)}。"
