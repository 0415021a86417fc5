"""`manage.py extract FILE [--seconds N]`: a file's text, without the database."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from typing import NoReturn

from evidence.extractors import ExtractionError, extract, sniff

SECONDS = 8.0
LARGEST = 512 << 20
OK, WRONG_USAGE, REFUSED = 0, 2, 65


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USAGE, f"{self.prog} FILE [--seconds N]: {message}\n")


def main(arguments: Sequence[str]) -> int:
    """Print the text of a file on stdout, or say on stderr why not; the exit code."""
    parser = _Arguments(prog="manage.py extract", description=__doc__)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--seconds", metavar="N", type=float, default=SECONDS)
    options = parser.parse_args(arguments)
    path = Path(options.file)
    if not path.is_file():
        parser.error(f"no such file: {path}")
    if not 0 < options.seconds < 86_400:
        parser.error("--seconds takes a number above 0")
    # A thread, because a signal waits until pdfium or libxml2 come back.
    limit = Timer(options.seconds, _stop)
    limit.daemon = True
    limit.start()
    try:
        return _print(path)
    except ExtractionError as refusal:
        return _refuse(refusal)
    except MemoryError:
        return _refuse(ExtractionError("too_large"))
    except OSError as error:
        parser.error(f"{path}: {error.strerror}")
    finally:
        limit.cancel()


def _print(path: Path) -> int:
    if path.stat().st_size > LARGEST:
        raise ExtractionError("too_large")
    content = path.read_bytes()
    found = extract(content, sniff(content, path.name))
    try:
        sys.stdout.buffer.write(found.text.encode("utf-8"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader, `head` perhaps, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def _refuse(refusal: ExtractionError) -> int:
    print(f"REFUSED: {refusal.code} {refusal.sentence}", file=sys.stderr)
    return REFUSED


def _stop() -> None:
    _refuse(ExtractionError("timeout"))
    sys.stderr.flush()
    os._exit(REFUSED)
