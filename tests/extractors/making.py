"""Files made for the tests, written by hand where the exact markup matters."""

import zipfile
from io import BytesIO

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)

SENTENCE = "河岸的老樟树下,几位船工正在修补一张旧渔网。"
ANOTHER = "仓库管理员每周五清点货架,并把差异写进登记簿。"


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A ZIP file with these members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    """A w:r with its text."""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, properties: str = "") -> str:
    """A w:p of runs; bare text becomes a run."""
    runs = [each if each.startswith("<") else run(each) for each in content]
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def docx(
    body: str,
    *,
    word: str = WORD,
    relations: str = RELATIONS,
    beside: dict[str, str] | None = None,
    members: dict[str, bytes | str] | None = None,
    dtd: str = "",
) -> bytes:
    """A DOCX file. beside: kind of story → its content; members: further ones."""
    spaces = (
        f'xmlns:w="{word}" xmlns:r="{relations}" xmlns:a="{DRAWING}"'
        f' xmlns:mc="{COMPATIBILITY}"'
    )
    stories = {
        f"word/{kind}.xml": f"<w:{kind} {spaces}>{content}</w:{kind}>"
        for kind, content in (beside or {}).items()
    }
    links = "".join(
        f'<Relationship Id="r{n}" Type="{relations}/{kind}" Target="{kind}.xml"/>'
        for n, kind in enumerate(beside or {})
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types><Override ContentType="{MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
        f' Type="{relations}/officeDocument" Target="/word/document.xml"/>'
        "</Relationships>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}'
        "</Relationships>",
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?>{dtd}'
        f"<w:document {spaces}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    return zipped(parts | stories | (members or {}))


def listing_page(
    preview: str,
    *,
    title: str = "社区图书室夏季开放方案",
    number: str | None = "700000123",
    closing: bool = True,
) -> str:
    """A marketplace's page as a browser saves it in text, in our own words."""
    numbered = f"  • 文档编号:{number}\n" if number is not None else ""
    blurb = (
        f"《{title}》由会员Q**7分享,可在线阅读,更多相关《{title}》请在某文库上搜索。"
    )
    return (
        f"某某文档市场\n手机客户端 | 网页版\n\n{title}\n\n12页\n"
        f"  • 卖家[上传人]:Q**7\n{numbered}  • 上传时间:2024-03-05\n"
        "  • 文档格式:DOCX\n  • 文档大小:1.5MB\n  • / 12 举报 版权申诉 马上下载\n"
        f"  • 文本预览\n  • 下载提示\n  • 常见问题\n    • {preview}\n\n"
        + (f"      {blurb}\n\n" if closing else "")
        + "      点击阅读更多内容\n    最新标签\n    读书会 夏令安排 志愿者\n"
        "    关于某某网 - 版权申诉 - 免责声明 - 联系我们\n    ©2020 Some Site\n"
    )


def listing_html(preview: str, *, encoding: str = "utf-8") -> bytes:
    """The same page in HTML, with script and style around and inside."""
    page = f"""<!DOCTYPE html><html><head><meta charset="{encoding}">
    <title>社区图书室夏季开放方案 - 某某文档市场</title>
    <style>.tag::after{{content:"文档编号:999"}}</style>
    <script>var text = "文档编号:111";</script></head><body>
    <div class="nav"><a href="/">首页</a><a href="/all">全部</a></div>
    <h1>社区图书室夏季开放方案</h1><span>12页</span>
    <ul><li>卖家[上传人]:<b>Q**7</b></li><li>文档编号:<em>700000123</em></li>
    <li>上传时间:2024-03-05</li><li>文档格式:DOCX</li><li>文档大小:1.5MB</li>
    <li>/ 12 <a href="#">举报</a> <a href="#">版权申诉</a></li></ul>
    <ul><li>文本预览</li><li>下载提示</li><li>常见问题</li></ul>
    <div id="preview">{preview}</div>
    <p>《社区图书室夏季开放方案》由会员Q**7分享,可在线阅读,请在某文库上搜索。</p>
    <h3>最新标签</h3><p><a href="#">读书会</a><a href="#">夏令安排</a></p>
    <footer><p>&copy;2020 Some Site</p></footer></body></html>"""
    return page.encode(encoding)
