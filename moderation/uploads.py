"""Uploads stop at their limits while they arrive, and a refused one is a page."""

import errno
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from evidence.actors import ActorRequest
from evidence.allowances import AllowanceSpent, Room
from evidence.staging import Staged, UploadTooLarge, largest, staged_copy
from moderation.multipart import Files, FormReader

Handler = Callable[[HttpRequest], HttpResponse]
_FULL = {errno.ENOSPC, errno.EDQUOT}
# What programs are told in place of the page.
_CODES = {413: "upload_too_large", 429: "allowance_spent", 507: "storage_full"}
_POSTGRES_DISK_FULL = "53100"


class StagingUpload(FileUploadHandler):
    """Brings files from the wire straight into the store's own folder."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 -- Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, Files]:
        room = Room(cast(ActorRequest, self.request).actor, at=timezone.now())

        def store(name: str, chunks: Iterable[bytes]) -> Staged:
            room.take(files=1)
            return staged_copy(_counted(chunks, room), limit=largest(name))

        reader = FormReader(
            input_data,
            length=content_length,
            boundary=cast(bytes, boundary),
            store=store,
        )
        return reader.read(encoding or settings.DEFAULT_CHARSET)


def _counted(chunks: Iterable[bytes], room: Room) -> Iterator[bytes]:
    for chunk in chunks:
        room.take(size_bytes=len(chunk))
        yield chunk


class bounded_uploads:  # noqa: N801 -- stands in MIDDLEWARE beside functions
    """Read uploads here, where a refusal can still become a page.

    The check against forged requests would read them a moment later, and whatever
    is raised there ends as an error of the server.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            if request.content_type == "multipart/form-data":
                _read(request)
        except UnreadablePostError as error:
            # Whoever sent it is gone, or this machine could not keep it.
            return refusal_of(request, error) or HttpResponse(status=400)
        except (UploadTooLarge, AllowanceSpent, OSError) as error:
            answer = refusal_of(request, error)
            if answer is None:
                raise
            return answer
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        return refusal_of(request, exception)


def refusal_of(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Return the page that tells what was wrong with an upload and what to do."""
    if isinstance(error, UploadTooLarge):
        return _page(request, 413, limit=filesizeformat(error.limit))
    if isinstance(error, AllowanceSpent):
        response = _page(request, 429, allowance_spent=True)
        response["Retry-After"] = str(error.retry_after)
        return response
    if _is_full(error):
        return _page(request, 507)
    return None


def _read(request: HttpRequest) -> None:
    """Take the body in. Raises UploadTooLarge before the first byte when it says
    itself that it is too large."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.UPLOAD_REQUEST_BYTES:
        raise UploadTooLarge(settings.UPLOAD_REQUEST_BYTES)
    request.POST  # noqa: B018 -- naming it reads it


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": _CODES[status]}}, status=status)
    return render(request, f"{status}.html", context, status=status)


def _is_full(error: BaseException | None) -> bool:
    """Whether the disk of the files or of the database is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if isinstance(error, OperationalError) and "disk is full" in str(error):
            return True
        if getattr(error, "sqlstate", "") == _POSTGRES_DISK_FULL:
            return True
        error = error.__cause__
    return False
