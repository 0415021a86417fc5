"""Forms with files, multipart/form-data (RFC 7578), read from the wire to the store.

Django's own reader writes a file to a temporary folder first, mends its name, drops a
part whose name is not UTF-8, and takes a body that broke off for a whole one. This one
keeps the name as it was sent and wants the body to its last byte. What divides the
parts is Django's.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import IO, Any, cast
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.http.multipartparser import (
    ChunkIter,
    InterBoundaryIter,
    LazyStream,
    MultiPartParserError,
)
from django.utils.datastructures import MultiValueDict

from evidence.reading import decoded_name
from evidence.staging import Staged, StagedUpload

LONGEST_HEAD = 16 << 10
"""Bytes of a part's headers: a name of 255 characters, each of them escaped."""
PIECE = 1 << 16
_PARAMETER = re.compile(
    rb";\s*(?P<name>[\w!#$&+.^`|~%'-]+\*?)\s*=\s*"
    rb'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<token>[^;\s"]*))',
    re.DOTALL,
)
_ESCAPED = re.compile(rb'\\(["\\])')
_EXTENDED = re.compile(rb"([\w.:-]*)'[\w-]*'(.*)", re.DOTALL)
_ENCODINGS = (b"", b"7bit", b"8bit", b"binary")
Files = MultiValueDict[str, UploadedFile[bytes]]
Store = Callable[[str, Iterable[bytes]], Staged]


class FormReader:
    """Reads one body, once.

    length: of the whole body; store: takes the bytes of a file of that name, and may
    refuse. Raises MultiPartParserError, and as Django does at its limits; nothing is
    left of any file then.
    """

    def __init__(
        self, body: IO[bytes], *, length: int, boundary: bytes, store: Store
    ) -> None:
        self._body, self._length, self._store = _Counted(body), length, store
        self._separator = b"--" + boundary
        self._post, self._files = QueryDict(mutable=True), Files()
        self._fields, self._count, self._held = 0, 0, 0

    def read(self, encoding: str) -> tuple[QueryDict, Files]:
        try:
            self._read(encoding)
        except BaseException:
            for _, files in self._files.lists():
                for file in files:
                    file.close()
            raise
        self._post._mutable = False
        return self._post, self._files

    def _read(self, encoding: str) -> None:
        stream = LazyStream(ChunkIter(cast(Any, self._body), PIECE))
        parts = iter(InterBoundaryIter(stream, self._separator))
        _skip(next(parts, ()))  # what stands before the first part
        for part in parts:
            lead = part.read(2)
            if lead == b"--":
                break
            if lead != b"\r\n":
                raise MultiPartParserError("A boundary within a part.")
            self._part(_head(part), part, encoding)
            _skip(part)
        else:
            raise MultiPartParserError("The body has no end.")
        _skip(stream)
        if self._body.count < self._length:
            raise MultiPartParserError("The body broke off.")

    def _part(self, head: dict[bytes, bytes], part: LazyStream, encoding: str) -> None:
        given = _parameters(head.get(b"content-disposition", b""))
        if b"name" not in given:
            return
        if head.get(b"content-transfer-encoding", b"").lower() not in _ENCODINGS:
            raise MultiPartParserError("Parts are taken as they are (RFC 7578, 4.7).")
        field = given[b"name"].decode(encoding, "replace")
        sent = _sent_name(given)
        if not sent:
            self._post.appendlist(field, self._field(field, part, encoding))
            return
        self._count += 1
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        if most is not None and self._count > most:
            raise TooManyFilesSent("Too many files.")
        name = decoded_name(sent)
        staged = self._store(name, part)
        kind = head.get(b"content-type", b"").decode("latin-1")
        upload = StagedUpload(staged, name=name, sent_name=sent, content_type=kind)
        self._files.appendlist(field, upload)

    def _field(self, field: str, part: LazyStream, encoding: str) -> str:
        self._fields += 1
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        if most is not None and self._fields > most:
            raise TooManyFieldsSent("Too many fields.")
        room = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if room is None:
            return part.read().decode(encoding, "replace")
        self._held += len(field) + 2
        value = part.read(max(0, room - self._held) + 1)
        self._held += len(value)
        if self._held > room:
            raise RequestDataTooBig("The fields are too long.")
        return value.decode(encoding, "replace")


def _head(part: LazyStream) -> dict[bytes, bytes]:
    """The headers of a part by their names, which are in small letters."""
    head = part.read(LONGEST_HEAD)
    end = 0 if head.startswith(b"\r\n") else head.find(b"\r\n\r\n") + 2
    if end == 1:
        raise MultiPartParserError("A part has no headers, or too many.")
    part.unget(head[end + 2 :])
    lines = (line.partition(b":") for line in head[:end].split(b"\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _parameters(disposition: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    if disposition.partition(b";")[0].strip().lower() != b"form-data":
        return found
    for each in _PARAMETER.finditer(disposition):
        quoted, token = each["quoted"], each["token"]
        value = token if quoted is None else _ESCAPED.sub(rb"\1", quoted)
        found.setdefault(each["name"].lower(), value)
    return found


def _sent_name(given: dict[bytes, bytes]) -> bytes:
    """The name of a file: `filename*` in UTF-8 where it can be read, else `filename`
    to the byte; "" when the part is a field."""
    extended = _EXTENDED.fullmatch(given.get(b"filename*", b""))
    if extended is not None:
        try:
            charset = extended[1].decode("ascii") or "utf-8"
            return unquote_to_bytes(extended[2]).decode(charset).encode("utf-8")
        except (LookupError, UnicodeError):
            pass
    return given.get(b"filename", b"")


def _skip(chunks: Iterable[bytes]) -> None:
    deque(chunks, maxlen=0)


class _Counted:
    """A body that knows how much of it was read."""

    def __init__(self, body: IO[bytes]) -> None:
        self._body, self.count = body, 0

    def read(self, size: int = -1, /) -> bytes:
        piece = self._body.read(size)
        self.count += len(piece)
        return piece
