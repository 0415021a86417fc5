"""A comparison as the examiner reads it: passages, figures, what was left out."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.errors import Sentence
from cases.models import CaseItem
from evidence.comparison import SHOWN, Pair, pairs_of, percent, place_of
from evidence.models import Match, Text
from evidence.page_pairs import PagePair, page_pairs

# Characters shown of a span that was left out.
SNIPPET = 60
IGNORED_SHOWN = 100
PAIRS_A_PAGE = 50
PAGES_SHOWN = 200
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
    """A piece of either side that resembles others and counts for nothing."""

    whose: str
    text: str
    place: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found between a work and a document; shares in whole per cent.

    page: of the passages, laid out in `pairs`; pages: which page stands on which.
    """

    of_work: int
    of_document: int
    longest_run: int
    page: Page[Any]
    pairs: list[Pair]
    pages: list[PagePair]
    ignored: list[Span]
    parameters: list[tuple[str, Any]]
    digest: str
    readers: str
    at: datetime


def findings_of(item: CaseItem, page: str | None = None) -> Findings | None:
    """Return the findings, or None when the two texts were not compared.

    page: of the passages, as it was asked for; the first one unless it is a number.
    """
    match = item.match
    if match is None:
        return None
    parameters = match.parameters
    asked = Paginator(match.passages, PAIRS_A_PAGE).get_page(page)
    start = (asked.number - 1) * PAIRS_A_PAGE
    pairs = pairs_of(match, start=start, at_most=PAIRS_A_PAGE)
    return Findings(
        of_work=percent(match.containment_query),
        of_document=percent(match.containment_found),
        longest_run=match.longest_run,
        page=asked,
        pairs=[_shortened(pair) for pair in pairs],
        pages=page_pairs(match)[:PAGES_SHOWN],
        ignored=[_span(match, each) for each in match.ignored[:IGNORED_SHOWN]],
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


def _shortened(pair: Pair) -> Pair:
    query, found = pair.query.shortened(SHOWN), pair.found.shortened(SHOWN)
    return replace(pair, query=query, found=found)


def _span(match: Match, ignored: dict[str, Any]) -> Span:
    is_work = "query" in ignored
    start, end = ignored["query" if is_work else "found"]
    side = match.query if is_work else match.found
    text = side.content[start : min(end, start + SNIPPET)]
    return Span(
        whose=_("作品") if is_work else _("文档"),
        text=f"{text}…" if end - start > SNIPPET else text,
        place=place_of(side, start).label,
        why=str(WHY.get(ignored["why"], ignored["why"])),
        source=ignored.get("source") or "",
    )


def _reader(text: Text) -> str:
    return text.extractor or text.media_type
