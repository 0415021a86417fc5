"""Files of strangers, read in a process of their own.

We never parse here: a child does, under the limits of confinement.py, and sends what
it read through a pipe. Whatever becomes of it, the caller gets an answer or an
ExtractionError. The child is a new program, not a fork, so threads may call this.
"""

import json
import logging
import os
import re
import selectors
import subprocess
import sys
import tempfile
from pathlib import Path
from signal import SIGABRT, SIGALRM, SIGILL, SIGKILL, SIGTRAP, SIGXCPU
from time import monotonic
from typing import IO, cast

from evidence.extractors.answers import (
    Answer,
    answer_in,
    extract_in,
    listing_in,
    media_type_in,
    table_in,
)
from evidence.extractors.confinement import MOST_SECONDS, SECONDS, time_for
from evidence.extractors.extracts import Extract, ExtractionError, Listing

ANSWER = 128 << 20
"""Bytes of the longest answer: the longest text, in UTF-8, and its places."""
CHILD = "evidence.extractors.child"
_ROOT = Path(__file__).parents[2]
_PAGES = re.compile(rb"(\d{1,9})\n")
_OVERTIME = {-SIGXCPU, -SIGALRM}
# How pdfium, the C++ library and Linux end what asks for too much memory.
_OUT_OF_MEMORY = {-SIGABRT, -SIGTRAP, -SIGILL, -SIGKILL}

logger = logging.getLogger(__name__)


def extract_isolated(
    file: Path | bytes,
    name: str,
    *,
    seconds: float | None = None,
    media_type: str | None = None,
) -> tuple[str, Extract]:
    """Return the media type and the text of a file, read in another process.

    seconds: wall clock; None: SECONDS, and for a PDF as many more as `time_for` says.
    media_type: as an earlier call told; None: find out from content and name.
    Raises ExtractionError: "timeout" and "too_large" when a limit was met,
    "malformed" when the reader broke down; OSError when the file is not there.
    """
    answer = _ask("extract", file, seconds, name=name, media_type=media_type)
    return media_type_in(answer), extract_in(answer)


def sniff_isolated(
    file: Path | bytes, name: str, *, seconds: float | None = None
) -> str:
    """Return the media type of a file, as `sniff` does; raises as above."""
    return media_type_in(_ask("sniff", file, seconds, name=name))


def listing_isolated(file: Path | bytes, *, seconds: float | None = None) -> Listing:
    """Return what a listing page says, as `read_listing` does; raises as above."""
    return listing_in(_ask("listing", file, seconds))


def table_isolated(
    file: Path | bytes, *, seconds: float | None = None
) -> list[list[str]]:
    """Return the rows of a list, as `read_table` does; raises as above."""
    return table_in(_ask("table", file, seconds))


def _ask(
    task: str,
    file: Path | bytes,
    seconds: float | None,
    *,
    name: str = "",
    media_type: str | None = None,
) -> Answer:
    times = {"seconds": seconds or SECONDS, "most": seconds or MOST_SECONDS}
    # Of a long name only the ending matters.
    asked = {"task": task, "name": name[-255:], "media_type": media_type}
    with _opened(file) as content, _started(times | asked, content) as child:
        try:
            answer = _heard(child, **times)
            child.wait(1)  # it has said all it had to say
        except subprocess.TimeoutExpired:
            raise ExtractionError("timeout") from None
        finally:
            child.kill()
    if child.returncode:
        raise _breach(child.returncode)
    return answer_in(answer)


def _opened(file: Path | bytes) -> IO[bytes]:
    if isinstance(file, Path):
        return file.open("rb")
    # A file without a name; a pipe would have to be fed while we listen.
    unnamed = tempfile.TemporaryFile()  # noqa: SIM115
    unnamed.write(file)
    unnamed.seek(0)
    return unnamed


def _started(request: Answer, content: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the child: the file and a pipe to us are all that it inherits."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-B", "-s", "-m", CHILD, json.dumps(request)],
        stdin=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={},  # our keys and passwords least of all
    )


def _heard(child: subprocess.Popen[bytes], seconds: float, most: float) -> bytes:
    """All that the child says until it falls silent.

    Where it first says how many pages there are, it has more time, though never more
    than `most`. Raises TimeoutExpired and ExtractionError("too_large").
    """
    pipe = cast(IO[bytes], child.stdout)
    started, heard, pages = monotonic(), bytearray(), None
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(max(0.0, started + seconds - monotonic())):
            part = os.read(pipe.fileno(), 1 << 18)
            if not part:
                return bytes(heard[pages.end() :] if pages else heard)
            heard += part
            if len(heard) > ANSWER:
                raise ExtractionError("too_large")
            if not pages and (pages := _PAGES.match(heard)):
                seconds = min(time_for(int(pages[1])), most)
    raise subprocess.TimeoutExpired(child.args, seconds)


def _breach(status: int) -> ExtractionError:
    """What a child's end without an answer means for the file."""
    if status in _OVERTIME:
        return ExtractionError("timeout")
    if status in _OUT_OF_MEMORY:
        return ExtractionError("too_large")
    logger.error("a reader ended with status %d", status)
    return ExtractionError("malformed")
