"""Documents by list: CSV and XLSX, row by row, with what is wrong said beside it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import bulk
from cases.declarations import DECLARATIONS
from cases.filing import submit
from cases.models import Case
from cases.services import advance, claim
from evidence.actors import Actor
from evidence.extractors import ExtractionError
from evidence.reading import read_table
from moderation.access import actor_of
from moderation.models import User
from tests.extractors.making import zipped
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_moderator,
    make_party,
    make_user,
    make_work,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(rows: list[list[str | int]]) -> bytes:
    """A workbook of one sheet: strings inline, numbers as numbers, blanks left out."""
    lines = []
    for r, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{"ABCDEF"[c]}{r}"><v>{value}</v></c>'
            if isinstance(value, int)
            else f'<c r="{"ABCDEF"[c]}{r}" t="inlineStr"><is><t>{value}</t></is></c>'
            for c, value in enumerate(row)
            if value != ""
        )
        lines.append(f'<row r="{r}">{cells}</row>')
    body = f"<sheetData>{''.join(lines)}</sheetData>"
    sheet = f'<worksheet xmlns="{MAIN}">{body}</worksheet>'
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    root = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    links = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override '
        'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    return zipped(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": root,
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": links,
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


@pytest.mark.parametrize(
    "content",
    [
        "文档编号,作品,侵权形式\n520310037,桥,全文相同\n520310074,,\n".encode(
            "gb18030"
        ),
        "文档编号\t作品\t侵权形式\n520310037\t桥\t全文相同\n520310074\n".encode(
            "utf-16"
        ),
        workbook(
            [
                ["文档编号", "作品", "侵权形式"],
                [520310037, "桥", "全文相同"],
                [520310074],
            ]
        ),
    ],
    ids=["csv in GB 18030", "tabs in UTF-16", "xlsx with numbers"],
)
def test_a_list_is_read_whatever_program_saved_it(content: bytes) -> None:
    rows = bulk.rows_in(read_table(content))
    assert [(row.number, row.work, row.manner) for row in rows] == [
        ("520310037", "桥", "全文相同"),
        ("520310074", "", ""),
    ]


def test_a_blank_cell_keeps_its_column() -> None:
    table = read_table(workbook([["1", "", "改编"]]))
    assert table == [["1", "", "改编"]]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x00\x01\x02" * 99])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(ExtractionError):
        read_table(content)


def draft_of(documents: int = 0) -> tuple[Case, Actor, Client]:
    user = make_user()
    party = make_party(user=user)
    case = make_case(state="draft", claimant=party, work=make_work(party=party))
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return case, actor_of(user), client


@pytest.mark.django_db
def test_good_rows_are_taken_and_wrong_ones_are_corrected_on_the_page() -> None:
    case, _actor, client = draft_of()
    good, other = make_document(), make_document()
    lines = f"{good.number},,改编\n999999999,,\n{other.number},别的作品,奇怪\n"
    url = f"/complaints/{case.public_id}/list/"
    page = client.post(
        url, {"sheet": SimpleUploadedFile("list.csv", lines.encode()), "upload": "1"}
    ).content.decode()
    assert "1 行可以添加，2 行有问题" in page
    assert "没有找到这份文档" in page
    assert "没有这个名称" in page
    assert case.items.count() == 1
    rows = {
        "number": [good.number, "999999999", other.number],
        "row-work": ["", "", ""],
        "manner": ["adapted", "", ""],
    }
    page = client.post(url, rows | {"take": "1"}).content.decode()
    assert "999999999" in page
    assert case.items.get(document=good).manner == "adapted"
    assert case.items.filter(document=other).exists()
    done = client.post(url, {"number": [""], "take": "1"})
    assert done.status_code == 200
    rows = {"number": [make_document().number], "row-work": [""], "manner": [""]}
    assert client.post(url, rows | {"take": "1"}).status_code == 302


@pytest.mark.django_db
def test_a_list_of_more_than_three_hundred_is_refused_with_its_count() -> None:
    case, _actor, client = draft_of()
    lines = "\n".join(str(100_000 + n) for n in range(301))
    sheet = SimpleUploadedFile("list.csv", lines.encode())
    page = client.post(f"/complaints/{case.public_id}/list/", {"sheet": sheet})
    assert "清单有 301 行" in page.content.decode()


def queries_of(n: int) -> int:
    """How many statements it takes to list, submit and accept n documents."""
    case, actor, _client = draft_of()
    documents = [make_document() for _ in range(n)]
    moderator = make_moderator()
    work = case.items.get().work
    rows = [bulk.Row(1, document.number, "", "adapted") for document in documents]
    with CaptureQueriesContext(
        connection,
    ) as caught:
        bulk.check(rows, [work])
        assert bulk.take(case, rows, by=actor) == n
        submit(
            case,
            by=actor,
            at=AT,
            expect_version=Case.objects.get(pk=case.pk).version,
            declared=[each.code for each in DECLARATIONS],
            signature=case.claimant.name if case.claimant else "",
        )
        claim(case, by=moderator, at=AT)
        advance(case, "accept", by=moderator, at=AT, profile="civil")
    assert Case.objects.get(pk=case.pk).items.count() == n + 1
    return len(caught)


@pytest.mark.django_db
def test_the_statements_do_not_grow_with_the_documents() -> None:
    """But for a batch more here and there, where rows are written by the hundred."""
    queries_of(1)
    assert queries_of(60) <= queries_of(3) + 4
