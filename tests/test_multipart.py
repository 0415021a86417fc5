"""Forms with files are read to their last byte, names and all, or not at all."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.exceptions import TooManyFilesSent as TooManyFiles
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from evidence.models import SentName
from evidence.reading import decoded_name, spelled_out
from evidence.staging import Staged, StagedUpload, staged_copy
from moderation.multipart import FormReader
from tests.factories import make_document, make_user
from tests.reporting.test_pages import form as report_form
from tests.rights.people import signed_in

BOUNDARY = b"----teststring-1"
TYPE = f"multipart/form-data; boundary={BOUNDARY.decode()}"


OPEN: list[StagedUpload] = []


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """As at the end of a request, what was read is closed at the end of a test."""
    settings.MEDIA_ROOT = tmp_path
    yield tmp_path
    while OPEN:
        OPEN.pop().close()


def part(content: bytes, *head: bytes, line: bytes = b"") -> bytes:
    head = head or (b"Content-Disposition: form-data; " + line,)
    return b"--%s\r\n%s\r\n\r\n%s\r\n" % (BOUNDARY, b"\r\n".join(head), content)


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--%s--\r\n" % BOUNDARY


def store(name: str, chunks: Iterable[bytes]) -> Staged:
    return staged_copy(chunks, limit=1 << 20)


def read(content: bytes, length: int = 0) -> tuple[Any, Any]:
    reader = FormReader(
        BytesIO(content),
        length=length or len(content),
        boundary=BOUNDARY,
        store=store,
    )
    post, files = reader.read("utf-8")
    OPEN.extend(each for _, several in files.lists() for each in several)
    return post, files


def named(*parameters: bytes) -> StagedUpload:
    """The file of a part with these parameters of Content-Disposition."""
    line = b"; ".join((b'name="file"', *parameters))
    _post, files = read(body(part(b"words", line=line)))
    upload: StagedUpload = files["file"]
    return upload


def left(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_fields_and_files_come_in_their_order() -> None:
    post, files = read(
        b"preamble\r\n"
        + body(
            part(b"one", line=b'name="a"'),
            part(b"\r\n--no boundary\r\n", line=b'name=f; filename="x.txt"'),
            part("二".encode(), line=b'NAME="a"'),
            part(b"", line=b'name="f"; filename="y.txt"'),
            part(b"", line=b'name="g"; filename=""'),
        )
        + b"epilogue"
    )
    assert post.getlist("a") == ["one", "二"]
    assert post["g"] == ""
    first, second = files.getlist("f")
    assert (first.read(), first.size) == (b"\r\n--no boundary\r\n", 17)
    assert (second.name, second.size) == ("y.txt", 0)


@given(
    st.lists(
        st.tuples(
            st.text("abc", min_size=1, max_size=3),
            st.binary(max_size=300) | st.sampled_from([b"\r\n--", b"x" * 70_000]),
        ),
        max_size=5,
    )
)
def test_what_django_reads_we_read_as_well(parts: list[tuple[str, bytes]]) -> None:
    sent = body(
        *(
            part(content, line=f'name="{name}"; filename="{name}.txt"'.encode())
            for name, content in parts
        )
    )
    meta = {"CONTENT_TYPE": TYPE, "CONTENT_LENGTH": str(len(sent))}
    handler = MemoryFileUploadHandler()
    expected = MultiPartParser(meta, BytesIO(sent), [handler]).parse()[1]
    _post, files = read(sent)
    assert list(files) == list(expected)
    for name in expected:
        theirs = [(each.name, each.read()) for each in expected.getlist(name)]
        assert [(each.name, each.read()) for each in files.getlist(name)] == theirs


def test_a_body_that_breaks_off_anywhere_leaves_nothing(media: Path) -> None:
    content = body(
        part(b"words" * 20, line=b'name="f"; filename="a.txt"'),
        part(b"title", line=b'name="title"'),
    )
    for end in range(len(content)):
        with pytest.raises(MultiPartParserError):
            read(content[:end], length=len(content))
        assert not left(media)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"--" + BOUNDARY,
        b"--" + BOUNDARY + b"longer\r\n\r\n",
        part(b"x", line=b'name="f"; filename="a"'),  # no end
        body(part(b"x", b"X: " + b"y" * 20_000)),
        body(part(b"eA==", b'Content-Disposition: form-data; name="f"; filename="a"',
                  b"Content-Transfer-Encoding: base64")),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(content: bytes, media: Path) -> None:
    with pytest.raises(MultiPartParserError):
        read(content, length=len(content) + 1)
    assert not left(media)


@pytest.mark.parametrize(
    ("limit", "value", "refused", "line"),
    [
        ("DATA_UPLOAD_MAX_NUMBER_FILES", 2, TooManyFiles, b'name="f"; filename="a"'),
        ("DATA_UPLOAD_MAX_NUMBER_FIELDS", 2, TooManyFieldsSent, b'name="f"'),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", 20, RequestDataTooBig, b'name="f"'),
    ],
)
def test_limits_hold_and_leave_nothing(
    limit: str,
    value: int,
    refused: type[Exception],
    line: bytes,
    media: Path,
    settings: Settings,
) -> None:
    setattr(settings, limit, value)
    with pytest.raises(refused):
        read(body(*[part(b"0123456789", line=line)] * 3))
    assert not left(media)
    setattr(settings, limit, None)
    assert any(read(body(*[part(b"0123456789", line=line)] * 3)))


HOSTILE = [
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\a\\方案.docx", "方案.docx"),
    ("方案\u202excod.exe", "方案xcod.exe"),
    ("a\x00b.txt", "ab.txt"),
    ("=cmd|' /C calc'!A0.csv", "C calc'!A0.csv"),
    ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
    ("零\u200b宽\ufeff.txt", "零宽.txt"),
    ("a\nSet-Cookie: b.txt", "a Set-Cookie: b.txt"),
    ("&#46;&quot;.txt", "&#46;&quot;.txt"),
    ("..", "file"),
    ("a/", "file"),
    ("长" * 300 + ".docx", "长" * 250 + ".docx"),
]


@pytest.mark.parametrize(("name", "shown"), HOSTILE)
def test_a_name_is_kept_as_it_was_sent_and_shown_plain(name: str, shown: str) -> None:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    upload = named(b'filename="%s"' % escaped.encode())
    assert upload.sent_name == name.encode()
    assert upload.name == shown


@pytest.mark.parametrize(
    ("parameters", "sent"),
    [
        ([b'filename="\xb7\xbd\xb0\xb8.txt"'], b"\xb7\xbd\xb0\xb8.txt"),
        ([b'filename="\xff\x81.txt"'], b"\xff\x81.txt"),
        ([b"filename=a.txt"], b"a.txt"),
        ([rb'filename="C:\temp\a.txt"'], rb"C:\temp\a.txt"),
        ([b'filename="a%22b.txt"'], b"a%22b.txt"),
        ([b"filename*=UTF-8''%E6%96%B9%00.txt"], "方\0.txt".encode()),
        ([b"filename*=gb18030'zh'%B7%BD.txt"], "方.txt".encode()),
        ([b'filename="b.txt"', b"filename*=utf-8''a.txt"], b"a.txt"),
        ([b'filename="b.txt"', b"filename*=utf-9''a.txt"], b"b.txt"),
        ([b'filename="b.txt"', b"filename*=utf-8''%ff"], b"b.txt"),
        ([b'filename="a;filename=b.txt"'], b"a;filename=b.txt"),
    ],
)
def test_names_come_in_many_ways(parameters: list[bytes], sent: bytes) -> None:
    assert named(*parameters).sent_name == sent


def test_names_are_read_in_the_encodings_of_china() -> None:
    assert decoded_name("方案.txt".encode("gb18030")) == "方案.txt"
    assert decoded_name(b"\xff\x81.txt") == "ÿ\x81.txt"
    assert spelled_out("a\u202eb\n") == "a⟨U+202E⟩b⟨U+000A⟩"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [b"../..\xe2\x80\xae/\0=a.png", b"\xb7\xbd\xff.png", b"x" * 4_000 + b".png"]
)
def test_the_name_of_a_report_s_file_is_kept_to_the_byte(name: bytes) -> None:
    number = make_document().number
    file = part(b"\x89PNG", line=b'name="attachments"; filename="%s"' % name)
    for _ in range(2):
        fields = [
            part(str(value).encode(), line=b'name="%s"' % key.encode())
            for key, value in report_form().items()
        ]
        signed_in(make_user()).generic(
            "POST",
            reverse("report_abuse", args=[number]),
            body(*fields, file),
            content_type=TYPE,
        )
    rows = SentName.objects.all()
    assert [row.sent for row in rows] == [name, name]
    assert len({row.sender for row in rows}) == 2


@pytest.mark.django_db
def test_a_broken_body_is_the_sender_s_mistake(media: Path) -> None:
    content = part(b"x", line=b'name="f"; filename="a"')
    answer = Client().generic("POST", "/", content, content_type=TYPE)
    assert answer.status_code == 400
    assert not left(media)
    assert site.FILE_UPLOAD_HANDLERS == ["moderation.uploads.StagingUpload"]
