"""Measure how the cost of a query grows with the index.

python bench/grow.py --corpus FILE --queries FILE --sizes 1000,10000,100000

Page-size pieces of the corpus are repeated with salt until there are enough: hashes of
grams that few texts hold are changed in each repetition, those that many hold are kept,
so that common phrases stay as common as they are. Each query quotes one of the first
thousand pieces, which every size holds. Figures go to standard output as JSON.
"""

import argparse
import json
import resource
import statistics
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

PIECE = 900  # characters
KEPT = 60  # texts that hold a gram before salting leaves it alone


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--most-queries", type=int, default=72)
    arguments = parser.parse_args()
    sizes = sorted(int(size) for size in arguments.sizes.split(","))
    with tempfile.TemporaryDirectory() as folder:
        match._configure(None, Path(folder))
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        figures = _grown(arguments, sizes)
        connection.close()
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _pieces(path: Path) -> Iterator[str]:
    for record in match._lines(path):
        text = record["text"]
        for at in range(0, max(1, len(text) - PIECE // 2), PIECE):
            yield text[at : at + PIECE]


def _grown(arguments: argparse.Namespace, sizes: list[int]) -> list[dict[str, Any]]:
    from evidence import store
    from evidence.index import FingerprintIndex
    from evidence.matching.fingerprints import fingerprints
    from evidence.matching.normalize import normalize
    from evidence.matching.params import Params
    from evidence.matching.screen import screen

    params = Params()
    pieces = list(islice(_pieces(arguments.corpus), sizes[-1]))
    texts = match._stored([{"text": piece} for piece in pieces])
    samples = [fingerprints(normalize(piece), params) for piece in pieces]
    common = _common(samples)
    queries = _queries(arguments, pieces)
    figures, held, spent_building = [], 0, 0.0
    for size in sizes:
        started = time.process_time()
        while held < size:
            batch = range(held, min(size, held + 2000))
            store.add_many(
                (
                    texts[at] if at < len(texts) else texts[-1] + 1 + at,
                    _salted(samples[at % len(samples)], at // len(samples), common),
                )
                for at in batch
            )
            held = batch[-1] + 1
        spent_building += time.process_time() - started
        index, spent = FingerprintIndex(), []
        for query in [*queries[:10], *queries]:
            started = time.process_time()
            screen(query, index, params)
            spent.append(1000 * (time.process_time() - started))
        spent = spent[10:]
        figures.append(
            {
                "texts": size,
                "build_cpu_s": round(spent_building, 2),
                "query_cpu_ms_p50": round(statistics.median(spent), 3),
                "query_cpu_ms_p95": round(statistics.quantiles(spent, n=20)[-1], 3),
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                // 1024,
            }
        )
        sys.stderr.write(f"{figures[-1]}\n")
    return figures


def _queries(arguments: argparse.Namespace, pieces: list[str]) -> list[str]:
    """Return texts that nobody has, each with half a page of the first thousand."""
    hosts = [each["text"] for each in match._lines(arguments.queries) if each["neg"]]
    return [
        hosts[at % len(hosts)][:PIECE] + pieces[13 * at][PIECE // 4 : 3 * PIECE // 4]
        for at in range(arguments.most_queries)
    ]


def _common(samples: list["Fingerprints"]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    hashes, counts = np.unique(
        np.concatenate([np.unique(sample.hashes) for sample in samples]),
        return_counts=True,
    )
    return hashes[counts > KEPT]


def _salted(
    sample: "Fingerprints", round_: int, common: np.ndarray[Any, np.dtype[np.uint64]]
) -> "Fingerprints":
    from evidence.matching.fingerprints import Fingerprints

    if round_ == 0:
        return sample
    salt = np.uint64((round_ * 0x9E3779B97F4A7C15) % (1 << 46))
    changed = np.where(
        np.isin(sample.hashes, common), sample.hashes, sample.hashes ^ salt
    )
    return Fingerprints(changed, sample.positions, sample.rule)


if __name__ == "__main__":
    main()
