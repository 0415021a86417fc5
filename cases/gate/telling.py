"""What a seller may read of the findings: their own side of each passage, and of the
other side nothing but the number and title of a document that everybody may see."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.errors import Sentence
from cases.gate.policy import LIKENESSES
from cases.models import Submission, SubmissionFinding
from cases.restrictions import listed
from evidence.comparison import CONTEXT, Piece, Side, percent, place_of
from evidence.models import Document, Match, Text

PASSAGES_SHOWN = 30
_EMPTY_LINES = re.compile(r"\n\s*\n")
# Characters of one passage, and of two files of the same bytes.
LONGEST_SHOWN, WHOLE_SHOWN = 600, 2_000


@dataclass(frozen=True, slots=True)
class Own:
    """The seller's own side of a passage."""

    number: int
    side: Side


@dataclass(frozen=True, slots=True)
class Told:
    """One likeness as its seller reads it; share in whole per cent of the file.

    document: the public document, None where the other side is not public.
    """

    ordinal: int
    likeness: str
    label: Sentence
    sentence: Sentence
    whose: str
    document: Document | None
    share: int
    longest_run: int
    own: list[Own]
    passages: int
    is_identical: bool


def told_of(submission: Submission) -> list[Told]:
    """Return the findings of a submission in the order of their weight."""
    rows = list(
        submission.findings.select_related("match", "document__current").order_by("pk")
    )
    public = _public(rows)
    text = submission.text
    return [
        _told(ordinal, row, text, public) for ordinal, row in enumerate(rows, start=1)
    ]


def _public(rows: list[SubmissionFinding]) -> dict[int, Document]:
    asked = [row.document_id for row in rows if row.document_id]
    documents = listed(Document.objects.filter(pk__in=asked))
    return {row.pk: row for row in documents.select_related("current")}


def _told(
    ordinal: int, row: SubmissionFinding, text: Text, public: dict[int, Document]
) -> Told:
    likeness = LIKENESSES[row.likeness]
    document = public.get(row.document_id or 0)
    spans = passages_of(row)
    return Told(
        ordinal=ordinal,
        likeness=likeness.code,
        label=likeness.label,
        sentence=likeness.told,
        whose=_whose(row, document),
        document=document,
        share=percent(row.containment_query),
        longest_run=row.longest_run,
        own=[
            Own(number, _side(text, *span))
            for number, span in enumerate(spans[:PASSAGES_SHOWN], start=1)
        ],
        passages=len(spans),
        is_identical=row.found_id is not None and row.match_id is None,
    )


def passages_of(row: SubmissionFinding) -> list[tuple[int, int]]:
    """Return the ranges of the file that are alike, in its own order."""
    if row.match is None:
        return []
    return sorted((each["query"][0], each["query"][1]) for each in row.match.passages)


def whole_match(row: SubmissionFinding, text: Text) -> Match:
    """Lay out two files of the same bytes as one passage, its opening alone."""
    end = min(text.characters, WHOLE_SHOWN)
    whole = {"query": [0, end], "found": [0, end], "similarity": 1000, "length": end}
    return Match(
        query=text,
        found=text,
        containment_query=1,
        containment_found=1,
        longest_run=row.longest_run,
        passages=[whole],
    )


def _whose(row: SubmissionFinding, document: Document | None) -> str:
    if document is not None:
        title = document.current.title if document.current else ""
        return _("文档 %(number)s《%(title)s》") % {
            "number": document.number,
            "title": title,
        }
    if row.work_id:
        return _("一部已登记的作品（内容不公开）")
    if row.other_id:
        return _("另一份送审文件（内容不公开）")
    return _("一份不再公开的文档") if row.document_id else ""


def _side(text: Text, start: int, end: int) -> Side:
    shown = min(end, start + LONGEST_SHOWN)
    after = text.content[end : end + CONTEXT] if shown == end else ""
    return Side(
        before=text.content[max(0, start - CONTEXT) : start],
        # Empty lines by the dozen are how a page break reads, and say nothing.
        pieces=(Piece(_EMPTY_LINES.sub("\n", text.content[start:shown]), True),),
        after=after,
        place=place_of(text, start, end),
        span=(start, end),
    )
