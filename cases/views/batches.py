"""What was handed in together: how far each file of it is, and why one is not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cases.models import Submission
from cases.refusals import told
from evidence.actors import ActorRequest
from evidence.phases import Phase, Tally, phase_of

HTMX = "HX-Request"


@login_required
@require_safe
def batch(request: ActorRequest, reference: str) -> HttpResponse:
    """The page, or for as long as something is being worked on its part that htmx
    asks for again."""
    own = Submission.objects.sold_by(request.actor)
    one = get_object_or_404(own, reference=reference)
    together = own.filter(received_at=one.received_at, sender=one.sender)
    rows = together.select_related("text").defer("text__content").order_by("pk")
    files = [(row, phase_of(row.stage, row.text.state), _why(row)) for row in rows]
    context = {
        "reference": reference,
        "files": files,
        "tally": Tally((phase, 1) for _, phase, _ in files),
    }
    part = request.headers.get(HTMX) == "true"
    template = "submissions/_batch.html" if part else "submissions/batch.html"
    return render(request, template, context)


def _why(row: Submission) -> str:
    phase = phase_of(row.stage, row.text.state)
    if phase == Phase.FAILED:
        return str(told(row.error))
    if phase == Phase.REFUSED:
        return str(told(row.text.refusal))
    return str(told(row.text.error)) if row.text.error else ""
