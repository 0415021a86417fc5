"""Run the matcher and its peers on the same queries and print the table of figures.

python bench/table.py --shared ../shared/bench --peers var/bench/bin/python --docs 6000

--peers is the Python of an environment with numpy numba opencc rapidfuzz rensa; the
queries are generated when --work does not hold them yet. --postgresql adds our own
column on a throw-away server; --grow and --rights print what grow.py and rights.py do.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "script"))
import postgresql  # noqa: E402 — a script beside us, not a package

Figures = dict[str, Any]
ROWS = {
    "micro_recall": "recall (micro)",
    "precision": "precision",
    "neg_flagged": "negatives flagged, of 60",
    "plagdet": "macro plagdet, without shuffle",
    "query_cpu_ms_p50": "query CPU p50, ms",
    "query_cpu_ms_p95": "query CPU p95, ms",
    "first_p50": "asked in turn (turns.py), first round, p50, ms",
    "first_p95": "the same, p95",
    "median_p50": "median of five rounds, p50, ms",
    "median_p95": "the same, p95",
    "query_cpu_ms_mean": "query CPU mean, ms, ours alone",
    "server_cpu_ms_mean": "and of the database's server, ms",
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
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--rights", action="store_true")
    parser.add_argument("--grow", default=None, help="sizes, say 1000,200000,1000000")
    parser.add_argument("--work", type=Path, default=HERE.parent / "var" / "bench")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    queries = arguments.work / f"queries-{arguments.docs}-{arguments.seed}.jsonl"
    corpus = arguments.work / f"corpus-{arguments.docs}.jsonl"
    if not (queries.exists() and corpus.exists()):
        command = [arguments.peers, arguments.shared / "gen.py", "--n", "12"]
        command += ["--seed", arguments.seed, "--docs", arguments.docs]
        _run([*command, "--out", queries, "--corpus-out", corpus])
    with tempfile.TemporaryDirectory() as kept:
        _print(_columns(arguments, queries, corpus, kept))
    if arguments.rights:
        _tell([HERE / "rights.py", "--corpus", corpus, "--docs", "3000"])
    if arguments.grow:
        grow = [HERE / "grow.py", "--corpus", corpus, "--queries", queries]
        _tell([*grow, "--sizes", arguments.grow])


def _columns(
    arguments: argparse.Namespace, queries: Path, corpus: Path, kept: str
) -> dict[str, Figures]:
    work, docs = arguments.work, ["--docs", arguments.docs]
    shelf = [*docs, "--shelf", arguments.shelf]
    read = ["--corpus", corpus, "--queries", queries]
    ours = [sys.executable, HERE / "match.py", *read, *shelf]
    prototype = [arguments.peers, arguments.shared / "run_prototype.py", queries]
    peer = [arguments.peers, HERE / "peers.py", *read, *docs]
    commands = {
        "ours, SQLite": [*ours, "--out", work / "sqlite.jsonl", "--folder", kept],
        "prototype": [*prototype, work / "prototype.jsonl", *shelf],
        "rensa": [*peer, "--peer", "rensa", "--out", work / "rensa.jsonl"],
        "FTS5": [*peer, "--peer", "fts5", "--out", work / "fts5.jsonl"],
    }
    columns = {name: _told(command) for name, command in commands.items()}
    turns = [sys.executable, HERE / "turns.py", *read, *shelf, "--folder", kept]
    turns += ["--shared", arguments.shared, "--peers", arguments.peers]
    in_turn = _told(turns)
    for name, who in (("ours, SQLite", "ours"), ("prototype", "prototype")):
        for kind, shares in in_turn[who].items():
            columns[name] |= {f"{kind}_{key}": each for key, each in shares.items()}
    if arguments.postgresql:
        commands["ours, PostgreSQL"] = [*ours, "--out", work / "postgresql.jsonl"]
        with postgresql.throwaway() as url:
            command = [*commands["ours, PostgreSQL"], "--database", url]
            columns["ours, PostgreSQL"] = _told(command)
    for name in columns:
        answers = work / f"{name.removeprefix('ours, ').lower()}.jsonl"
        judge = [arguments.peers, arguments.shared / "evaluate.py", queries, answers]
        columns[name] |= _told([*judge, *shelf])
    return columns


def _tell(command: list[Any]) -> None:
    sys.stdout.write(_run([sys.executable, *command]))


def _run(command: list[Any]) -> str:
    return subprocess.run(
        [str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _told(command: list[Any]) -> Figures:
    answer: Figures = json.loads(_run(command))
    return answer


def _print(columns: dict[str, Figures]) -> None:
    lines = [["", *columns, "ours to the prototype's"], ["---"] * (len(columns) + 2)]
    ours, prototype = columns["ours, SQLite"], columns["prototype"]
    for key, label in ROWS.items():
        values = [figures.get(key) for figures in columns.values()]
        ratio = None
        if ours.get(key) and prototype.get(key):
            ratio = ours[key] / prototype[key]
        lines.append([label, *(_written(value) for value in [*values, ratio])])
    sys.stdout.write("".join(f"| {' | '.join(line)} |\n" for line in lines))


def _written(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}" if value < 1000 else f"{value:.0f}"


if __name__ == "__main__":
    main()
