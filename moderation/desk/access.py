"""Who may open the desk, and what a person there is handed.

Anonymous people sign in; everybody without a reading duty finds no page at all;
those who read but do not examine get a refusal when they try to act.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.errors import NotPermitted
from cases.models import Case, CaseItem, Submission
from cases.permissions.desk import EXAMINERS, may_keep_shelves, may_read_desk
from evidence.actors import ActorRequest
from moderation.desk.alarms import alarms
from moderation.desk.queue import counts
from moderation.desk.report_queue import counts as report_counts
from reports.models import Mailing

View = Callable[..., HttpResponseBase]


class DeskRequest(ActorRequest):
    """way_back: where a person goes who is told that the case has moved on."""

    way_back: str


def for_readers(view: View) -> View:
    """Let those read who have a duty that reads; to others there is no such page."""

    @login_required
    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_desk(request.actor):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_examiners(view: View) -> View:
    """Let those act who examine. Compliance reads the desk and is told 403."""

    @for_readers
    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.duty not in EXAMINERS:
            raise NotPermitted
        if "reference" in kwargs:
            request.way_back = reverse("desk_case", args=[kwargs["reference"]])
        return view(request, *args, **kwargs)

    return guarded


def for_compliance(view: View) -> View:
    """Let those act who keep the rules of the matcher. Other readers are told 403."""

    @for_readers
    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_keep_shelves(request.actor):
            raise NotPermitted
        return view(request, *args, **kwargs)

    return guarded


def desk_page(view: View) -> View:
    return require_safe(for_readers(view))


def desk_act(view: View) -> View:
    return require_POST(for_examiners(view))


def compliance_act(view: View) -> View:
    return require_POST(for_compliance(view))


def desk_steps(view: View) -> View:
    """Let those act who have a reading duty: compliance takes steps of its own (a
    legal hold), and the machine refuses the others."""

    @for_readers
    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.way_back = reverse("desk_case", args=[kwargs["reference"]])
        return view(request, *args, **kwargs)

    return require_POST(guarded)


def case_or_404(request: ActorRequest, reference: str) -> Case:
    """Return a filed case that this person may see. Drafts never reach the desk."""
    cases = Case.objects.visible_to(request.actor).filed().complaints()
    shown = cases.select_related(
        "claimant__details", "agent__details", "assignment__user"
    )
    return get_object_or_404(shown, reference=reference)


def item_or_404(case: Case, position: int) -> CaseItem:
    items = CaseItem.objects.select_related(
        "document__seller__party",
        "document__current",
        "work__party__details",
        "work__sample",
        "snapshot__version__text",
        "match__query",
        "match__found",
    )
    item = get_object_or_404(items, case=case, position=position)
    item.case = case
    return item


def show(request: ActorRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a desk page, with what its frame needs."""
    assert isinstance(request.user.pk, int)  # noqa: S101 -- the guards say so
    shared = {
        "desk_counts": counts(request.user.pk)
        | {"held": Submission.objects.held().count()}
        | report_counts()
        | {"mails": Mailing.objects.troubled().count()},
        "alarms": alarms(at=timezone.now()),
        "may_act": request.actor.duty in EXAMINERS,
        "may_keep": may_keep_shelves(request.actor),
    }
    return render(request, template, shared | context)
