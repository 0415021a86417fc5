"""Where a person lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cases.permissions.desk import may_read_desk
from evidence.models import SellerAccount
from moderation.access import actor_of
from moderation.models import User


@login_required
@require_safe
def after_login(request: HttpRequest) -> HttpResponse:
    """Examiners to the queue, sellers to their letters, everyone else to their
    rights."""
    assert isinstance(request.user, User)  # noqa: S101 -- login_required says so
    actor = actor_of(request.user)
    if may_read_desk(actor):
        return redirect("desk_queue")
    if SellerAccount.objects.filter(party__in=actor.parties).exists():
        return redirect("seller_home")
    return redirect("rights_home")
