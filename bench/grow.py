"""Measure how the cost of a query grows with the index.

python bench/grow.py --corpus FILE --queries FILE --sizes 1000,10000,100000

Page-size pieces of the corpus are repeated with salt until there are enough: hashes of
grams that few texts hold are changed in each repetition, those that many hold are kept,
so that common phrases stay as common as they are. The postings of each size are loaded
in the order of the index into a SQLite file of its own, and asked by a process of its
own, whose peak memory is what screening needs. Each query quotes half a page of one of
the first thousand pieces, which every size holds. Figures go to standard output as
JSON, CPU time as the median of three runs of a query.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import match
import numpy as np

if TYPE_CHECKING:
    from evidence.matching.fingerprints import Fingerprints

Figures = dict[str, Any]
Array = np.ndarray[Any, np.dtype[Any]]
PIECE = 900  # characters
KEPT = 60  # texts that hold a gram before salting leaves it alone
ROWS = 1_000_000  # postings turned into Python's numbers at once
RUNS = 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--most-queries", type=int, default=72)
    parser.add_argument("--load", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        json.dump(_loaded(arguments), sys.stdout)
    elif arguments.ask:
        json.dump(_asked(arguments), sys.stdout)
    else:
        sizes = sorted(int(size) for size in arguments.sizes.split(","))
        json.dump([_measured(arguments, size) for size in sizes], sys.stdout, indent=1)
        sys.stdout.write("\n")


def _measured(arguments: argparse.Namespace, size: int) -> Figures:
    """Load an index of one size and ask it, each in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = folder / "asked.json"
        asked.write_text(json.dumps(_queries(arguments)), encoding="utf-8")
        command = [sys.executable, __file__, "--folder", folder]
        command += ["--corpus", arguments.corpus, "--queries", arguments.queries]
        figures = {"texts": size}
        for step in (["--load", size], ["--ask", asked]):
            told = subprocess.run(
                [str(part) for part in [*command, *step]],
                check=True,
                stdout=subprocess.PIPE,
            )
            figures |= json.loads(told.stdout)
    sys.stderr.write(f"{figures}\n")
    return figures


def _queries(arguments: argparse.Namespace) -> list[str]:
    """Return texts that nobody has, each with half a page of the first thousand."""
    pieces = list(islice(_pieces(arguments.corpus), 1000))
    hosts = [each["text"] for each in match._lines(arguments.queries) if each["neg"]]
    return [
        hosts[at % len(hosts)][:PIECE] + pieces[13 * at][PIECE // 4 : 3 * PIECE // 4]
        for at in range(arguments.most_queries)
    ]


def _pieces(path: Path) -> Iterator[str]:
    for record in match._lines(path):
        text = record["text"]
        for at in range(0, max(1, len(text) - PIECE // 2), PIECE):
            yield text[at : at + PIECE]


def _loaded(arguments: argparse.Namespace) -> Figures:
    match._configure(None, arguments.folder)
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    size = arguments.load
    pieces = list(islice(_pieces(arguments.corpus), size))
    match._stored([{"text": piece} for piece in pieces])
    empty, started = match._bytes(), time.process_time()
    postings = _postings(pieces, size)
    fingerprinting, started = time.process_time() - started, time.process_time()
    _insert(postings, size)
    figures = {
        "fingerprinting_cpu_s": round(fingerprinting, 2),
        "loading_cpu_s": round(time.process_time() - started, 2),
        "postings": int(postings[0].size),
        "index_bytes_per_text": (match._bytes() - empty) // size,
    }
    connection.close()
    return figures


def _postings(pieces: list[str], size: int) -> tuple[Array, Array, Array]:
    """Return hash, text and position of every posting, in the order of the index."""
    from evidence.matching.fingerprints import fingerprints
    from evidence.matching.normalize import normalize
    from evidence.matching.params import Params

    params = Params()
    samples = [fingerprints(normalize(piece), params) for piece in pieces]
    common = _common(samples)
    lengths = [sample.size for sample in samples]
    hashes = np.concatenate([sample.hashes for sample in samples])
    positions = np.concatenate([sample.positions for sample in samples])
    texts = np.repeat(np.arange(1, len(samples) + 1, dtype=np.int64), lengths)
    salted = ~np.isin(hashes, common)
    rounds = [
        (
            np.where(salted, hashes ^ _salt(round_), hashes),
            texts + round_ * len(samples),
            positions,
        )
        for round_ in range(-(-size // len(samples)))
    ]
    columns = [np.concatenate(column) for column in zip(*rounds, strict=True)]
    kept = columns[1] <= size
    order = np.argsort(columns[0][kept], kind="stable")
    hash_, text, position = (column[kept][order] for column in columns)
    return hash_, text, position


def _common(samples: list["Fingerprints"]) -> Array:
    hashes, counts = np.unique(
        np.concatenate([np.unique(sample.hashes) for sample in samples]),
        return_counts=True,
    )
    return hashes[counts > KEPT]


def _salt(round_: int) -> np.uint64:
    return np.uint64((round_ * 0x9E3779B97F4A7C15) % (1 << 46))


def _insert(postings: tuple[Array, Array, Array], size: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for at in range(0, postings[0].size, ROWS):
            rows = [column[at : at + ROWS].tolist() for column in postings]
            cursor.executemany(
                "INSERT INTO evidence_fingerprint (hash, text, position)"
                " VALUES (%s, %s, %s)",
                list(zip(*rows, strict=True)),
            )
        cursor.executemany(
            "INSERT INTO evidence_indexed (text, fingerprints, rule)"
            " VALUES (%s, 0, 'grown')",
            [(text,) for text in range(1, size + 1)],
        )


def _asked(arguments: argparse.Namespace) -> Figures:
    match._configure(None, arguments.folder)
    from evidence.index import FingerprintIndex
    from evidence.matching.params import Params
    from evidence.matching.screen import screen

    queries, params = json.loads(arguments.ask.read_text(encoding="utf-8")), Params()
    for query in queries[:10]:  # tables that are worked out once a process
        screen(query, FingerprintIndex(), params)
    spent, found = [], 0
    for query in queries:
        runs = []
        for _ in range(RUNS):
            started = time.process_time()
            screening = screen(query, FingerprintIndex(), params)
            runs.append(1000 * (time.process_time() - started))
        spent.append(statistics.median(runs))
        found += bool(screening.resemblances)
    return {
        "queries": len(queries),
        "found": found,
        "query_cpu_ms_p50": round(statistics.median(spent), 3),
        "query_cpu_ms_p95": round(statistics.quantiles(spent, n=20)[-1], 3),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
