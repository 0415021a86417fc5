"""A comparison as the examiner reads it: passages, figures, what was left out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.errors import Sentence
from cases.models import CaseItem
from evidence.comparison import Pair, pairs_of, percent, place_of
from evidence.models import Match, Text

# Characters shown of a span that was left out.
SNIPPET = 60
WHY: dict[str, Sentence] = {
    "shelf": gettext_lazy("见于公共素材（法规、公文、通用范本等）"),
    "boilerplate": gettext_lazy("多份文档共有的套话"),
    "template": gettext_lazy("模板文字"),
}
# The parameters that an examiner may be asked about, as they are named in papers.
SPOKEN: dict[str, Sentence] = {
    "gram": gettext_lazy("指纹字数"),
    "sampling": gettext_lazy("取样间隔"),
    "passage": gettext_lazy("段落最少字数"),
    "similarity": gettext_lazy("段落最低相似度"),
    "folding": gettext_lazy("归一化表版本"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the work that resembles others and counts for nothing."""

    text: str
    place: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found between a work and a document; shares in whole per cent."""

    of_work: int
    of_document: int
    longest_run: int
    pairs: list[Pair]
    ignored: list[Span]
    parameters: list[tuple[str, Any]]
    digest: str
    readers: str
    at: datetime


def findings_of(item: CaseItem) -> Findings | None:
    """Return the findings, or None when the two texts were not compared."""
    match = item.match
    if match is None:
        return None
    parameters = match.parameters
    return Findings(
        of_work=percent(match.containment_query),
        of_document=percent(match.containment_found),
        longest_run=match.longest_run,
        pairs=list(pairs_of(match)),
        ignored=[_span(match, each) for each in match.ignored],
        parameters=[
            (str(label), parameters[name])
            for name, label in SPOKEN.items()
            if name in parameters
        ],
        digest=match.parameters_digest,
        readers=" / ".join(_reader(text) for text in (match.query, match.found)),
        at=match.at,
    )


def why_not_compared(item: CaseItem) -> str:
    """Say why there is no comparison, so that nobody takes it for innocence."""
    version = item.snapshot.version if item.snapshot else item.document.current
    texts = [item.work.sample, *([version.text] if version else [])]
    if any(text.state in (Text.State.NO_TEXT, Text.State.REFUSED) for text in texts):
        return _("其中一方没有可读取的文字，无法比对。请人工查看原件。")
    return _("两份文本之间没有发现相同段落，或者尚未比对。")


def _span(match: Match, ignored: dict[str, Any]) -> Span:
    start, end = ignored["query"]
    text = match.query.content[start : min(end, start + SNIPPET)]
    return Span(
        text=f"{text}…" if end - start > SNIPPET else text,
        place=place_of(match.query, start).label,
        why=str(WHY.get(ignored["why"], ignored["why"])),
        source=ignored.get("source") or "",
    )


def _reader(text: Text) -> str:
    return text.extractor or text.media_type
