"""Section 6 of a case file: each document beside the work that it is said to copy."""

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.errors import Sentence
from cases.models import CaseItem
from evidence.comparison import Pair, Piece, Side, pairs_of, percent
from evidence.models import Match, Text

# A file that nobody can print helps no court, and a second lays out some ten pages:
# what is left out is counted, and the JSON has its place. Characters are of one side.
PAIRS_LAID_OUT = 60
PASSAGES_A_PAIR = 12
PASSAGES_IN_ALL = 120
CHARACTERS_A_SIDE = 1_200
CHARACTERS_IN_ALL = 40_000

# Why a resemblance was left out of the figures.
IGNORED: dict[str, Sentence] = {
    "shelf": gettext_lazy("权利人自己的或已获授权的文本"),
    "boilerplate": gettext_lazy("行业通用表述"),
    "template": gettext_lazy("模板文字"),
}

Redact = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Room:
    """What is printed of one pair: so many passages, so many characters of each."""

    passages: int
    characters: int


def pairs_told(items: Sequence[CaseItem], redact: Redact) -> list[dict[str, Any]]:
    """Return one entry an item; passages come laid out as far as they are printed."""
    matched = [item.pk for item in items if item.match is not None]
    laid_out = matched[:PAIRS_LAID_OUT]
    room = _room(len(laid_out))
    return [
        _told(item, redact, room if item.pk in laid_out else Room(0, 0))
        for item in items
    ]


def methods_told(items: Sequence[CaseItem]) -> list[dict[str, Any]]:
    """Return the parameters of the comparisons, each set once, by its digest."""
    matches = [item.match for item in items if item.match is not None]
    known = {match.parameters_digest: match.parameters for match in matches}
    return [
        {"digest": digest, "parameters": parameters}
        for digest, parameters in sorted(known.items())
    ]


def _room(pairs: int) -> Room:
    """Share the paper out among so many pairs."""
    passages = min(PASSAGES_A_PAIR, PASSAGES_IN_ALL // max(1, pairs))
    characters = CHARACTERS_IN_ALL // max(1, passages * pairs)
    return Room(passages, min(CHARACTERS_A_SIDE, characters))


def _told(item: CaseItem, redact: Redact, room: Room) -> dict[str, Any]:
    listing = item.snapshot.listing if item.snapshot else {}
    told: dict[str, Any] = {
        "position": item.position,
        "number": listing.get("number", ""),
        "title": redact(listing.get("title", "")),
        "work": redact(item.work.title),
        "readable": _is_readable(item),
        "match": None,
    }
    if item.match is not None:
        told["match"] = _match_told(item.match, redact, room)
    return told


def _is_readable(item: CaseItem) -> bool:
    text = item.snapshot.version.text if item.snapshot else None
    return text is not None and text.state == Text.State.OK


def _match_told(match: Match, redact: Redact, room: Room) -> dict[str, Any]:
    shown = list(pairs_of(_redacted(match, redact), at_most=room.passages))
    return {
        "share_of_document": percent(match.containment_found),
        "share_of_work": percent(match.containment_query),
        "longest_run": match.longest_run,
        "passages": len(match.passages),
        "shown": [_passage_told(pair, room) for pair in shown],
        "left_out": len(match.passages) - len(shown),
        "spans": [
            {"work": each["query"], "document": each["found"]}
            for each in sorted(match.passages, key=lambda each: each["query"])
        ],
        "ignored": _ignored_told(match),
        "compared_at": match.at,
        "parameters_digest": match.parameters_digest,
        "work_reader": _reader_of(match.query),
        "document_reader": _reader_of(match.found),
    }


def _redacted(match: Match, redact: Redact) -> Match:
    """Return a copy to read from; masks keep the length, so the offsets hold."""
    shown = copy.copy(match)
    shown.query, shown.found = copy.copy(match.query), copy.copy(match.found)
    for text in (shown.query, shown.found):
        text.content = redact(text.content)
    return shown


def _passage_told(pair: Pair, room: Room) -> dict[str, Any]:
    return {
        "number": pair.number,
        "similarity": pair.similarity,
        "length": pair.length,
        "work": _side_told(pair.query, room),
        "document": _side_told(pair.found, room),
    }


def _side_told(side: Side, room: Room) -> dict[str, Any]:
    pieces, left_out = _cut(side.pieces, room.characters)
    return {
        "place": side.place.label,
        "page": side.place.page,
        "segment": side.place.segment,
        "span": list(side.span),
        "before": side.before,
        "pieces": [{"text": each.text, "agrees": each.agrees} for each in pieces],
        "left_out": left_out,
        "after": "" if left_out else side.after,
    }


def _cut(pieces: Sequence[Piece], room: int) -> tuple[list[Piece], int]:
    """Return the pieces up to what is printed, and how many characters are not."""
    kept = list[Piece]()
    for piece in pieces:
        if room > 0:
            kept.append(Piece(piece.text[:room], piece.agrees))
        room -= len(piece.text)
    return kept, max(0, -room)


def _ignored_told(match: Match) -> list[dict[str, Any]]:
    counted = Counter(str(each.get("why", "")) for each in match.ignored)
    return [
        {"why": str(IGNORED.get(why) or why), "code": why, "passages": count}
        for why, count in sorted(counted.items())
    ]


def _reader_of(text: Text) -> str:
    return text.extractor or _("未记录")
