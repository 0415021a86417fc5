"""Letters about submissions, for their sellers and for the desk."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from cases.models import SubmissionNotice
from evidence.actors import ActorRequest
from reports.letters import sheet_of
from reports.pdf import PrintingUnavailable, printing_problem
from reports.submission_letters import submission_letter_of, submission_letter_pdf_of
from reports.views import handed_out


@login_required
@require_safe
def letter(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, _notice(request, public_id))


@login_required
@require_POST
def letter_pdf(request: ActorRequest, public_id: UUID) -> HttpResponse:
    notice = _notice(request, public_id)
    try:
        printed = submission_letter_pdf_of(notice)
    except PrintingUnavailable:
        return _page(request, notice)
    return handed_out(printed, f"{notice.number}.pdf")


def _notice(request: ActorRequest, public_id: UUID) -> SubmissionNotice:
    rows = SubmissionNotice.objects.visible_to(request.actor).select_related(
        "submission__seller", "submission__text__blob", "entry__submission_act"
    )
    return get_object_or_404(rows, public_id=public_id)


def _page(request: ActorRequest, notice: SubmissionNotice) -> HttpResponse:
    written = submission_letter_of(notice)
    context = {
        "notice": notice,
        "letter": written,
        "sheet": sheet_of(written),
        "problem": printing_problem(),
        "pdf_url_name": "submission_letter_pdf",
    }
    return render(request, "letters/letter.html", context)
