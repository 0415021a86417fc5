"""Who calls: a program with a token, never a browser with a session.

That is why these views, and no others, need no CSRF token.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from cases.errors import CaseError, CaseMovedOn, NotPermitted
from evidence import ledger
from evidence.actors import SYSTEM, Actor, ActorRequest, Role
from evidence.ledger import SITE, Act
from moderation.models import ApiToken

View = Callable[..., JsonResponse]
PREFIX = "anjian_"


class BadRequest(Exception):
    """The request cannot be understood; `code` says which part of it."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status


def issue_token(name: str, *, at: datetime) -> str:
    """Create a token and return it, this once: only its digest is kept."""
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name, digest=_digest(secret), created_at=at
        )
        act = Act(SITE, "api.token_issued", {"token": token.pk})
        ledger.append(act, by=SYSTEM, role=Role.SYSTEM, at=at)
    return secret


def revoke_tokens(name: str, *, at: datetime) -> int:
    """Let no token of this name in any more; return how many there were."""
    with transaction.atomic():
        rows = list(ApiToken.objects.filter(name=name, revoked_at__isnull=True))
        for token in rows:
            ApiToken.objects.filter(pk=token.pk).update(revoked_at=at)
            act = Act(SITE, "api.token_revoked", {"token": token.pk})
            ledger.append(act, by=SYSTEM, role=Role.SYSTEM, at=at)
    return len(rows)


def for_programs(view: View) -> View:
    """Let a program in by its token and answer refusals in JSON, each with a code."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        actor = _actor(request)
        if actor is None:
            answer = told("unauthorized", 401)
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        request.actor = actor
        try:
            return view(request, *args, **kwargs)
        except BadRequest as refusal:
            return told(refusal.code, refusal.status)
        except CaseMovedOn as refusal:
            return told("moved_on", 409, refusal)
        except NotPermitted as refusal:
            return told("not_permitted", 403, refusal)

    return guarded


def told(code: str, status: int, refusal: CaseError | None = None) -> JsonResponse:
    error = {"code": code, "message": str(refusal) if refusal else ""}
    return JsonResponse({"error": error}, status=status)


def _actor(request: HttpRequest) -> Actor | None:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    tokens = ApiToken.objects.filter(digest=_digest(secret.strip()))
    token = tokens.filter(revoked_at__isnull=True).first()
    if token is None:
        return None
    return Actor(user_id=None, duty=Role.MARKETPLACE, token=token.pk)


def _digest(secret: str) -> str:
    """A plain hash: what has 256 random bits cannot be found by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()
