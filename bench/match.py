"""Answer a file of queries from an index of our own and say what it cost.

python bench/match.py --corpus FILE --docs N --shelf GROUP --queries FILE --out FILE

--corpus and --queries are what gen.py of the shared benchmark wrote, --out is what its
evaluate.py reads. One JSON object of figures goes to standard output. Without
--database the index is a temporary SQLite file on which nothing is forced to disk.
"""

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evidence.matching.index import Index
    from evidence.matching.params import Params

Record = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 500  # documents indexed in one transaction
WARMING = 20  # queries asked before any is timed


def main() -> None:
    arguments = _arguments()
    if arguments.ask:
        _configure(arguments.database, arguments.folder)
        json.dump(_asked(arguments), sys.stdout)
        return
    if arguments.folder:
        figures = _figures(arguments)
    else:
        with tempfile.TemporaryDirectory() as folder:
            arguments.folder = Path(folder)
            figures = _figures(arguments)
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _figures(arguments: argparse.Namespace) -> Record:
    _configure(arguments.database, arguments.folder)
    # Django reads its settings when these are first imported.
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    records = list(islice(_lines(arguments.corpus), arguments.docs))
    figures: Record = {"database": connection.vendor}
    # Of a database that was given we do not know what it forces to disk.
    figures["durable"] = None if arguments.database else False
    figures |= _run(records, arguments)
    connection.close()
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--docs", type=int, default=None, help="the first so many")
    parser.add_argument("--shelf", default=None, help="a group free to copy")
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--database", default=None, help="URL of an empty database")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="keep the index in it")
    return parser.parse_args()


def _configure(database: str | None, folder: Path) -> None:
    import django

    sys.path.insert(0, str(ROOT))
    os.environ["ANJIAN_VAR"] = str(folder)
    os.environ["DATABASE_URL"] = database or f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ["SQLITE_SYNCHRONOUS"] = "OFF"
    os.environ["DJANGO_SETTINGS_MODULE"] = "moderation.settings"
    django.setup()


def _lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _run(records: list[Record], arguments: argparse.Namespace) -> Record:
    from django.db import connection

    from evidence.matching.params import Params
    from evidence.proposing import accept_all, propose

    params = Params()
    texts = _stored(records)
    shelved = [
        text
        for text, record in zip(texts, records, strict=True)
        if arguments.shelf and record["grp"] == arguments.shelf
    ]
    size_before = _bytes()
    started = time.process_time()
    _index(texts, records, params, frozenset(shelved))
    build = time.process_time() - started
    index_bytes = _bytes() - size_before
    _put_on_shelf(shelved, arguments.shelf, params)
    started = time.process_time()
    proposed = propose(params, at=AT)
    accept_all(params, at=AT)
    figures: Record = {
        "docs": len(records),
        "characters": sum(len(record["text"]) for record in records),
        "build_cpu_s": round(build, 2),
        "index_bytes_per_doc": index_bytes // len(records),
        "shelf_proposals": proposed,
        "proposing_cpu_s": round(time.process_time() - started, 2),
    }
    asked = arguments.folder / "lines.json"
    asked.write_text(json.dumps({text: line for line, text in enumerate(texts)}))
    connection.close()
    figures |= _asked_apart(arguments, asked)
    return figures


def _asked_apart(arguments: argparse.Namespace, lines: Path) -> Record:
    """Ask in a process of its own: one that screens has indexed nothing before."""
    command = [sys.executable, __file__, "--ask", lines, "--folder", arguments.folder]
    command += ["--queries", arguments.queries, "--out", arguments.out]
    command += ["--corpus", arguments.corpus]
    if arguments.database:
        command += ["--database", arguments.database]
    told = subprocess.run(
        [str(part) for part in command], check=True, stdout=subprocess.PIPE
    )
    figures: Record = json.loads(told.stdout)
    return figures


def _asked(arguments: argparse.Namespace) -> Record:
    from evidence.index import FingerprintIndex
    from evidence.matching.params import Params

    lines = {
        int(text): line for text, line in json.loads(arguments.ask.read_text()).items()
    }
    params = Params()
    server = _server_seconds()
    milliseconds = _answer(arguments, FingerprintIndex(), lines, params)
    asked = len(milliseconds) + WARMING
    return {
        "queries": len(milliseconds),
        "query_cpu_ms_p50": round(statistics.median(milliseconds), 3),
        "query_cpu_ms_p95": round(statistics.quantiles(milliseconds, n=20)[-1], 3),
        "query_cpu_ms_mean": round(statistics.fmean(milliseconds), 3),
        "server_cpu_ms_mean": round(1000 * (_server_seconds() - server) / asked, 3),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "parameters": params.digest(),
    }


def _put_on_shelf(texts: list[int], name: str, params: "Params") -> None:
    from evidence.models import Text
    from evidence.shelving import put_on_shelf, shelf_named

    if texts:
        shelf = shelf_named(name, at=AT)
        for text in Text.objects.filter(pk__in=texts).iterator():
            put_on_shelf(text, shelf, params, at=AT)


def _stored(records: list[Record]) -> list[int]:
    """Put the texts where the pipeline would have; return their ids in order."""
    from evidence.models import Blob, Text

    blobs = Blob.objects.bulk_create(
        [
            Blob(
                sha256=f"{line:064x}",
                size_bytes=len(record["text"]),
                media_type="text/plain",
                stored_as="",
                received_at=AT,
            )
            for line, record in enumerate(records)
        ],
        batch_size=BATCH,
    )
    texts = Text.objects.bulk_create(
        [
            Text(
                blob=blob,
                media_type="text/plain",
                state=Text.State.OK,
                content=record["text"],
                characters=len(record["text"]),
                indexed_at=AT,
            )
            for blob, record in zip(blobs, records, strict=True)
        ],
        batch_size=BATCH,
    )
    return [text.pk for text in texts]


def _index(
    texts: list[int], records: list[Record], params: "Params", left_out: frozenset[int]
) -> None:
    """Index the texts; those `left_out` are free to copy and stand on a shelf."""
    from django.db import transaction

    from evidence import store
    from evidence.matching.fingerprints import fingerprints
    from evidence.matching.normalize import normalize

    for start in range(0, len(texts), BATCH):
        batch = slice(start, start + BATCH)
        with transaction.atomic():
            store.add_many(
                (text, fingerprints(normalize(record["text"]), params))
                for text, record in zip(texts[batch], records[batch], strict=True)
                if text not in left_out
            )


def _bytes() -> int:
    """Return the size of the fingerprint tables, or of the whole file on SQLite."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT page_count * page_size FROM"
                " pragma_page_count(), pragma_page_size()"
            )
        else:
            cursor.execute(
                "SELECT sum(pg_total_relation_size(relid)) FROM ("
                " SELECT relid FROM pg_partition_tree('evidence_fingerprint')"
                " UNION ALL SELECT 'evidence_indexed'::regclass) AS tables"
            )
        return int(cursor.fetchone()[0])


def _server_seconds() -> float:
    """Return the CPU time of the database's process that serves us; SQLite has none.

    Read from Linux's /proc, so the server must run on this machine.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _answer(
    arguments: argparse.Namespace,
    index: "Index",
    lines: dict[int, int],
    params: "Params",
) -> list[float]:
    """Write one answer a query; return the CPU time of each in milliseconds."""
    from evidence.matching.screen import screen

    queries = list(_lines(arguments.queries))
    gc.collect()
    gc.freeze()  # as the worker does, which screens what is uploaded
    for query in queries[:WARMING]:  # tables that are worked out once a process
        screen(query["text"], index, params)
    spent: list[float] = []
    with arguments.out.open("w", encoding="utf-8") as out:
        for query in queries:
            started = time.process_time()
            screening = screen(query["text"], index, params)
            spent.append(1000 * (time.process_time() - started))
            hits = [
                {
                    "doc": lines[each.text],
                    "spans": [[*p.query, *p.found] for p in each.passages],
                }
                for each in screening.resemblances
            ]
            answer = {"qid": query["qid"], "cpu_ms": round(spent[-1], 3), "hits": hits}
            out.write(json.dumps(answer) + "\n")
    return spent


if __name__ == "__main__":
    main()
