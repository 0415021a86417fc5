"""Letters for those they are addressed to; case files for those who answer for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from cases.announcing import announcements
from cases.models import Case, Notice
from cases.permissions.desk import may_report
from evidence.actors import Actor, ActorRequest
from reports.kinds import case_file as case_files
from reports.letters import letter_of, letter_pdf_of, sheet_of
from reports.models import CaseFile
from reports.pdf import PrintingUnavailable, printing_problem
from reports.tasks import render_case_file
from reports.told import moved_term
from reports.wording import FAILURES

A_PAGE = 50
View = Callable[..., HttpResponse]


def for_recipients(view: View) -> View:
    """Let in who is signed in, and who has shown a query code in this browser."""

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.user_id is None and not request.actor.reports:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def announcement_list(request: HttpRequest) -> HttpResponse:
    """公告 that stand: numbers and dates; what each says is on a page of its own."""
    page = Paginator(announcements(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "announcements/list.html", {"page": page})


@require_safe
def announcement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What would have been forwarded, masked as it would have been; for anybody."""
    notice = get_object_or_404(announcements(), public_id=public_id)
    context = {"letter": letter_of(notice), "sheet": sheet_of(letter_of(notice))}
    return render(request, "announcements/announcement.html", context)


@for_recipients
@require_safe
def letter(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _letter_page(request, _notice(request.actor, public_id))


@for_recipients
@require_POST
def letter_pdf(request: ActorRequest, public_id: UUID) -> HttpResponse:
    notice = _notice(request.actor, public_id)
    try:
        printed = letter_pdf_of(notice)
    except PrintingUnavailable:
        return _letter_page(request, notice)
    return handed_out(printed, f"{notice.number}.pdf")


@login_required
@require_POST
def case_file_new(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for a case file of the edition posted; the full one unless said."""
    cases = Case.objects.visible_to(request.actor).filed()
    case = _reportable(get_object_or_404(cases, reference=reference), request.actor)
    edition = request.POST.get("edition", CaseFile.Edition.FULL)
    if edition not in CaseFile.Edition.values:
        raise Http404
    row = case_files.ask(case, edition, by=request.actor, at=timezone.now())
    render_case_file.enqueue(row.pk)
    return redirect("case_file", row.public_id)


@login_required
@require_safe
def case_file(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Show how far a case file is; htmx asks for the moving part alone."""
    row = _case_file(request.actor, public_id)
    context = {
        "row": row,
        "case": row.case,
        "failure": FAILURES.get(row.error, row.error),
        "problem": printing_problem(),
    }
    moving = "HX-Request" in request.headers
    page = "reports/_case_file.html" if moving else "reports/case_file_page.html"
    return render(request, page, context)


@login_required
@require_POST
def case_file_download(request: ActorRequest, public_id: UUID) -> HttpResponse:
    row = _case_file(request.actor, public_id)
    if row.blob is None:
        raise Http404
    content = case_files.download(row, by=request.actor, at=timezone.now())
    return handed_out(content, row.file_name)


def _notice(actor: Actor, public_id: UUID) -> Notice:
    notices = Notice.objects.visible_to(actor).select_related(
        "case__claimant", "case__agent", "party", "seller", "report", "entry"
    )
    return get_object_or_404(notices, public_id=public_id)


def _letter_page(request: ActorRequest, notice: Notice) -> HttpResponse:
    written = letter_of(notice)
    context = {
        "notice": notice,
        "letter": written,
        "sheet": sheet_of(written),
        "moved": moved_term(notice),
        "problem": printing_problem(),
    }
    return render(request, "letters/letter.html", context)


def _reportable(case: Case, actor: Actor) -> Case:
    if not may_report(case, actor):
        raise Http404
    return case


def _case_file(actor: Actor, public_id: UUID) -> CaseFile:
    rows = CaseFile.objects.filter(case__in=Case.objects.visible_to(actor))
    row = get_object_or_404(rows.select_related("case", "blob"), public_id=public_id)
    _reportable(row.case, actor)
    return row


def handed_out(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF to keep: never shown inside the site, never run by it."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )
