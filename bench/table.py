"""Run the matcher and its peers on the same queries and print the table of figures.

python bench/table.py --shared ../shared/bench --peers var/bench/bin/python --docs 6000

--peers is the Python of an environment with numpy numba opencc rapidfuzz rensa; the
queries are generated when --work does not hold them yet.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
Figures = dict[str, Any]
ROWS = {
    "micro_recall": "recall (micro)",
    "precision": "precision",
    "neg_flagged": "negatives flagged, of 60",
    "plagdet": "macro plagdet, without shuffle",
    "query_cpu_ms_p50": "query CPU p50, ms",
    "query_cpu_ms_p95": "query CPU p95, ms",
    "build_cpu_s": "build CPU, s",
    "index_bytes_per_doc": "index bytes a document",
    "shelf_proposals": "shelf proposals, all accepted",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--docs", default="6000")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--shelf", default="law")
    parser.add_argument("--work", type=Path, default=HERE.parent / "var" / "bench")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    queries = arguments.work / f"queries-{arguments.docs}-{arguments.seed}.jsonl"
    corpus = arguments.work / f"corpus-{arguments.docs}.jsonl"
    if not (queries.exists() and corpus.exists()):
        command = [arguments.peers, arguments.shared / "gen.py", "--n", "12"]
        command += ["--seed", arguments.seed, "--docs", arguments.docs]
        _run([*command, "--out", queries, "--corpus-out", corpus])
    _print(_columns(arguments, queries, corpus))


def _columns(
    arguments: argparse.Namespace, queries: Path, corpus: Path
) -> dict[str, Figures]:
    shelf = ["--docs", arguments.docs, "--shelf", arguments.shelf]
    read = ["--corpus", corpus, "--docs", arguments.docs, "--queries", queries]
    out = {name: arguments.work / f"{name}.jsonl" for name in ("ours", "proto")}
    prototype = [arguments.peers, arguments.shared / "run_prototype.py"]
    ours = [sys.executable, HERE / "match.py", *read, "--out", out["ours"]]
    rensa = [arguments.peers, HERE / "peers.py", *read, "--peer", "rensa"]
    columns = {
        "ours, SQLite": _told([*ours, "--shelf", arguments.shelf]),
        "prototype": _told([*prototype, queries, out["proto"], *shelf]),
        "rensa": _told([*rensa, "--out", arguments.work / "rensa.jsonl"]),
    }
    judge = [arguments.peers, arguments.shared / "evaluate.py", queries]
    for column, name in (("ours, SQLite", "ours"), ("prototype", "proto")):
        columns[column] |= _told([*judge, out[name], *shelf])
    return columns


def _run(command: list[Any]) -> str:
    return subprocess.run(
        [str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _told(command: list[Any]) -> Figures:
    answer: Figures = json.loads(_run(command))
    return answer


def _print(columns: dict[str, Figures]) -> None:
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    for key, label in ROWS.items():
        values = [figures.get(key) for figures in columns.values()]
        lines.append([label, *(_written(value) for value in values)])
    sys.stdout.write("".join(f"| {' | '.join(line)} |\n" for line in lines))


def _written(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}" if value < 1000 else f"{value:.0f}"


if __name__ == "__main__":
    main()
