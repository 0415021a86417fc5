"""Measure the peers of the matcher: rensa and SQLite FTS5 trigrams with rapidfuzz.

python bench/peers.py --corpus FILE --docs N --queries FILE --out FILE --peer NAME

Runs in an environment of its own (pip install rensa rapidfuzz), without Django and
without the project. The corpus and the queries are what gen.py of the shared benchmark
wrote, --out is what its evaluate.py reads; one JSON object of figures is printed.
"""

import argparse
import json
import re
import resource
import sqlite3
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Span = tuple[int, int, int, int]
Answer = Callable[[str], list[Record]]

_UNREAD = re.compile(r"[\W_]+")
_GRAM = 5
_BANDS, _HASHES, _LEAST = 16, 128, 0.5
_SNIPPETS, _SNIPPET, _READ = 48, 24, 20
_ALIKE, _PASSAGE = 62, 60


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--docs", type=int, default=None, help="the first so many")
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--peer", choices=["rensa", "fts5"], required=True)
    arguments = parser.parse_args()
    texts = [each["text"] for each in islice(_lines(arguments.corpus), arguments.docs)]
    peer = {"rensa": _rensa, "fts5": _fts5}[arguments.peer]
    started = time.process_time()
    answer, size = peer(texts)
    build = time.process_time() - started
    spent = _answered(arguments, answer)
    figures = {
        "peer": arguments.peer,
        "docs": len(texts),
        "build_cpu_s": round(build, 2),
        "index_bytes_per_doc": size // len(texts) if size else None,
        "queries": len(spent),
        "query_cpu_ms_p50": round(statistics.median(spent), 3),
        "query_cpu_ms_p95": round(statistics.quantiles(spent, n=20)[-1], 3),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _answered(arguments: argparse.Namespace, answer: Answer) -> list[float]:
    """Write one answer a query; return the CPU time of each in milliseconds."""
    spent: list[float] = []
    with arguments.out.open("w", encoding="utf-8") as out:
        for query in _lines(arguments.queries):
            started = time.process_time()
            hits = answer(query["text"])
            spent.append(1000 * (time.process_time() - started))
            told = {"qid": query["qid"], "cpu_ms": round(spent[-1], 3), "hits": hits}
            out.write(json.dumps(told) + "\n")
    return spent


def _folded(text: str) -> str:
    return _UNREAD.sub("", unicodedata.normalize("NFKC", text)).lower()


def _rensa(texts: list[str]) -> tuple[Answer, int]:
    """MinHash of character 5-grams in bands: finds texts alike as a whole."""
    from rensa import RMinHash, RMinHashLSH

    def minhash(text: str) -> Any:
        folded = _folded(text)
        made = RMinHash(num_perm=_HASHES, seed=42)
        made.update([folded[at : at + _GRAM] for at in range(len(folded) - _GRAM + 1)])
        return made

    index = RMinHashLSH(threshold=_LEAST, num_perm=_HASHES, num_bands=_BANDS)
    held = []
    for line, text in enumerate(texts):
        held.append(minhash(text))
        index.insert(line, held[-1])

    def answer(text: str) -> list[Record]:
        query = minhash(text)
        return [
            {"doc": line, "spans": []}
            for line in index.query(query)
            if query.jaccard(held[line]) >= _LEAST
        ]

    return answer, 0  # its tables live in memory that nothing tells the size of


def _fts5(texts: list[str]) -> tuple[Answer, int]:
    """Snippets of the query looked up as substrings, texts that hold several read."""
    from rapidfuzz import fuzz

    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE held USING fts5(text, tokenize='trigram', detail='none')"
    )
    folded = [_folded(text) for text in texts]
    base.executemany(
        "INSERT INTO held (rowid, text) VALUES (?, ?)", enumerate(folded, start=1)
    )
    base.commit()

    def answer(text: str) -> list[Record]:
        query = _folded(text)
        step = max(_SNIPPET, len(query) // _SNIPPETS)
        seeds: dict[int, list[tuple[int, int]]] = {}
        for at in range(0, max(1, len(query) - _SNIPPET), step):
            snippet = query[at : at + _SNIPPET // 3]
            rows = base.execute(
                "SELECT rowid FROM held WHERE text LIKE ? LIMIT 64", [f"%{snippet}%"]
            )
            for (row,) in rows:
                seeds.setdefault(row - 1, []).append(
                    (at, folded[row - 1].find(snippet))
                )
        ranked = sorted(seeds, key=lambda line: -len(seeds[line]))[:_READ]
        hits = [(line, _spans(query, folded[line], seeds[line])) for line in ranked]
        return [{"doc": line, "spans": []} for line, spans in hits if spans]

    def _spans(query: str, found: str, pairs: list[tuple[int, int]]) -> list[Span]:
        spans: list[Span] = []
        for q, f in pairs:
            start = min(q, f, _PASSAGE)
            one = query[q - start : q + _PASSAGE]
            other = found[f - start : f + _PASSAGE]
            if min(len(one), len(other)) < _PASSAGE:
                continue
            if fuzz.ratio(one, other, score_cutoff=_ALIKE):
                spans.append((q - start, q + _PASSAGE, f - start, f + _PASSAGE))
        return spans

    sizes = base.execute(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    )
    return answer, int(sizes.fetchone()[0]) - sum(len(t.encode()) for t in folded)


if __name__ == "__main__":
    main()
