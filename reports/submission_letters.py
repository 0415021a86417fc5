"""Letters about submissions: what was decided, by whom or by which rule, and why.

The seller reads what kind of text theirs is like, never that text.
"""

from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.gate.policy import LIKENESSES
from cases.models import Submission, SubmissionNotice
from cases.notices import Kind
from cases.workflows.submission import Ground
from evidence.actors import Role
from reports.letters import Letter, contacts_of, sheet_of
from reports.pdf import in_chinese, pdf
from reports.redaction import Redaction

TEMPLATES = {
    "refuse_by_policy": "screening_refused",
    "refuse": "screening_refused",
    "release": "screening_released",
}


def submission_letter_of(notice: SubmissionNotice) -> Letter:
    """Render a notice for its seller, in Chinese."""
    with in_chinese():
        operator = notice.facts["operator"]
        name = TEMPLATES[notice.facts["act"]]
        return Letter(
            reference="",
            number=notice.number,
            title=str(Kind.SCREENING.label),
            sender=operator["name"] or operator["site_name"],
            body=SafeString(
                render_to_string(f"letters/{name}.html", _said(notice)).strip()
            ),
            on=date.fromisoformat(notice.facts["on"]),
        )


def submission_letter_pdf_of(notice: SubmissionNotice) -> bytes:
    """Print a letter, dated when it was written. Raises PrintingUnavailable."""
    letter = submission_letter_of(notice)
    with in_chinese():
        context = {"letter": letter, "sheet": sheet_of(letter), "at": notice.at}
        return pdf(render_to_string("letters/print.html", context), at=notice.at)


def _said(notice: SubmissionNotice) -> dict[str, Any]:
    row, act = notice.submission, notice.entry.submission_act
    found = row.findings.exclude(outcome="cleared").order_by("pk")
    codes = dict.fromkeys(found.values_list("likeness", flat=True))
    mask = row.seller.mask
    return {
        "addressee": _("卖家账号 %(mask)s") % {"mask": mask} if mask else _("上传人"),
        "submission": row,
        "blob": row.text.blob,
        "by_rule": act.step == "refuse_by_policy",
        "decider": Role(act.role).label,
        "reasoning": _redacted(row, act.reasoning),
        "ground": Ground(ground).label if (ground := notice.facts["ground"]) else "",
        "facts": [LIKENESSES[code].told for code in codes],
        "may_contest": not notice.facts["contested"],
        "contacts": contacts_of(notice.facts["operator"]),
    }


def _redacted(row: Submission, reasoning: str) -> str:
    """An examiner may have quoted the other side: the seller reads no names."""
    works = row.findings.filter(work__isnull=False).select_related(
        "work__party__details"
    )
    return Redaction([found.work.party for found in works if found.work])(reasoning)
