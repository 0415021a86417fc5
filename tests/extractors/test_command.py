import subprocess
import sys
from pathlib import Path

import pytest

from evidence.extractors import command
from tests.extractors.making import SENTENCE, docx, listing_page, paragraph

ROOT = Path(__file__).parents[2]


def run(*arguments: str, site: bool = True) -> subprocess.CompletedProcess[bytes]:
    isolated = [] if site else ["-S", "-E"]
    return subprocess.run(
        [sys.executable, *isolated, str(ROOT / "manage.py"), *arguments],
        capture_output=True,
        check=False,
        timeout=30,
    )


def test_extract_prints_the_text_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(docx(paragraph(SENTENCE)))

    done = run("extract", str(file))

    assert done.returncode == 0
    assert done.stdout.decode() == f"{SENTENCE}\n"
    assert done.stderr == b""


def test_without_django_the_command_says_what_to_run() -> None:
    done = run("extract", "a.docx", site=False)

    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"script/bootstrap" in done.stderr


def test_extract_of_a_listing_prints_its_preview(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "page.txt"
    file.write_text(listing_page(f"1、{SENTENCE}"), encoding="utf-8")

    assert command.main([str(file)]) == 0
    assert capfdbinary.readouterr().out.decode() == SENTENCE


def test_a_refusal_is_one_line_with_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"")

    assert command.main([str(file)]) == 65
    assert capsys.readouterr().err == "REFUSED: empty The file holds no bytes.\n"


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(docx(paragraph(SENTENCE) * 2_000))

    done = run("extract", str(file), "--seconds", "0.00001")

    assert done.returncode == 65
    assert done.stdout == b""
    assert done.stderr.startswith(b"REFUSED: timeout ")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["absent.docx"],
        ["."],
        ["a", "b"],
        [__file__, "--seconds", "soon"],
        [__file__, "--seconds", "0"],
        [__file__, "--seconds", "nan"],
    ],
)
def test_wrong_usage_is_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)

    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
