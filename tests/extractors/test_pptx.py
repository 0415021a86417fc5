from io import BytesIO

from pptx import Presentation
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches

from evidence.extractors import PPTX, extract, sniff
from evidence.extractors.story import SLIDE
from tests.extractors.making import ANOTHER, RELATIONS, SENTENCE


def test_slides_are_pages_with_their_shapes_groups_tables_and_notes() -> None:
    show = Presentation()
    first, second = (show.slides.add_slide(show.slide_layouts[6]) for _ in range(2))
    area = (Inches(1), Inches(1), Inches(3), Inches(1))
    first.shapes.add_textbox(*area).text_frame.text = SENTENCE
    group = first.shapes.add_group_shape()
    group.shapes.add_textbox(*area).text_frame.text = "组内文字"
    first.notes_slide.notes_text_frame.text = "讲稿备注"
    second.shapes.add_table(1, 1, *area).table.cell(0, 0).text = ANOTHER
    out = BytesIO()
    show.save(out)

    found = extract(out.getvalue(), sniff(out.getvalue(), "show.pptx"))

    assert sniff(out.getvalue(), "show.pptx") == PPTX
    assert found.pages == 2
    pages = {
        text: found.page_at(found.text.index(text))
        for text in (SENTENCE, "组内文字", "讲稿备注", ANOTHER)
    }
    assert pages == {SENTENCE: 1, "组内文字": 1, "讲稿备注": 1, ANOTHER: 2}


def test_what_is_told_of_a_picture_belongs_to_its_slide() -> None:
    show = Presentation()
    first, second = (show.slides.add_slide(show.slide_layouts[6]) for _ in range(2))
    area = (Inches(1), Inches(1), Inches(3), Inches(1))
    for slide in (first, second):
        slide.shapes.add_textbox(*area).text_frame.text = ANOTHER
    described = first.shapes[0]._element.nvSpPr.cNvPr
    described.set("descr", SENTENCE)
    out = BytesIO()
    show.save(out)

    found = extract(out.getvalue(), PPTX)

    assert found.text == f"{ANOTHER}\n{SENTENCE}\n{ANOTHER}\n"
    assert found.page_at(found.text.index(SENTENCE)) == 1
    assert found.flags == ("alt_text",)


def test_comments_belong_to_their_slide() -> None:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    comment = f"<p:cm><p:text>{SENTENCE}</p:text></p:cm>"
    content = f'<p:cmLst xmlns:p="{SLIDE[0]}">{comment}</p:cmLst>'.encode()
    place = PackURI("/ppt/c1.xml")
    part = Part(place, "application/xml", slide.part.package, content)
    slide.part.relate_to(part, f"{RELATIONS}/comments")
    out = BytesIO()
    show.save(out)

    assert extract(out.getvalue(), PPTX).text == f"{SENTENCE}\n"


def test_what_the_background_says_is_read_once_and_its_prompts_are_not() -> None:
    show = Presentation()
    layout = show.slide_layouts[1]
    for _ in range(2):
        slide = show.slides.add_slide(layout)
        slide.shapes.title.text = SENTENCE  # type: ignore[union-attr]
    mark = show.slides[0].shapes.add_textbox(*[Inches(1)] * 4)
    mark.text_frame.text = "内部资料"
    show.slide_masters[0].shapes._spTree.append(mark._element)
    out = BytesIO()
    show.save(out)

    found = extract(out.getvalue(), PPTX)

    assert found.text.split() == [SENTENCE, SENTENCE, "内部资料"]
    assert found.page_at(found.text.index("内部资料")) is None
    assert found.pages == 2
