from io import BytesIO

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from evidence.extractors import PDF, ExtractionError, extract
from tests.extractors.making import ANOTHER, SENTENCE


def pdf(*pages: str, password: str | None = None) -> bytes:
    """A PDF with one line of text a page; an empty string makes a blank page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = BytesIO()
    locked = StandardEncryption(password) if password else None
    canvas = Canvas(out, encrypt=locked)
    for text in pages:
        canvas.setFont("STSong-Light", 12)
        if text:
            canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_chinese_text_comes_back_with_the_pages_it_stands_on() -> None:
    found = extract(pdf(SENTENCE, ANOTHER), PDF)

    assert found.text == f"{SENTENCE}\n{ANOTHER}\n"
    assert found.page_starts == (0, len(SENTENCE) + 1)
    assert found.pages == 2
    assert found.page_at(len(SENTENCE)) == 1
    assert found.page_at(len(SENTENCE) + 1) == 2
    assert found.flags == ()


def test_a_page_without_a_text_layer_keeps_its_number() -> None:
    found = extract(pdf(SENTENCE, "", ANOTHER), PDF)

    assert found.page_at(found.text.index(ANOTHER)) == 3
    assert found.flags == ("blank_pages",)


def test_more_pages_than_anybody_reads_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evidence.extractors.pdf.PAGES", 2)
    assert extract(pdf("", ""), PDF).pages == 2
    with pytest.raises(ExtractionError) as refusal:
        extract(pdf("", "", ""), PDF)

    assert refusal.value.code == "too_many_pages"


def test_a_scan_is_accepted_and_has_no_text() -> None:
    found = extract(pdf("", ""), PDF)

    assert found.text == ""
    assert found.pages == 2
    assert found.flags == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf(SENTENCE, password="opensesame"), "encrypted"),
        (b"%PDF-1.7\n", "malformed"),
        (pdf(SENTENCE)[:200], "malformed"),
    ],
)
def test_a_locked_or_broken_pdf_is_refused_saying_so(content: bytes, code: str) -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract(content, PDF)

    assert refusal.value.code == code


def test_fields_and_notes_follow_the_text_of_their_page() -> None:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "Page one")
    canvas.acroForm.textfield(name="a", value="filled in", x=72, y=600)
    canvas.acroForm.checkbox(name="b", checked=True, x=72, y=550)
    canvas.textAnnotation("written beside it", Rect=[72, 500, 90, 520])
    canvas.linkURL("https://example.com", (72, 700, 90, 720))
    canvas.showPage()
    canvas.drawString(72, 700, "Page two")
    canvas.save()

    found = extract(out.getvalue(), PDF)

    assert found.text == "Page one\nfilled in\nwritten beside it\nPage two\n"
    assert found.page_at(found.text.index("filled")) == 1
