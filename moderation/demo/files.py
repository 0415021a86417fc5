"""The demo's texts as real files: DOCX, PDF and saved listing pages."""

from datetime import date
from io import BytesIO

from docx import Document as Docx
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Pt
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from moderation.demo.texts import Piece

SEGMENT = 500
_FONT = "STSong-Light"


def docx(piece: Piece) -> bytes:
    """A Word file with a hard break after each page."""
    document = Docx()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.core_properties.title = piece.title
    for number, page in enumerate(piece.pages):
        if number:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        document.add_heading(page[0], level=2)
        for line in page[1:]:
            document.add_paragraph(line)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def pdf(piece: Piece) -> bytes:
    """A PDF with a text layer, in a font that every reader brings along."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    content = BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True)
    canvas.setTitle(piece.title)
    for page in piece.pages:
        _page(canvas, page)
    canvas.save()
    return content.getvalue()


def blank_pdf() -> bytes:
    """A page with strokes and no text layer, as a scanner makes them."""
    content = BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True)
    for line in range(12):
        canvas.line(72, 700 - 40 * line, 480 - 11 * (line % 5), 702 - 40 * line)
    canvas.showPage()
    canvas.save()
    return content.getvalue()


def _page(canvas: Canvas, page: tuple[str, ...]) -> None:
    lines = canvas.beginText(64, A4[1] - 80)
    lines.setFont(_FONT, 12, leading=20)
    for line in page:
        for start in range(0, len(line), 38):
            lines.textLine(line[start : start + 38])
    canvas.drawText(lines)
    canvas.showPage()


def listing_page(piece: Piece, *, number: str, mask: str, on: date) -> bytes:
    """A listing page as a browser saves it: facts, and a preview cut by count."""
    text = "".join(line for page in piece.pages for line in page)[: SEGMENT * 6]
    segments = [text[at : at + SEGMENT] for at in range(0, len(text), SEGMENT)]
    preview = "\n\n".join(
        f"{ordinal}、{segment}" for ordinal, segment in enumerate(segments, start=1)
    )
    return f"""\
{piece.title}

{len(piece.pages)}页
  • 卖家[上传人]:{mask}
  • 文档编号：{number}
  • 上传时间：{on:%Y-%m-%d}
  • 文档格式:DOCX
  • 文档大小：{len(text) / 97:.2f}KB
  • / {len(piece.pages)} 举报 版权申诉 马上下载
  • 文本预览
  • 下载提示
{preview}

点击阅读更多内容
最新标签
范文 模板 参考
""".encode()
