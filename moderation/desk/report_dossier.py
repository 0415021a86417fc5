"""Everything that the page of a report case shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cases import priority
from cases.mending import Mending, mending_of
from cases.models import Appeal, Case, Report, ReportedDocument, Restriction
from cases.services import open_steps
from cases.workflows.rules import Rule
from evidence.actors import Actor
from evidence.comparison import percent, place_of
from evidence.models import Text
from moderation.desk.dossier import DeadlineRow, LetterRow, deadline_rows, letter_rows
from moderation.desk.report_forms import APPEAL_FORMS, STEP_FORMS, StepForm
from moderation.desk.timeline import timeline_of
from reports.models import CaseFile
from reports.redaction import masked_email, masked_name

# Reports on one page: the others are counted.
MOST_LISTED = 200
# Characters shown around a passage that somebody pointed at.
AROUND = 400


@dataclass(frozen=True, slots=True)
class Person:
    """Who reported, masked until somebody asks on the record."""

    known: str
    name: str
    email: str
    accuracy: priority.Accuracy | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    report: Report
    person: Person
    place: str
    excerpt: str
    lead: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    row: ReportedDocument
    level: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is open to this person, with the form that it asks for."""

    name: str
    rule: Rule
    form: StepForm
    asks: bool


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal, what comparing the mended file that came with it has shown, and the
    steps that are open."""

    appeal: Appeal
    mending: Mending | None
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class ReportDossier:
    factors: list[priority.Factor]
    reported: int
    reports: list[ReportRow]
    documents: list[DocumentRow]
    steps: list[Step]
    appeals: list[AppealRow]
    deadlines: list[DeadlineRow]
    letters: list[LetterRow]
    files: list[CaseFile]
    rulings: list[Any]
    timeline: list[Any]

    @property
    def points(self) -> int:
        return sum(factor.points for factor in self.factors)


def dossier_of(
    case: Case,
    actor: Actor,
    *,
    at: datetime,
    revealed: Report | None = None,
    filled: StepForm | None = None,
    step: str = "",
    appeal: Appeal | None = None,
) -> ReportDossier:
    reports = case.reports.select_related(
        *("details", "paper", "document", "user"),
        *("match__query", "match__found"),
    ).prefetch_related("attachments__blob")
    snapshots = case.reported_documents.select_related("snapshot__version__text")
    fixed = {row.document_id: row.snapshot.version.text for row in snapshots}
    return ReportDossier(
        factors=priority.factors_of(case, at=at),
        reported=reports.count(),
        reports=[
            _report(row, row == revealed, fixed.get(row.document_id))
            for row in reports[:MOST_LISTED]
        ],
        documents=_documents(case),
        steps=steps_of(case, actor, filled if appeal is None else None, step),
        appeals=[
            AppealRow(
                row,
                mending_of(row, at_desk=True),
                _appeal_steps(row, case, actor, filled, step, appeal),
            )
            for row in case.appeals.select_related(
                *("report", "seller", "blob", "ruling", "mended"),
                "document__current",
            )
        ],
        deadlines=deadline_rows(case, at),
        letters=letter_rows(case),
        files=list(CaseFile.objects.filter(case=case).order_by("-asked_at", "-pk")),
        rulings=list(case.rulings.order_by("-at", "-pk")),
        timeline=timeline_of(case, []),
    )


def steps_of(
    case: Case, actor: Actor, filled: StepForm | None = None, step: str = ""
) -> list[Step]:
    """Return what the machine opens to this person, in the order of the desk."""
    opened = dict(open_steps(case, actor))
    return [
        _step(name, opened[name], form, case, filled if name == step else None)
        for name, form in STEP_FORMS.items()
        if name in opened
    ]


def _appeal_steps(
    row: Appeal,
    case: Case,
    actor: Actor,
    filled: StepForm | None,
    step: str,
    shown: Appeal | None,
) -> list[Step]:
    row.case = case
    opened = dict(open_steps(row, actor))
    return [
        _step(
            name,
            opened[name],
            form,
            case,
            filled if row == shown and name == step else None,
        )
        for name, form in APPEAL_FORMS.items()
        if name in opened
    ]


def _step(
    name: str, rule: Rule, form: type[StepForm], case: Case, filled: StepForm | None
) -> Step:
    made = filled or form(case=case, auto_id=f"{name}_%s")
    return Step(name, rule, made, asks=bool(made.visible_fields()))


def _documents(case: Case) -> list[DocumentRow]:
    rows = case.reported_documents.select_related(
        "document__seller", "snapshot__version"
    ).prefetch_related("restrictions")
    return [
        DocumentRow(
            row,
            next(
                (
                    str(Restriction.Level(each.level).label)
                    for each in row.restrictions.all()
                    if each.lifted_at is None
                ),
                "",
            ),
        )
        for row in rows
    ]


def _report(report: Report, is_revealed: bool, text: Text | None) -> ReportRow:
    """text: as it was fixed when it was reported, whatever is on sale now."""
    return ReportRow(
        report,
        _person(report, is_revealed),
        _place(report),
        _excerpt(report, text) if text else "",
        _lead(report),
    )


def _person(report: Report, is_revealed: bool) -> Person:
    details = getattr(report, "details", None)
    name, email = (details.name, details.email) if details else ("", "")
    if not is_revealed:
        name, email = masked_name(name), masked_email(email)
    known = str(report.get_checked_display())
    if report.source != Report.Source.PERSON:
        known = str(report.get_source_display())
    past = priority.accuracy_of(report.user_id) if report.user_id else None
    return Person(known, name, email, past)


def _place(report: Report) -> str:
    if report.segment:
        return _("预览第 %(segment)d 段") % {"segment": report.segment}
    return _("第 %(page)d 页") % {"page": report.page} if report.page else ""


def _excerpt(report: Report, text: Text) -> str:
    """Return the words of the document that the report points at."""
    content = text.content
    if report.quote and (found := content.find(report.quote)) >= 0:
        return content[max(0, found - 40) : found + len(report.quote) + 40]
    if report.quote:
        return report.quote
    starts = text.segment_starts or text.page_starts or [0]
    wanted = report.segment or report.page
    if wanted and wanted <= len(starts):
        begin = starts[wanted - 1]
        return content[begin : begin + AROUND]
    return ""


def _lead(report: Report) -> str:
    match = report.match
    if match is None:
        return ""
    share = percent(max(match.containment_query, match.containment_found))
    passages = match.passages
    where = place_of(match.query, passages[0]["query"][0]) if passages else None
    words = _("比对线索：相同 %(share)d%%，最长 %(run)d 字") % {
        "share": share,
        "run": match.longest_run,
    }
    return f"{words}（{where.label}）" if where else words
