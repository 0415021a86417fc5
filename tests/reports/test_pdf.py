"""The PDF: closed to the world, readable, and the same bytes for the same input."""

import subprocess
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from reports import pdf as printing
from reports.pdf import Attached, PrintingUnavailable, pdf, printing_problem

AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


def page(body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<title>文书</title><link rel="stylesheet" href="anjian:paper.css">'
        f"</head><body>{body}</body></html>"
    )


def tool(tmp_path: Path, content: bytes, name: str, *options: str) -> str:
    """Run a poppler tool or qpdf on a PDF and return what it prints."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    command = [name, *options, str(path), *(["-"] if name == "pdftotext" else [])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def unpacked(tmp_path: Path, content: bytes) -> bytes:
    """Return the PDF with its objects in the open."""
    path = tmp_path / "packed.pdf"
    path.write_bytes(content)
    command = ["qpdf", "--qdf", "--object-streams=disable", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_fonts_are_embedded_and_chinese_can_be_read_back(tmp_path: Path) -> None:
    content = pdf(page("<h1>案件报告</h1><p>投诉通知，编号 483611177。</p>"), at=AT)
    rows = tool(tmp_path, content, "pdffonts").splitlines()[2:]
    assert rows
    assert all("Noto" in row and " yes yes yes " in row for row in rows)
    assert "投诉通知，编号 483611177。" in tool(tmp_path, content, "pdftotext")


def test_it_is_tagged_dated_and_says_that_it_is_chinese(tmp_path: Path) -> None:
    content = pdf(page("<p>正文</p>"), at=AT)
    assert b"/Lang (zh-CN)" in unpacked(tmp_path, content)
    told = tool(tmp_path, content, "pdfinfo")
    assert "Tagged:          yes" in told
    assert "A4" in told
    assert "No syntax or stream encoding errors" in tool(
        tmp_path, content, "qpdf", "--check"
    )


def test_same_input_gives_the_same_bytes() -> None:
    attached = [Attached("facts.json", b"{}", "facts")]
    first = pdf(page("<p>同一份</p>"), at=AT, attachments=attached)
    assert first == pdf(page("<p>同一份</p>"), at=AT, attachments=attached)
    assert first != pdf(page("<p>另一份</p>"), at=AT, attachments=attached)


def test_even_unescaped_markup_fetches_and_attaches_nothing(tmp_path: Path) -> None:
    """The last line of defence: templates escape, and the fetcher is closed too."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    secret = tmp_path / "secret.txt"
    secret.write_text("never to be read")
    try:
        content = pdf(page(hostile(url, secret.as_uri())), at=AT)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []
    assert tool(tmp_path, content, "pdfdetach", "-list").strip() == "0 embedded files"
    assert "never to be read" not in tool(tmp_path, content, "pdftotext")


def hostile(url: str, secret: str) -> str:
    """Markup that reaches out by every way WeasyPrint knows."""
    return f"""
      <base href="{url}/">
      <link rel="stylesheet" href="{url}/a.css"><link rel="attachment" href="{secret}">
      <style>@import "{url}/b.css"; @font-face {{font-family: x; src: url({url}/f)}}
        body {{background: url({url}/bg.png)}}
        p {{font-family: x; content: url({secret})}}
      </style>
      <img src="{url}/i.png"><img src="{secret}"><object data="{url}/o.svg"></object>
      <embed src="{secret}"><svg><image href="{url}/s.png"/></svg>
      <a rel="attachment" href="{secret}">附件</a>
      <a rel="attachment" href="{url}/x">x</a>
      <p>正文</p>"""


def test_a_machine_that_cannot_print_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printing._ensure_printing.cache_clear()
    monkeypatch.setattr(printing, "_can_print", lambda: False)
    problem = printing_problem()
    assert problem is not None
    assert "script/bootstrap" in problem
    with pytest.raises(PrintingUnavailable, match="script/bootstrap"):
        pdf(page(""), at=AT)
    monkeypatch.undo()
    assert printing_problem() is None
