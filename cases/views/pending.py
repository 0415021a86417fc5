"""The document that somebody set out to complain of before they could: kept in the
session through sign-in and registration."""

from django.http import HttpRequest

KEY = "complaint_document"


def keep_number(request: HttpRequest, number: str) -> None:
    request.session[KEY] = number[:40]


def pending_number(request: HttpRequest) -> str:
    return str(request.session.get(KEY, ""))


def forget_number(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
