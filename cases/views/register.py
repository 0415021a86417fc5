"""公示: what was decided on reports, with everything masked that names anybody."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import Case, Restriction, Ruling
from cases.reasons import GROUPS
from cases.workflows.report import ReportState

A_PAGE = 50
DECIDED = (ReportState.DECIDED, ReportState.UNDER_APPEAL, ReportState.CLOSED)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """电子商务法 36, 44: results are published. No title, no number, no name."""
    rulings = Prefetch("rulings", Ruling.objects.order_by("at", "pk"))
    cases = Case.objects.reports().filter(state__in=DECIDED, rulings__isnull=False)
    group = request.GET.get("group", "")
    if group in GROUPS:
        cases = cases.filter(rulings__basis__startswith=group)
    cases = cases.distinct().prefetch_related(rulings).order_by("-decided_at", "-pk")
    page = Paginator(cases, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(case) for case in page],
        "groups": GROUPS.values(),
        "group": group,
    }
    return render(request, "reporting/register.html", context)


def _row(case: Case) -> dict[str, object]:
    made = list(case.rulings.all())
    last = made[-1]
    labels = [Restriction.Level(level).label for level in last.measures.values()]
    return {
        "reference": case.reference,
        "decided_at": last.at,
        "basis": last.why,
        "outcome": last.get_outcome_display(),
        "measures": list(dict.fromkeys(labels)),
        "documents": len(last.measures),
        "is_appealed": len(made) > 1,
        "state": case.get_state_display(),
        "tone": case.state,
    }
