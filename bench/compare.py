"""The side-by-side page of a 200-page bundle against a 9-page work: how long it takes.

    .venv/bin/python bench/compare.py [--pages 200] [--work 9] [--times 7]

Makes both in a database of its own, has the worker compare them and opens the page as
an examiner would, through the whole of Django. Prints one JSON object: milliseconds of
CPU and of the clock (medians), queries, bytes, and the pages that were found.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHARACTERS = 900  # a page


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--work", type=int, default=9)
    parser.add_argument("--times", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder))
        print(json.dumps(_measured(args.pages, args.work, args.times)))
    return 0


def _set_up(folder: Path) -> None:
    sys.path.insert(0, str(ROOT))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "moderation.settings",
        "ANJIAN_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'compare.sqlite3'}",
        "STATIC_HASHED": "0",
        "CLOCK_PROFILES": "civil",
        "ALLOWED_HOSTS": "testserver",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _measured(pages: int, work: int, times: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from evidence.page_pairs import page_pairs
    from tests.desk.matters import make_examiner
    from tests.desk.test_side_by_side import bundled

    case, match = bundled(pages, first=pages // 2, work_pages=work)
    client: Client = make_examiner()[1]
    address = f"/desk/cases/{case.reference}/items/1/"
    client.get(address)  # the templates are compiled once for all
    cpu, clock, answer = [], [], None
    for _ in range(times):
        began = time.process_time(), time.perf_counter()
        answer = client.get(address)
        cpu.append((time.process_time() - began[0]) * 1000)
        clock.append((time.perf_counter() - began[1]) * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert answer is not None
    return {
        "bundle_pages": pages,
        "work_pages": work,
        "status": answer.status_code,
        "cpu_ms": round(statistics.median(cpu), 1),
        "clock_ms": round(statistics.median(clock), 1),
        "queries": len(queries),
        "bytes": len(answer.content),
        "page_pairs": [
            [row.query.page, row.found.page, row.characters]
            for row in page_pairs(match)
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
