"""`python -m evidence.extractors.child REQUEST`: read the file on stdin, confined.

isolation.py starts us and waits for one line of JSON. For a PDF the number of its
pages goes before, on a line of its own, so that it waits longer.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Any

from evidence.extractors import PDF, ExtractionError, extract, sniff
from evidence.extractors.confinement import LARGEST, confine, lengthen, time_for

Request = dict[str, Any]
Answer = dict[str, Any]


def main() -> None:
    request: Request = json.loads(sys.argv[1])
    confine(request["seconds"], request["most"])
    try:
        _tell(_answer(request))
    except ExtractionError as refusal:
        _tell({"refused": refusal.code})
    except MemoryError:
        _tell({"refused": "too_large"})
    except Exception as failure:
        _tell({"refused": "malformed", "failure": _where(failure)})


def _answer(request: Request) -> Answer:
    content = sys.stdin.buffer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ExtractionError("too_large")
    return TASKS[request["task"]](content, request)


def _sniffed(content: bytes, request: Request) -> Answer:
    return {"media_type": sniff(content, request["name"])}


def _extracted(content: bytes, request: Request) -> Answer:
    media_type = request["media_type"] or sniff(content, request["name"])
    if media_type == PDF and request["most"] > request["seconds"]:
        pages = import_module("evidence.extractors.pdf").page_count(content)
        lengthen(time_for(pages))
        _write(str(pages))
    return {"media_type": media_type, "extract": asdict(extract(content, media_type))}


def _listed(content: bytes, request: Request) -> Answer:
    read_listing = import_module("evidence.extractors.listing").read_listing
    listing = asdict(read_listing(content))
    day = listing["uploaded_on"]
    return {"listing": listing | {"uploaded_on": day and day.isoformat()}}


def _tabled(content: bytes, request: Request) -> Answer:
    read_table = import_module("evidence.extractors.table").read_table
    return {"table": read_table(content)}


TASKS: dict[str, Callable[[bytes, Request], Answer]] = {
    "sniff": _sniffed,
    "extract": _extracted,
    "listing": _listed,
    "table": _tabled,
}


def _tell(answer: Answer) -> None:
    _write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


def _write(line: str) -> None:
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


def _where(failure: Exception) -> str:
    """What failed and where, for the log: without a word of the file."""
    place = failure.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    line = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    return f"{type(failure).__name__} at {line}"


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to put away
