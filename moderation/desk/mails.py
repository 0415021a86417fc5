"""The desk of letters by e-mail: which failed or came back, and what to do."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.errors import CaseMovedOn
from evidence.actors import ActorRequest
from moderation.desk.access import desk_act, desk_page, show
from reports.mailing import came_back, send_again
from reports.models import Mailing

A_PAGE = 50


@desk_page
def desk_mails(request: ActorRequest) -> HttpResponse:
    """What went wrong first; every other state on request."""
    state = request.GET.get("state", "")
    rows = Mailing.objects.select_related(
        "notice__case", "submission_notice__submission"
    )
    shown = rows.filter(status=state) if state in Mailing.Status else rows.troubled()
    page = Paginator(shown.order_by("-try_at", "-pk"), A_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "state": state,
        "states": Mailing.Status.choices,
        "is_on": settings.LETTERS_BY_EMAIL,
    }
    return show(request, "desk/mails.html", context)


@desk_act
def desk_mail(request: ActorRequest, mailing: UUID, act: str) -> HttpResponse:
    """Send it again, or note that it came back."""
    row = get_object_or_404(Mailing, public_id=mailing)
    at = timezone.now()
    match act:
        case "again":
            done = send_again(row, at=at)
        case "bounced":
            done = came_back(row, by=request.actor, at=at)
        case _:
            raise Http404
    if not done:
        raise CaseMovedOn
    messages.success(request, _("已记录。"))
    return redirect("desk_mails")
