"""Read a long DOCX and a long PDF beside the usual libraries, and say what each cost.

python bench/extract.py [--rounds N]

Prints one JSON object of figures. Costs are processor seconds, the least of N rounds in
which we and the peer take turns; `ratio` is ours to the peer's, `bar` what it may be.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import docx  # noqa: E402
import pypdfium2  # noqa: E402
from docx.table import Table  # noqa: E402
from reportlab.pdfbase import pdfmetrics  # noqa: E402
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from evidence.extractors import DOCX, PDF, extract, sniff  # noqa: E402
from evidence.extractors.isolation import extract_isolated  # noqa: E402

PARAGRAPHS, ROWS, COLUMNS = 6_000, 300, 5
PAGES, LINES, LINE = 240, 38, 40
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    word, paper = long_docx(), long_pdf()
    figures = {
        "docx": compared(word, DOCX, by_python_docx, rounds) | {"bar": 0.5},
        "pdf": compared(paper, PDF, by_pypdfium2, rounds) | {"bar": 1.2},
        "isolation": isolated(rounds),
    }
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")


def compared(
    content: bytes, media_type: str, peer: Callable[[bytes], str], rounds: int
) -> Figures:
    """Our cost of telling the type and reading, gate and all, and the peer's."""

    def ours(content: bytes) -> str:
        return extract(content, sniff(content, "")).text

    if sniff(content, "") != media_type:
        raise SystemExit(f"not seen as {media_type}")
    text, theirs = ours(content), peer(content)  # loads what is loaded once
    spent: dict[Callable[[bytes], str], list[float]] = {ours: [], peer: []}
    for _ in range(rounds):
        for read, costs in spent.items():
            started = time.process_time()
            read(content)
            costs.append(time.process_time() - started)
    least, least_of_peer = min(spent[ours]), min(spent[peer])
    return {
        "file_bytes": len(content),
        "characters": len(text),
        "characters_peer": len(theirs),
        "cpu_seconds": round(least, 3),
        "cpu_seconds_peer": round(least_of_peer, 3),
        "ratio": round(least / least_of_peer, 3),
    }


def by_python_docx(content: bytes) -> str:
    """Paragraphs and tables in their order, which is all that python-docx offers."""
    out: list[str] = []
    for block in docx.Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            out += (cell.text for row in block.rows for cell in row.cells)
        else:
            out.append(block.text)
    return "\n".join(out)


def by_pypdfium2(content: bytes) -> str:
    """Page by page, as its documentation does it."""
    document = pypdfium2.PdfDocument(content)
    texts = []
    for number in range(len(document)):
        page = document[number]
        layer = page.get_textpage()
        texts.append(layer.get_text_range())
        layer.close()
        page.close()
    document.close()
    return "".join(texts)


def isolated(rounds: int) -> Figures:
    """What a process of its own costs: wall seconds for a file of one line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.txt"
        path.write_text(sentence(random.Random(1)), encoding="utf-8")
        command = [sys.executable, str(ROOT / "manage.py"), "extract", str(path)]
        return {
            "wall_seconds": least_wall(lambda: extract_isolated(path, "a.txt"), rounds),
            "wall_seconds_command": least_wall(
                lambda: subprocess.run(command, check=True, capture_output=True), rounds
            ),
        }


def least_wall(act: Callable[[], object], rounds: int) -> float:
    spent = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        spent.append(time.perf_counter() - started)
    return round(min(spent), 3)


def sentence(chance: random.Random, length: int = LINE) -> str:
    """Characters without sense: half of GB 2312's common ones, in Unicode's order."""
    return "".join(chr(chance.randrange(0x4E00, 0x5E00)) for _ in range(length))


def long_docx() -> bytes:
    chance, document = random.Random(7), docx.Document()
    for _ in range(PARAGRAPHS):
        paragraph = document.add_paragraph(sentence(chance, 30))
        paragraph.add_run(sentence(chance, 20)).bold = True
    table = document.add_table(ROWS, COLUMNS)
    for row in table.rows:
        for cell in row.cells:
            cell.text = sentence(chance, 12)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def long_pdf() -> bytes:
    chance, out = random.Random(7), BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(out)
    for _ in range(PAGES):
        canvas.setFont("STSong-Light", 12)
        for line in range(LINES):
            canvas.drawString(57, 780 - 19 * line, sentence(chance))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    main()
