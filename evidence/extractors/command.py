"""`manage.py extract FILE [--seconds N]`: a file's text, without the database."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from evidence.extractors.confinement import SECONDS
from evidence.extractors.extracts import ExtractionError
from evidence.extractors.isolation import extract_isolated

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
    try:
        _, found = extract_isolated(path, path.name, seconds=options.seconds)
    except ExtractionError as refusal:
        print(f"REFUSED: {refusal.code} {refusal.sentence}", file=sys.stderr)
        return REFUSED
    except OSError as error:
        parser.error(f"{path}: {error.strerror}")
    _print(found.text)
    return OK


def _print(text: str) -> None:
    try:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader, `head` perhaps, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
