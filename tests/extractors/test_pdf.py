from io import BytesIO

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from evidence.extractors import PDF, ExtractionError, extract
from evidence.extractors.archive import EICAR
from tests.extractors.making import ANOTHER, SENTENCE, docx, paragraph


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


def by_hand(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    out, places = b"%PDF-1.7\n", list[int]()
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    )  # fmt: skip


def stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R]>>"
)
WAIT = stream(b"BT /F 12 Tf 10 200 Td (Please wait) Tj ET")
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
FIELD = b"<</Type/Annot/Subtype/Widget/Parent 7 0 R/Rect[10 10 100 30]>>"
PARENT = b"<</FT/Tx/T(parent)/V(inherited)/Kids[6 0 R]>>"
TEMPLATE = f"""<template xmlns="http://www.xfa.org/schema/xfa-template/2.8/"><subform>
<draw><value><text>{SENTENCE}</text></value></draw>
<field><caption><value><text>Please wait</text></value></caption>
<event><script>app.alert("no")</script></event><items><text>One</text></items></field>
<draw><value><exData contentType="text/html"><body
 xmlns="http://www.w3.org/1999/xhtml"><p>Rich <b>te</b>xt</p><p>second</p></body>
</exData></value></draw></subform></template>""".encode()
DATASETS = f"""<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/">
<xfa:data><form><a>{ANOTHER}</a></form></xfa:data></xfa:datasets>""".encode()
XDP = b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><config>no</config>%s%s</xdp:xdp>'


def form(xfa: bytes, *packets: bytes) -> bytes:
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]/XFA %s>>>>" % xfa
    rest = map(stream, packets)
    return by_hand(catalog, PAGES, PAGE, WAIT, FONT, FIELD, PARENT, *rest)


@pytest.mark.parametrize(
    "content",
    [
        form(b"[(template) 8 0 R (datasets) 9 0 R]", TEMPLATE, DATASETS),
        form(b"8 0 R", XDP % (TEMPLATE, DATASETS)),
    ],
)
def test_a_form_in_xml_is_read_behind_the_pages(content: bytes) -> None:
    found = extract(content, PDF)

    paged = "Please wait\ninherited\n"
    form = f"{SENTENCE}\nOne\nRich text\nsecond\n{ANOTHER}\n"
    assert found.text == paged + form
    assert (found.body_end, found.pages) == (len(paged), 1)
    assert found.flags == ("form_text",)


def test_a_form_with_entities_is_refused_and_a_broken_one_left_out() -> None:
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]>'
    for declared in (entity + TEMPLATE, (entity.decode()).encode("utf-16")):
        with pytest.raises(ExtractionError) as refusal:
            extract(form(b"8 0 R", declared), PDF)
        assert refusal.value.code == "dtd"
    assert extract(form(b"8 0 R", b"no xml"), PDF).text == "Please wait\ninherited\n"


def portfolio(**attached: bytes) -> bytes:
    """Names are written with an underscore for their dot."""
    names, objects = b"", list[bytes]()
    for name, content in attached.items():
        number, called = 7 + len(objects), name.replace("_", ".").encode()
        names += b"(%s) %d 0 R " % (called, number)
        objects += [
            b"<</Type/Filespec/F(%s)/EF<</F %d 0 R>>>>" % (called, number + 1),
            stream(content),
        ]
    catalog = (
        b"<</Type/Catalog/Pages 2 0 R/Collection<</View/T>>"
        b"/Names<</EmbeddedFiles<</Names[%s]>>>>>>" % names
    )
    return by_hand(catalog, PAGES, PAGE, WAIT, FONT, FIELD, *objects)


def test_the_files_of_a_portfolio_are_read() -> None:
    inner = docx(paragraph(SENTENCE))
    deeper = portfolio(c_txt=b"two levels deep")
    found = extract(portfolio(a_docx=inner, b_txt=ANOTHER.encode(), c_pdf=deeper), PDF)

    assert found.text == f"Please wait\n{SENTENCE}\n{ANOTHER}\nPlease wait\n"
    assert found.body_end == len("Please wait\n")
    assert found.flags == ("attachments",)


@pytest.mark.parametrize("name", ["a_zip", "a_docx", "a_png", "a_pdf", "a_txt"])
def test_an_attached_file_that_is_not_read_is_said_to_be(name: str) -> None:
    content = {"a_png": b"\x89PNG\r\n\x1a\n", "a_pdf": pdf("")}.get(name, b"PK\3\4")
    found = extract(portfolio(**{name: content}), PDF)

    assert found.text == "Please wait\n"
    assert found.flags == ("unread_attachments",)


def test_a_file_pinned_to_a_page_is_read() -> None:
    pin = b"<</Type/Annot/Subtype/FileAttachment/Contents(See it)/FS 7 0 R>>"
    spec = b"<</Type/Filespec/F(a.txt)/EF<</F 8 0 R>>>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R>>"
    pinned = (pin, spec, stream(ANOTHER.encode()))
    found = extract(by_hand(catalog, PAGES, PAGE, WAIT, FONT, *pinned), PDF)
    assert found.text == f"Please wait\nSee it\n{ANOTHER}\n"
    assert found.flags == ("attachments",)


def test_more_attached_files_than_anybody_opens_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evidence.extractors.pdf_beside.ATTACHED", 1)
    found = extract(portfolio(a_txt=b"words", b_txt=b"others"), PDF)
    assert found.flags == ("attachments", "unread_attachments")
    monkeypatch.setattr("evidence.extractors.pdf_beside.ATTACHED_BYTES", 3)
    found = extract(portfolio(a_txt=b"words"), PDF)
    assert found.flags == ("unread_attachments",)


def test_a_virus_in_an_attached_file_is_a_virus() -> None:
    with pytest.raises(ExtractionError) as refusal:
        extract(portfolio(a_txt=EICAR + b"$H+H*"), PDF)

    assert refusal.value.code == "malware"


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
