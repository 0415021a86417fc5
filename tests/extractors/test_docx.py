import pytest

from evidence.extractors import DOCX, Extract, ExtractionError, extract
from evidence.extractors.archive import EICAR
from evidence.extractors.story import WORD_DRAWING
from tests.extractors.making import (
    ANOTHER,
    PACKAGE,
    RELATIONS,
    SENTENCE,
    STRICT_RELATIONS,
    STRICT_WORD,
    WORD,
    docx,
    paragraph,
    run,
)

RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"
HARD = '<w:r><w:br w:type="page"/></w:r>'
RELS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
    f' Type="{RELATIONS}/officeDocument" Target="word/other.xml"/></Relationships>'
)
HIDDEN = "<w:rPr><w:vanish/></w:rPr>"


def read(content: bytes) -> Extract:
    return extract(content, DOCX)


def box(text: str) -> str:
    return f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"


def cell(text: str, after: str = "") -> str:
    return f"<w:tc>{paragraph(text, *([after, text] if after else []))}</w:tc>"


@pytest.mark.parametrize(
    "body",
    [
        paragraph(SENTENCE),
        paragraph(*(run(character) for character in SENTENCE)),
        paragraph(f'<w:hyperlink r:id="r9">{run(SENTENCE)}</w:hyperlink>'),
        paragraph(f'<w:ins w:id="1">{run(SENTENCE)}</w:ins>'),
        paragraph(f"<w:moveTo>{run(SENTENCE)}</w:moveTo>"),
        paragraph(f"<w:smartTag>{run(SENTENCE)}</w:smartTag>"),
        paragraph(f'<w:fldSimple w:instr="DATE">{run(SENTENCE)}</w:fldSimple>'),
        f"<w:sdt><w:sdtContent>{paragraph(SENTENCE)}</w:sdtContent></w:sdt>",
        f"<w:tbl><w:tr>{cell(SENTENCE)}</w:tr></w:tbl>",
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr>"
        + cell(SENTENCE)
        + "</w:tr></w:tbl></w:tc></w:tr></w:tbl>",
        paragraph(f"<w:r><w:pict>{box(SENTENCE)}</w:pict></w:r>"),
    ],
)
def test_text_is_read_wherever_it_stands_in_the_body(body: str) -> None:
    assert SENTENCE in read(docx(body)).text


@pytest.mark.parametrize(
    "kind", ["header", "footer", "footnotes", "endnotes", "comments"]
)
def test_text_beside_the_body_is_read_and_has_no_page(kind: str) -> None:
    content = docx(
        paragraph(ANOTHER) + paragraph(HARD, ANOTHER),
        beside={kind: f"<w:p/>{paragraph(SENTENCE)}"},
    )

    found = read(content)

    assert found.text == f"{ANOTHER}\n\n{ANOTHER}\n{SENTENCE}\n"
    assert found.page_at(found.text.index(SENTENCE) - 1) == 2
    assert found.page_at(found.text.index(SENTENCE)) is None


def test_pages_of_html_and_text_that_word_imports_are_read() -> None:
    links = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/aFChunk" Target="{name}"/>'
        for n, name in enumerate(("a.html", "b.txt", "empty.txt", "c.rtf"))
    )
    members: dict[str, bytes | str] = {
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}'
        "</Relationships>",
        "word/a.html": f"<html><script>x</script><p>{SENTENCE}</p></html>",
        "word/b.txt": ANOTHER.encode("gbk"),
        "word/empty.txt": "",
        "word/c.rtf": "{\\rtf1}",
    }

    found = read(docx(paragraph("正文"), members=members))

    assert found.text == f"正文\n{SENTENCE}\n{ANOTHER}\n"
    assert found.body_end == 3


def test_a_header_repeated_by_sections_is_read_once() -> None:
    content = docx(
        paragraph(ANOTHER),
        beside={"header": paragraph(SENTENCE), "footer": paragraph(SENTENCE)},
    )

    assert read(content).text.count(SENTENCE) == 1


def test_deleted_and_moved_away_text_is_not_text() -> None:
    gone = f'<w:del w:id="1"><w:r><w:delText>{SENTENCE}</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="2">{run(SENTENCE)}</w:moveFrom>'

    found = read(docx(paragraph(gone, moved, ANOTHER)))

    assert found.text == f"{ANOTHER}\n"


def test_field_codes_are_not_text() -> None:
    code = "<w:r><w:instrText>INCLUDETEXT secret</w:instrText></w:r>"

    assert read(docx(paragraph(code, ANOTHER))).text == f"{ANOTHER}\n"


def test_a_text_box_is_read_once_and_does_not_cut_its_paragraph() -> None:
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box(ANOTHER)}"
        f"</mc:Choice><mc:Fallback>{box(ANOTHER)}</mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )

    found = read(docx(paragraph(SENTENCE[:5], drawn, SENTENCE[5:])))

    assert found.text == f"{SENTENCE}\n{ANOTHER}\n"


def test_a_fallback_is_read_when_the_choice_has_no_text() -> None:
    drawn = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing/></mc:Choice>"
        f"<mc:Fallback>{box(SENTENCE)}</mc:Fallback></mc:AlternateContent></w:r>"
    )

    assert SENTENCE in read(docx(paragraph(drawn))).text


def test_hidden_text_is_read_and_flagged() -> None:
    hidden = read(docx(paragraph(run(SENTENCE, HIDDEN), ANOTHER)))
    shown = read(
        docx(paragraph(run(SENTENCE, HIDDEN.replace("vanish", 'vanish w:val="0"'))))
    )

    assert hidden.text == f"{SENTENCE}{ANOTHER}\n"
    assert hidden.flags == ("hidden_text",)
    assert shown.flags == ()


def test_iso_strict_is_read_like_transitional() -> None:
    content = docx(
        paragraph(ANOTHER),
        word=STRICT_WORD,
        relations=STRICT_RELATIONS,
        beside={"footnotes": paragraph(SENTENCE)},
    )

    assert read(content).text == f"{ANOTHER}\n{SENTENCE}\n"


def test_tabs_breaks_and_hyphens_become_characters_but_tab_stops_do_not() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
    marks = "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:noBreakHyphen/></w:r>"

    assert read(docx(paragraph(marks, properties=stops))).text == "甲\t乙\n-\n"


def test_sixty_nested_tables_are_read() -> None:
    table = paragraph(SENTENCE)
    for _ in range(60):
        table = f"<w:tbl><w:tr><w:tc>{table}<w:p/></w:tc></w:tr></w:tbl>"

    assert SENTENCE in read(docx(table)).text


def pages(body: str, **members: str) -> list[str] | None:
    """The pages' texts without newlines, or None when pages are unknown."""
    found = read(docx(body, members=dict(members)))
    if found.page_starts is None:
        assert found.pages is None
        return None
    assert found.pages == len(found.page_starts)
    ends = [*found.page_starts[1:], len(found.text)]
    return [
        found.text[start:end].replace("\n", "")
        for start, end in zip(found.page_starts, ends, strict=True)
    ]


def test_pages_are_unknown_when_the_file_holds_no_break() -> None:
    app = "<Properties><Pages>9</Pages></Properties>"

    assert pages(paragraph(SENTENCE)) is None
    assert pages(paragraph(SENTENCE), **{"docProps/app.xml": app}) is None


@pytest.mark.parametrize(
    "body",
    [
        paragraph("甲", RENDERED, "乙"),
        paragraph("甲", HARD, "乙"),
        paragraph("甲", HARD, RENDERED, "乙"),
        paragraph("甲", HARD) + paragraph(RENDERED, "乙"),
        paragraph("甲")
        + paragraph("乙", properties="<w:pPr><w:pageBreakBefore/></w:pPr>"),
        paragraph("甲")
        + paragraph(RENDERED, "乙", properties="<w:pPr><w:pageBreakBefore/></w:pPr>"),
        paragraph("甲", properties="<w:pPr><w:sectPr/></w:pPr>") + paragraph("乙"),
    ],
)
def test_a_hard_break_and_word_s_own_break_at_one_place_are_one(body: str) -> None:
    assert pages(body) == ["甲", "乙"]


def test_two_hard_breaks_leave_an_empty_page() -> None:
    body = paragraph("甲", HARD, RENDERED, HARD, RENDERED, "乙")

    assert pages(body) == ["甲", "", "乙"]


def test_a_continuous_section_turns_no_page() -> None:
    ends = '<w:pPr><w:sectPr><w:type w:val="continuous"/></w:sectPr></w:pPr>'

    assert pages(paragraph("甲", properties=ends) + paragraph("乙")) is None


def test_a_table_row_across_two_pages_counts_its_break_once() -> None:
    row = f"<w:tr>{cell('甲', RENDERED)}{cell('乙', RENDERED)}</w:tr>"

    assert pages(f"<w:tbl>{row}</w:tbl>{paragraph('丙')}") == ["甲", "甲乙乙丙"]


def test_hard_breaks_alone_are_flagged_and_not_believed_against_the_rest() -> None:
    body = paragraph("甲", HARD, "乙")
    app = "<Properties><Pages>9</Pages></Properties>"
    overfull = paragraph("甲", HARD, "乙" * 7_000)

    assert read(docx(body)).flags == ("hard_breaks_only",)
    assert pages(body, **{"docProps/app.xml": app}) is None
    assert pages(overfull) is None


def test_how_characters_are_pronounced_does_not_part_them() -> None:
    ruby = "".join(
        f"<w:r><w:ruby><w:rt>{run(sound)}</w:rt>"
        f"<w:rubyBase>{run(character)}</w:rubyBase></w:ruby></w:r>"
        for character, sound in (("春", "chūn"), ("天", "tiān"))
    )

    found = read(docx(paragraph(ruby, ANOTHER)))

    assert found.text == f"春天{ANOTHER}\nchūn\ntiān\n"


def test_word_art_is_text() -> None:
    shape = '<w:r><w:pict><v:textpath xmlns:v="{}" string="内部资料"/></w:pict></w:r>'
    mark = shape.format("urn:schemas-microsoft-com:vml")

    found = read(docx(paragraph(SENTENCE), beside={"header": paragraph(mark)}))

    assert found.text == f"{SENTENCE}\n内部资料\n"


CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def test_what_is_told_of_pictures_is_read_behind_the_rest_and_flagged() -> None:
    def picture(attributes: str) -> str:
        space = f'xmlns:wp="{WORD_DRAWING[0]}"'
        return f"<w:r><w:drawing><wp:docPr {space} {attributes}/></w:drawing></w:r>"

    told = (
        f'id="1" name="图片 1" title="河景" descr="{ANOTHER}"',
        f'id="2" name="图片 2" descr="{ANOTHER}"',
        'id="3" name="图片 3" descr="C:\\pictures\\IMG_1.JPG"',
        'id="4" name="图片 4" descr="图片包含 室内&#10;描述已自动生成"',
    )
    found = read(docx(paragraph("岸边", *map(picture, told), "老树")))

    assert found.text == f"岸边老树\n河景\n{ANOTHER}\n"
    assert found.body_end == len("岸边老树\n")
    assert found.flags == ("alt_text",)


def test_names_in_charts_are_read_once_and_their_numbers_are_not() -> None:
    series = (
        "<c:ser><c:tx><c:strRef><c:f>A1</c:f><c:strCache><c:pt><c:v>{}</c:v></c:pt>"
        "</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt>"
        "<c:v>一季度</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef>"
        "<c:numCache><c:pt><c:v>4.3</c:v></c:pt></c:numCache></c:numRef></c:val>"
        "</c:ser>"
    )
    chart = f'<c:plotArea xmlns:c="{CHART}">{{}}{{}}</c:plotArea>'.format(
        series.format("借阅"), series.format("归还")
    )

    found = read(docx(paragraph(SENTENCE), beside={"chart": chart}))

    assert found.text == f"{SENTENCE}\n借阅\n一季度\n归还\n"


def inside(name: str, content: bytes) -> dict[str, bytes | str]:
    """The members that embed a file in a document."""
    link = (
        f'<Relationship Id="r1" Type="{RELATIONS}/package" Target="embeddings/{name}"/>'
    )
    return {
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{link}'
        "</Relationships>",
        f"word/embeddings/{name}": content,
    }


def test_an_embedded_file_is_read_but_not_what_is_embedded_in_that() -> None:
    inmost = docx(paragraph("最内层"))
    inner = docx(paragraph(ANOTHER), members=inside("c.docx", inmost))

    found = read(docx(paragraph(SENTENCE), members=inside("b.docx", inner)))

    assert found.text == f"{SENTENCE}\n{ANOTHER}\n"
    assert found.page_at(len(SENTENCE) + 1) is None


def test_an_embedded_file_that_cannot_be_read_leaves_the_rest() -> None:
    for name, content in (("b.docx", b"PK no"), ("b.bin", b"x"), ("b.xlsx", b"")):
        found = read(docx(paragraph(SENTENCE), members=inside(name, content)))
        assert found.text == f"{SENTENCE}\n"


def test_a_virus_in_an_embedded_file_is_a_virus() -> None:
    inner = docx(paragraph(ANOTHER), members={"virus.com": EICAR})
    with pytest.raises(ExtractionError) as refusal:
        read(docx(paragraph(SENTENCE), members=inside("b.docx", inner)))

    assert refusal.value.code == "malware"


@pytest.mark.parametrize("name", ["windows-1252", "GBK", "ISO-8859-1", "UTF-16"])
def test_parts_may_declare_an_older_encoding_but_no_entities(name: str) -> None:
    def encoded(dtd: str = "") -> bytes:
        text = (
            f'<?xml version="1.0" encoding="{name}"?>{dtd}<w:document xmlns:w="{WORD}">'
        )
        text += f"<w:body>{paragraph(SENTENCE)}</w:body></w:document>"
        content = text.encode(name, "xmlcharrefreplace")
        return docx("", members={"word/other.xml": content, "_rels/.rels": RELS})

    assert read(encoded()).text == f"{SENTENCE}\n"
    with pytest.raises(ExtractionError) as refusal:
        read(encoded('<!DOCTYPE a [<!ENTITY b "c">]>'))
    assert refusal.value.code == "dtd"
