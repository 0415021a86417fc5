"""From a page of HTML to a PDF that can be filed: one function, closed to the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

# What the stylesheets of reports/styles fall back on when the serif is missing.
FONT = "Noto Sans CJK SC"
STYLES = Path(__file__).parent / "styles"


class PrintingUnavailable(Exception):
    """This machine lacks Pango or the fonts; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF: the facts behind what it shows."""

    name: str
    content: bytes
    description: str


def pdf(html: str, *, at: datetime, attachments: Sequence[Attached] = ()) -> bytes:
    """Return the PDF/A of a page; same input, fonts and library give the same bytes.

    The page may link the stylesheets of reports/styles as `anjian:<name>` and can
    reach nothing else. Raises PrintingUnavailable.
    """
    _ensure_printing()
    from reports.typesetting import typeset

    carried = [(each.name, each.content, each.description) for each in attachments]
    return typeset(html, styles=_styles(), attachments=carried, at=at)


def printing_problem() -> str | None:
    """Return the sentence that stands where the PDF button would, or None."""
    try:
        _ensure_printing()
    except PrintingUnavailable as problem:
        return str(problem)
    return None


def in_chinese() -> translation.override:
    """The papers are Chinese, whatever language their reader has chosen."""
    return translation.override("zh-hans")


@cache
def _ensure_printing() -> None:
    """Raise PrintingUnavailable. Only success is remembered: what is missing may be
    installed while the site runs."""
    if not _can_print():
        raise PrintingUnavailable(
            _("缺少 PDF 组件（Pango 或 Noto CJK 字体），请运行 script/bootstrap。")
        )


def _can_print() -> bool:
    try:
        from reports.typesetting import has_font
    except OSError:
        # WeasyPrint opens its system libraries when it is imported.
        return False
    return has_font(FONT)


@cache
def _styles() -> dict[str, str]:
    return {
        f"anjian:{path.name}": path.read_text("utf-8")
        for path in sorted(STYLES.glob("*.css"))
    }
