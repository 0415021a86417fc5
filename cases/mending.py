"""改后重交: what a mended file still shares with what was found, for a person to judge.

Nothing here decides: likeness is a lead, and a passage that is still there may stand
for another reason.
"""

import re
from dataclasses import dataclass
from typing import Literal

from cases.errors import Sentence
from cases.gate.findings import findings_on
from cases.gate.policy import LIKENESSES, in_force
from cases.models import Appeal, Report, Submission
from cases.models.submissions import Outcome
from cases.workflows.appeal import AppealState
from evidence.comparison import percent
from evidence.models import Document, Text
from evidence.progress import Stage

State = Literal["waiting", "unreadable", "same", "still", "clean"]
# A shorter run of characters says nothing about where it was taken from.
SHORTEST = 8
CONTEXT = 30
_GAP = re.compile(r"…+|\.{3,}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A passage that was named and is still there; span: characters of the file."""

    before: str
    text: str
    after: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lead:
    """What the file is like, as a new upload of this seller would be told; share in
    whole per cent of the file."""

    told: Sentence
    document: Document | None
    share: int
    longest_run: int


@dataclass(frozen=True, slots=True)
class Mending:
    """state: waiting until the file has been compared; "same" is the same text as
    before. leads: what it is like besides its own earlier versions."""

    state: State
    kept: list[Kept]
    leads: list[Lead]


def mending_of(appeal: Appeal, *, at_desk: bool = False) -> Mending | None:
    """Return what comparing the mended file has shown; None where none came.

    at_desk: with the passages that readers marked, of which a seller learns nothing.
    """
    text = appeal.mended
    if text is None or appeal.document is None or appeal.seller is None:
        return None
    if text.stage in (Stage.QUEUED, Stage.RUNNING) or text.state == Text.State.RECEIVED:
        return Mending("waiting", [], [])
    if text.state != Text.State.OK:
        return Mending("unreadable", [], [])
    kept, leads = _kept_in(appeal, text, at_desk), _leads(appeal, text)
    if appeal.document.versions.filter(text=text).exists() and not _is_done(appeal):
        return Mending("same", kept, leads)
    return Mending("still" if kept or leads else "clean", kept, leads)


def _kept_in(appeal: Appeal, text: Text, at_desk: bool) -> list[Kept]:
    """Return what the ruling cites of the old file, and at the desk what a reader
    marked there, where the mended one still has it."""
    cited = {appeal.ruling.passage}
    if at_desk:
        reports = Report.objects.filter(case=appeal.case_id, document=appeal.document)
        cited |= set(reports.exclude(quote="").values_list("quote", flat=True))
    pieces = sorted({piece for words in cited for piece in _GAP.split(words)})
    spans = {span for piece in pieces if (span := _place(piece, text.content))}
    return [_kept(text.content, *span) for span in sorted(spans)]


def _place(piece: str, content: str) -> tuple[int, int] | None:
    """Where a passage stands, whatever blanks and line ends are in it."""
    letters = [letter for letter in piece if not letter.isspace()]
    if len(letters) < SHORTEST:
        return None
    found = re.search(r"\s*".join(map(re.escape, letters)), content)
    return found.span() if found else None


def _kept(content: str, begin: int, end: int) -> Kept:
    return Kept(
        before=content[max(0, begin - CONTEXT) : begin],
        text=content[begin:end],
        after=content[end : end + CONTEXT],
        span=(begin, end),
    )


def _leads(appeal: Appeal, text: Text) -> list[Lead]:
    offered = Submission(seller=appeal.seller, text=text)
    return [
        Lead(
            told=LIKENESSES[row.likeness].told,
            document=row.document,
            share=percent(row.containment_query),
            longest_run=row.longest_run,
        )
        for row in findings_on(offered, text, in_force())
        if row.outcome != Outcome.CLEARED
        and row.document_id != appeal.document_id
        and row.likeness != "slight"
    ]


def _is_done(appeal: Appeal) -> bool:
    """Once accepted, the mended file is a version of the document like another."""
    return bool(appeal.state == AppealState.MENDED)
