import pytest

from evidence.extractors import XLSX, ExtractionError, extract, sniff
from tests.extractors.making import ANOTHER, PACKAGE, RELATIONS, SENTENCE, zipped

SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def xlsx(
    *sheets: str, shared: str = "", state: str = "visible", comments: str = ""
) -> bytes:
    """An XLSX file of these sheets' rows; the last one's tab stands first."""
    numbers = range(1, len(sheets) + 1)
    tabs = "".join(
        f'<sheet name="{n}" sheetId="{n}" state="{state}" r:id="r{n}"/>'
        for n in reversed(numbers)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet"'
        f' Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types><Override ContentType="{MAIN}"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{RELATIONS}">'
        f"<sheets>{tabs}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}'
        f'<Relationship Id="s" Type="{RELATIONS}/sharedStrings"'
        ' Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEETS}">{shared}</sst>',
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="c" Type="{RELATIONS}/comments" Target="../c.xml"/>'
        "</Relationships>",
        "xl/c.xml": f'<comments xmlns="{SHEETS}">{comments}</comments>',
    }
    for n, rows in zip(numbers, sheets, strict=True):
        members[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{SHEETS}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return zipped(members)


def test_words_of_the_cells_come_row_by_row_in_the_order_of_the_tabs() -> None:
    content = xlsx(
        '<row><c t="s"><v>1</v></c><c><v>3.5</v></c><c t="s"><v>0</v></c></row>',
        f'<row><c t="inlineStr"><is><t>{ANOTHER}</t></is></c></row>'
        '<row><c><v>8</v></c></row><row><c t="str"><f>A1</f><v>算出的字</v></c></row>',
        shared=f"<si><t>{SENTENCE}</t></si>"
        "<si><r><t>分</t></r><r><t>段</t></r><rPh><t>fenduan</t></rPh></si>",
    )

    found = extract(content, sniff(content, "a.xlsx"))

    assert sniff(content, "a.xlsx") == XLSX
    assert found.text == f"{ANOTHER}\n算出的字\n分段\t{SENTENCE}\n"
    assert (found.pages, found.page_starts, found.flags) == (None, None, ())


def test_comments_are_text_and_a_hidden_sheet_is_flagged() -> None:
    comments = (
        f"<commentList><comment><text><t>{ANOTHER}</t></text></comment></commentList>"
    )

    found = extract(xlsx("", comments=comments, state="hidden"), XLSX)

    assert found.text == f"{ANOTHER}\n"
    assert found.flags == ("hidden_text",)


def test_a_cell_that_names_no_string_is_empty() -> None:
    cells = "".join(f'<c t="s"><v>{v}</v></c>' for v in ("7", "-1", "x", "9" * 30))

    assert extract(xlsx(f"<row>{cells}</row>"), XLSX).text == ""


def test_one_string_named_over_and_over_is_refused_as_too_large() -> None:
    rows = '<row><c t="s"><v>0</v></c></row>' * 30

    with pytest.raises(ExtractionError) as refusal:
        extract(xlsx(rows, shared=f"<si><t>{'字' * 700_000}</t></si>"), XLSX)

    assert refusal.value.code == "too_large"


def test_what_is_printed_above_and_below_a_sheet_is_text() -> None:
    margins = (
        f'<headerFooter><oddHeader>&amp;L&amp;"宋体,常规"&amp;12{SENTENCE}&amp;C&amp;P'
        f" &amp;R{ANOTHER} A&amp;&amp;B</oddHeader></headerFooter>"
    )
    content = xlsx("</sheetData>" + margins + "<sheetData>")

    assert extract(content, XLSX).text == f"{SENTENCE}\t{ANOTHER} A&B\n"


def test_escaped_characters_of_a_string_are_characters() -> None:
    cell = '<c t="{}"><{}>甲_x000D_\n乙_x4E19__x005F_x0041_</{}></c>'
    row = f"<row>{cell.format('inlineStr', 'is><t', 't></is')}</row>"
    row += f"<row>{cell.format('str', 'v', 'v')}</row>"
    assert extract(xlsx(row), XLSX).text == "甲\n乙丙_x0041_\n" * 2
