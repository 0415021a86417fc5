"""The desk's clocks: what is wrong, what comes, the calendar, the subscription."""

import secrets
from datetime import datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cases import alarms
from cases.calendar_entries import enter, may_enter
from cases.chronicle import article_of, moment, why
from cases.clocks import CLOCKS
from cases.firing import coming
from cases.models import CalendarYear
from evidence import ledger
from evidence.actors import ActorRequest
from evidence.canonical import sha256
from evidence.ledger import SITE, Act
from moderation.access import actor_of
from moderation.desk.access import desk_page, for_readers, show
from moderation.desk.forms_calendar import ArrangementForm, years_shown
from moderation.desk.words import due_of
from moderation.feeds import calendar_of, deadlines_for
from moderation.models import CalendarFeed, User

AHEAD = timedelta(days=7)
SHOWN = 200
# No library knows make-up days of before.
YEARS = range(2001, 2100)


@desk_page
def desk_deadlines(request: ActorRequest) -> HttpResponse:
    return _deadlines(request, timezone.now())


def _deadlines(request: ActorRequest, at: datetime, feed: str = "") -> HttpResponse:
    context = {
        "found": alarms.alarms(at=at, limit=SHOWN),
        "count": alarms.alarm_count(at=at),
        "coming": [
            {
                "row": each.deadline,
                "clock": CLOCKS[each.deadline.clock].label,
                "ends": moment(each.deadline.due_at),
                "due": due_of(each.deadline, at),
                "why": why(each.deadline),
                "article": article_of(each.deadline),
                "refused": each.refused,
            }
            for each in coming(at=at, within=AHEAD)[:SHOWN]
        ],
        "feed": feed,
        "has_feed": CalendarFeed.objects.filter(user=request.user.pk).exists(),
    }
    return show(request, "desk/deadlines.html", context)


@require_POST
@for_readers
def desk_feed(request: ActorRequest) -> HttpResponse:
    """Give a new address, shown this once; the old one stops working."""
    at, token = timezone.now(), secrets.token_urlsafe(32)
    facts = {"token_sha256": sha256(token.encode()), "created_at": at}
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(user=_user(request), defaults=facts)
        act = Act(SITE, "feed.open", {"user": request.actor.user_id})
        ledger.append(act, by=request.actor, role=request.actor.duty, at=at)
    address = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
    return _deadlines(request, at, feed=address)


@require_POST
@for_readers
def desk_feed_close(request: ActorRequest) -> HttpResponse:
    at = timezone.now()
    with transaction.atomic():
        closed, _rows = CalendarFeed.objects.filter(user=_user(request)).delete()
        if closed:
            act = Act(SITE, "feed.close", {"user": request.actor.user_id})
            ledger.append(act, by=request.actor, role=request.actor.duty, at=at)
    messages.success(request, _("日历订阅已停止，原地址不再有效。"))
    return redirect("desk_deadlines")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The token is the login; who lost the duty finds nothing."""
    digest = sha256(token.encode())
    people = User.objects.filter(is_active=True).exclude(duty="")
    user = get_object_or_404(people, calendar_feed__token_sha256=digest)
    site = f"{request.scheme}://{request.get_host()}"
    body = calendar_of(deadlines_for(actor_of(user)), site=site, at=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    response["Cache-Control"] = "no-store"
    return response


@desk_page
def desk_calendar(request: ActorRequest) -> HttpResponse:
    years = years_shown(timezone.now())
    context = {"years": years, "may_enter": may_enter(request.actor)}
    return show(request, "desk/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def desk_calendar_year(request: ActorRequest, year: int) -> HttpResponse:
    if year not in YEARS:
        raise Http404
    row = CalendarYear.objects.filter(pk=year).first() or CalendarYear(year=year)
    if request.method == "POST":
        form = ArrangementForm(request.POST, year=row)
        if form.is_valid():
            moved = enter(
                form.arrangement(),
                by=request.actor,
                at=timezone.now(),
                expect_version=form.cleaned_data["version"],
            )
            words = ngettext(
                "已保存，%(count)d 个期限重新计算。",
                "已保存，%(count)d 个期限重新计算。",
                moved,
            )
            messages.success(request, words % {"count": moved})
            return redirect("desk_calendar")
    else:
        form = ArrangementForm(year=row)
    context = {"year": year, "form": form, "may_enter": may_enter(request.actor)}
    return show(request, "desk/calendar_year.html", context)


def _user(request: ActorRequest) -> User:
    return get_object_or_404(User, pk=request.user.pk)
