"""Filing a report, and gathering all that is said of one document in one case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases import interim, priority, receipts
from cases.errors import (
    AlreadyReceived,
    AlreadyReported,
    CaseMovedOn,
    NothingToReport,
    NotPermitted,
)
from cases.filing import next_reference
from cases.limits import digest_of
from cases.models import (
    Case,
    Report,
    ReportAttachment,
    ReportCase,
    ReportedDocument,
    ReporterDetails,
    ReportFold,
)
from cases.permissions.desk import is_senior, role_in
from cases.reasons import priority_of
from cases.registration import Upload
from cases.services import advance
from cases.workflows.report import OPEN, ReportState
from evidence import ledger, store
from evidence.actors import ANONYMOUS, SYSTEM, Actor
from evidence.canonical import new_salt, salted
from evidence.intake import receive
from evidence.ledger import Act
from evidence.models import Document, Match
from evidence.snapshots import take_snapshots

MAX_FILES = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What a reporter says. segment, page and quote: where in the document."""

    reason: str
    minors: bool = False
    statement: str = ""
    segment: int | None = None
    page: int | None = None
    quote: str = ""
    name: str = ""
    email: str = ""
    files: Sequence[Upload] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """How a report came in. address: as limits.address_of gives it, kept as digest."""

    checked: str
    source: str = Report.Source.PERSON
    address: str = ""
    form_id: UUID | None = None
    match: Match | None = None
    named: bool = True

    @property
    def is_unnamed(self) -> bool:
        """Who enters an authority's paper reports nothing, and stands by the entry."""
        return self.source == Report.Source.PERSON and not self.named


@dataclass(frozen=True, slots=True)
class Receipt:
    """code: shown once, to whoever filed; "" for the system's own."""

    report: Report
    code: str = field(repr=False)


def file_report(
    document: Document, said: Said, origin: Origin, *, by: Actor, at: datetime
) -> Receipt:
    """Receive a report: into the open case of its document, or as the first of one.

    Everything stands or falls together: when this returns the report is stored, the
    document is frozen and, for a P0, the alarm runs. Who does not want it on their
    account is nobody to the ledger too. Raises AlreadyReported, AlreadyReceived,
    NothingToReport, UploadTooLarge.
    """
    filer = ANONYMOUS if origin.is_unnamed else by
    with transaction.atomic():
        held = _locked(document)
        _refuse_twice(held, said, origin, by)
        case, is_new = _case_for(held, at)
        code = receipts.new_code() if origin.source == Report.Source.PERSON else ""
        report = _write(case, held, said, origin, code, by, at)
        urgency = priority_of(said.reason, minors=said.minors)
        if is_new:
            advance(
                case,
                "submit",
                by=filer,
                at=at,
                reference=next_reference("JB", at),
                reason=said.reason,
                priority=int(urgency),
            )
            case = _fresh(case)
        _freeze(case, held, filer, at)
        _note(case, report, filer, at)
        if not is_new:
            case = _join(case, said.reason, urgency, at)
        priority.weigh(case)
        interim.restrict_by_policy(case, report, at=at)
    return Receipt(Report.objects.get(pk=report.pk), code)


def withdraw(report: Report, *, by: Actor, at: datetime) -> None:
    """Take a report back. The case ends with the last one, unless it is urgent."""
    with transaction.atomic():
        case = _open_case(report)
        if not Report.objects.by(by).filter(pk=report.pk).exists():
            raise NotPermitted
        standing = case.reports.standing()
        if not standing.filter(pk=report.pk).exists():
            raise CaseMovedOn
        others = standing.exclude(pk=report.pk).exists()
        if not others:
            advance(case, "withdraw", by=by, at=at, report=report.pk)
        Report.objects.filter(pk=report.pk).update(withdrawn_at=at)
        if others:
            payload = {"case": case.pk, "report": report.pk}
            act = Act(case.stream, "case.report_withdrawn", payload)
            ledger.append(act, by=by, role=role_in(case, by), at=at)
            priority.weigh(case)


def split(case: Case, reports: Sequence[Report], *, by: Actor, at: datetime) -> Case:
    """Take reports out of a case into one of their own: undo of the folding.

    Their documents are not folded by likeness any more. Raises NotPermitted for who
    is no senior, CaseMovedOn when the case is not open or would be left empty.
    """
    with transaction.atomic():
        row = Case.objects.select_for_update().get(pk=case.pk)
        if not is_senior(row, by):
            raise NotPermitted
        ids = [report.pk for report in reports]
        chosen = list(row.reports.filter(pk__in=ids).select_related("document"))
        if row.state not in OPEN or not chosen or row.reports.count() <= len(chosen):
            raise CaseMovedOn
        worst = min(chosen, key=priority.urgency_of)
        apart = _new_case(at)
        mine = row.reports.filter(pk__in=[each.pk for each in chosen])
        # Who takes the folding of cases apart later leaves these where they are.
        mine.update(case=apart, folded_from=None)
        advance(
            apart,
            "submit",
            by=by,
            at=at,
            reference=next_reference("JB", at),
            reason=worst.reason,
            priority=priority.urgency_of(worst),
            received_at=min(each.filed_at for each in chosen),
        )
        apart = _fresh(apart)
        for document in {each.document for each in chosen}:
            _freeze(apart, _locked(document), by, at)
            ReportFold.objects.update_or_create(
                key=f"document:{document.pk}", defaults={"case": apart}
            )
        payload = {"case": row.pk, "into": apart.pk, "reports": sorted(ids)}
        act = Act(row.stream, "case.split", payload)
        ledger.append(act, by=by, role=role_in(row, by), at=at)
        priority.weigh(row)
        priority.weigh(apart)
    return apart


def _locked(document: Document) -> Document:
    """Lock the document: who reports it meanwhile waits and then joins."""
    Document.objects.select_for_update().get(pk=document.pk)
    held = Document.objects.select_related("seller", "current__text__blob")
    row = held.defer("current__text__content").get(pk=document.pk)
    if row.current is None:
        row.current = row.versions.order_by("-ordinal").first()
    if row.current is None:
        raise NothingToReport
    return row


def _refuse_twice(document: Document, said: Said, origin: Origin, by: Actor) -> None:
    if origin.form_id:
        received = Report.objects.filter(form_id=origin.form_id).first()
        if received:
            raise AlreadyReceived(received.number)
    if by.user_id is None or not origin.named:
        return
    mine = Report.objects.standing().filter(
        user=by.user_id,
        document=document,
        reason__startswith=said.reason[0],
        case__state__in=OPEN,
    )
    if held := mine.first():
        raise AlreadyReported(held.number)


def _case_for(document: Document, at: datetime) -> tuple[Case, bool]:
    """Return the open case that a report of this document joins, or a new one."""
    key = fold_key(document)
    ReportFold.objects.bulk_create([ReportFold(key=key)], ignore_conflicts=True)
    fold = ReportFold.objects.select_for_update().get(pk=key)
    ids = [fold.case_id] if fold.case_id else []
    own = ReportedDocument.objects.filter(document=document, case__state__in=OPEN)
    ids += own.order_by("case").values_list("case", flat=True)
    for pk in ids:
        row = Case.objects.select_for_update().get(pk=pk)
        if row.state in OPEN:
            return row, False
    case = _new_case(at)
    ReportFold.objects.filter(pk=key).update(case=case)
    return case, True


def fold_key(document: Document) -> str:
    """Return under which key reports of a document gather: that of the text which
    stands for all its near-identical uploads, unless a senior took it apart."""
    apart = f"document:{document.pk}"
    text = document.current.text_id if document.current else None
    if text is None or ReportFold.objects.filter(pk=apart).exists():
        return apart
    return f"text:{store.representatives([text]).get(text) or text}"


def _new_case(at: datetime) -> Case:
    case: Case = ReportCase.objects.create(kind=Case.Kind.REPORT, opened_at=at)
    return case


def _fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def _write(
    case: Case,
    document: Document,
    said: Said,
    origin: Origin,
    code: str,
    by: Actor,
    at: datetime,
) -> Report:
    report = Report.objects.create(
        number=next_reference("HZ", at),
        case=case,
        document=document,
        source=origin.source,
        reason=said.reason,
        minors=said.minors,
        segment=said.segment,
        page=said.page,
        quote=said.quote,
        statement=said.statement,
        user_id=by.user_id if origin.named else None,
        checked=origin.checked,
        code_digest=receipts.digest_of(code) if code else "",
        salt=new_salt(),
        form_id=origin.form_id,
        address_digest=digest_of(origin.address) if origin.address else "",
        match=origin.match,
        filed_at=at,
    )
    if said.name or said.email:
        ReporterDetails.objects.create(report=report, name=said.name, email=said.email)
    for upload in said.files:
        ReportAttachment.objects.create(
            report=report,
            # The day's count would give an unnamed reporter away.
            blob=receive(
                upload.content,
                name=upload.name,
                at=at,
                by=by if origin.named else ANONYMOUS,
            ),
            original_name=upload.name,
        )
    return report


def _freeze(case: Case, document: Document, by: Actor, at: datetime) -> None:
    """I4: the listing as it was when the first report of it came in."""
    if case.reported_documents.filter(document=document).exists():
        return
    [snapshot] = take_snapshots([(document, case.stream)], by=by, at=at)
    ReportedDocument.objects.create(case=case, document=document, snapshot=snapshot)


def _note(case: Case, report: Report, by: Actor, at: datetime) -> None:
    """The receipt in the ledger: codes, digests of files, a sealed statement."""
    files = report.attachments.values_list("blob__sha256", flat=True).order_by("pk")
    payload: dict[str, Any] = {
        "case": case.pk,
        "report": report.pk,
        "document": report.document.number,
        "reason": report.reason,
        "minors": report.minors,
        "checked": report.checked,
        "statement": salted(report.statement, report.salt),
        "files": list(files),
    }
    act = Act(case.stream, "case.reported", payload)
    ledger.append(act, by=by, role=role_in(case, by), at=at)


def _join(case: Case, reason: str, urgency: int, at: datetime) -> Case:
    """A more urgent reason lifts the case; the earlier of the two clocks stays. Who
    joins was asked nothing and may know what was asked, so nobody waits any longer."""
    if case.priority is not None and urgency < case.priority:
        told: dict[str, Any] = {"reason": reason, "priority": int(urgency)}
        advance(case, "reclassify", by=SYSTEM, at=at, **told)
        case = _fresh(case)
    if case.state == ReportState.NEED_INFO:
        advance(case, "go_on", by=SYSTEM, at=at)
        case = _fresh(case)
    return case


def _open_case(report: Report) -> Case:
    held = Report.objects.values("case").filter(pk=report.pk)
    case = Case.objects.select_for_update().get(pk__in=held)
    if case.state not in OPEN:
        raise CaseMovedOn
    return case
