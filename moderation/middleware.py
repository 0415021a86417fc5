"""What every answer carries, and how a refused act is told."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from cases.errors import CaseMovedOn, NotPermitted, TooMany
from cases.views.followed import SHOWN
from evidence.actors import Actor, ActorRequest
from evidence.quarantine import Quarantined
from moderation.access import actor_of

Handler = Callable[[HttpRequest], HttpResponse]


def private_responses(get_response: Handler) -> Handler:
    """Keep pages of signed-in people out of every cache; refuse device access."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response

    return answer


def known_actor(get_response: Handler) -> Handler:
    """Give each request its actor, looked up when a view first asks for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = cast(ActorRequest, request)
        asked.actor = cast(Actor, SimpleLazyObject(lambda: _actor(request)))
        return get_response(request)

    return answer


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request.user, request.session.get(SHOWN, ()))


class told_errors:  # noqa: N801 -- stands in MIDDLEWARE beside a function
    """Turn the refusals of the one door and of quarantine into pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, CaseMovedOn):
            told = {"reason": exception, "back_url": getattr(request, "way_back", "")}
            return render(request, "409.html", told, status=409)
        if isinstance(exception, Quarantined):
            waits = {"waits": exception.waits}
            return render(request, "quarantined.html", waits, status=403)
        if isinstance(exception, NotPermitted):
            return render(request, "403.html", {"reason": exception}, status=403)
        if isinstance(exception, TooMany):
            told = {"retry_after": exception.seconds}
            response = render(request, "429.html", told, status=429)
            response["Retry-After"] = str(exception.seconds)
            return response
        return None
