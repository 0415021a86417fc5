"""The access matrix: codes, foreign canaries and security headers on every answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLResolver, get_resolver, path
from pytest_django import DjangoDbBlocker

from cases.models import Notice
from evidence.ledger import LedgerEntry
from evidence.models import Document
from tests.access import ACCESS
from tests.cast import (
    DRAFTED,
    PERSONAL,
    REPORTER,
    ROLES,
    UPLOADER_NAME,
    WORK,
    Cast,
    make_cast,
    session_of,
)
from tests.sizes import SIZE

# Whom nothing of claimant A's may reach, and what of A the uploader may not see.
STRANGERS = ("anonymous", "reporter", "claimant_b", "other_uploader")
FOREIGN_TO_REPORTS = ("anonymous", *STRANGERS[2:], "claimant_a", "uploader")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def url_names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from url_names(pattern)
        else:
            assert pattern.name, f"{pattern} has no name"
            yield pattern.name


@pytest.fixture(scope="module")
def standing_cast(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Cast]:
    """One cast for the whole matrix, whose requests are all taken back: bringing it
    to where it stands takes longer than asking one URL for every role."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield signed_in(make_cast())
        transaction.set_rollback(True)


@pytest.fixture
def cast(standing_cast: Cast, db: None) -> Cast:
    """The standing cast for one test, which may write and change the arguments."""
    return replace(standing_cast, arguments=dict(standing_cast.arguments))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the request writes is taken back."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def signed_in(cast: Cast) -> Cast:
    """Once for all requests: signing in costs as much as most of them."""
    users = {role: user for role, user in cast.users.items() if user}
    cast.sessions = {role: session_of(user) for role, user in users.items()}
    return cast


def ask(cast: Cast, role: str, name: str, method: str) -> HttpResponseBase:
    client = Client(raise_request_exception=False)
    if session := cast.sessions.get(role):
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    body: dict[str, Any] = cast.bodies.get(name, {}) if method == "POST" else {}
    return client.generic(method, *_request(cast.address(name), body))


def _request(address: str, body: dict[str, Any]) -> tuple[str, bytes, str]:
    form = urlencode(body, doseq=True).encode()
    return address, form, "application/x-www-form-urlencoded"


def content_of(response: HttpResponseBase) -> str:
    if response.streaming:
        return b"".join(response).decode(errors="replace")  # type: ignore[call-overload]
    assert isinstance(response, HttpResponse)
    return response.content.decode(errors="replace")


def asked_here() -> list[str]:
    """The URLs that this run asks. Who gets what is decided by the same lines on both
    databases, so that everyday each of them asks every second URL."""
    is_postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    names = sorted(ACCESS)
    return names if SIZE.whole_matrix else names[is_postgresql::2]


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert set(url_names(get_resolver())) == set(ACCESS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", asked_here())
def test_each_role_gets_its_answer_and_nothing_foreign(
    name: str, standing_cast: Cast
) -> None:
    cast = standing_cast
    for method, row in zip(("GET", "POST"), ACCESS[name], strict=True):
        codes = row.split() * (1 if " " in row else len(ROLES))
        for role, code in zip(ROLES, codes, strict=True):
            with undone():
                entries = LedgerEntry.objects.count()
                response = ask(cast, role, name, method)
                content = content_of(response)
                where = f"{method} {name} as {role}"
                assert response.status_code == int(code), where
                _has_headers(response, where)
                _has_nothing_foreign(content, role, where)
                if method == "GET":
                    assert LedgerEntry.objects.count() == entries, f"{where} wrote"
    # allauth's forms take PUT for POST; nothing of ours does.
    for method in () if name.startswith("account_") else ("PUT", "PATCH", "DELETE"):
        with undone():
            response = ask(cast, "moderator", name, method)
            assert response.status_code >= 300, f"{method} {name}"


def _has_headers(response: HttpResponseBase, where: str) -> None:
    for header, value in HEADERS.items():
        assert response.headers.get(header) == value, f"{header} of {where}"
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy, where
    assert "default-src" in policy or "sandbox" in policy, where


def _has_nothing_foreign(content: str, role: str, where: str) -> None:
    if role in FOREIGN_TO_REPORTS:
        for canary in REPORTER:
            assert canary not in content, f"{canary} in {where}"
    if role in STRANGERS:
        for canary in (*PERSONAL, WORK, DRAFTED, UPLOADER_NAME):
            assert canary not in content, f"{canary} in {where}"
    if role == "uploader":
        for canary in (*PERSONAL, WORK, DRAFTED):
            assert canary not in content, f"{canary} in {where}"
    if role == "claimant_a":
        assert UPLOADER_NAME not in content, where


def test_each_letter_reaches_its_own_reader_alone(cast: Cast) -> None:
    forwarding = Notice.objects.get(kind="forwarding", seller__party__isnull=False)
    cast.arguments["letter"] = [forwarding.public_id]
    for role in ROLES:
        reads = role in ("uploader", "moderator", "senior", "legal", "compliance")
        response = ask(cast, role, "letter", "GET")
        expected = 200 if reads else 302 if role == "anonymous" else 404
        assert response.status_code == expected, role
        if role == "uploader":
            for canary in PERSONAL:
                assert canary not in content_of(response)


def test_a_document_that_is_down_answers_410_to_everyone(cast: Cast) -> None:
    down = Document.objects.filter(restrictions__item__isnull=False).earliest("pk")
    cast.arguments["document"] = [down.number]
    for role in ROLES:
        response = ask(cast, role, "document", "GET")
        assert response.status_code == 410, role
        assert "noindex" in response.headers["X-Robots-Tag"]
        _has_headers(response, f"410 as {role}")


def test_pages_of_signed_in_people_are_kept_by_no_cache(cast: Cast) -> None:
    for role in ROLES[1:]:
        response = ask(cast, role, "home", "GET")
        assert "no-store" in response.headers["Cache-Control"], role


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("broken/", broken)]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "code"), [("/broken/", 500), ("/nowhere/", 404)])
def test_error_pages_carry_the_headers_too(
    address: str, code: int, settings: Any
) -> None:
    settings.ROOT_URLCONF = "tests.test_access"
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == code
    _has_headers(response, address)
