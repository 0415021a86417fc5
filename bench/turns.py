"""Ask the prototype and the matcher the same queries in turn and compare their cost.

python bench/turns.py --shared ../shared/bench --peers var/bench/bin/python \
  --corpus FILE --docs N --shelf GROUP --queries FILE

Each is a process of its own: the prototype's holds in memory the index that it has
built, ours opens the file that another process has written. Both have frozen what they
hold (`gc.freeze`) and answered a few queries before. They answer the whole file in
turn, round after round, so that whatever else the machine does weighs on both. Figures
go to standard output as JSON: CPU time, in the first round, in which a page of the file
is read for the first time, and as the median of each query's rounds.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROUNDS = 5
WARMING = 20  # queries asked before any is timed

Ask = Callable[[str], object]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--peers", help="Python with numpy numba opencc rapidfuzz")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--docs", type=int, default=6000)
    parser.add_argument("--shelf", default=None)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--folder", type=Path, help="an index that match.py kept")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        ask = {"ours": _ours, "prototype": _prototype}[arguments.serve](arguments)
        _serve(ask, arguments.queries)
        return
    if arguments.folder:  # that match.py has kept
        figures = _compared(arguments)
    else:
        with tempfile.TemporaryDirectory() as name:
            arguments.folder = Path(name)
            _build(arguments)
            figures = _compared(arguments)
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _build(arguments: argparse.Namespace) -> None:
    """Write the index in a process that has nothing more to do with it then."""
    command = [sys.executable, HERE / "match.py", "--folder", arguments.folder]
    command += ["--corpus", arguments.corpus, "--queries", arguments.queries]
    command += ["--docs", arguments.docs, "--out", arguments.folder / "answers.jsonl"]
    command += ["--shelf", arguments.shelf] if arguments.shelf else []
    subprocess.run(
        [str(part) for part in command], check=True, stdout=subprocess.DEVNULL
    )


def _compared(arguments: argparse.Namespace) -> dict[str, Any]:
    given = [*sys.argv[1:], "--folder", arguments.folder]
    peers = {"ours": sys.executable, "prototype": arguments.peers}
    served = {
        who: _Served([python, __file__, *given, "--serve", who])
        for who, python in peers.items()
    }
    rounds: dict[str, list[list[float]]] = {who: [] for who in served}
    for _ in range(ROUNDS):
        for who, process in served.items():
            rounds[who].append(process.milliseconds())
    for process in served.values():
        process.end()
    figures: dict[str, Any] = {
        who: {
            "first": _shares(every[0]),
            "median": _shares(
                [statistics.median(runs) for runs in zip(*every, strict=True)]
            ),
        }
        for who, every in rounds.items()
    }
    figures["ratio"] = {
        kind: {
            share: round(value / figures["prototype"][kind][share], 2)
            for share, value in figures["ours"][kind].items()
        }
        for kind in ("first", "median")
    }
    return figures


def _shares(milliseconds: list[float]) -> dict[str, float]:
    return {
        "p50": round(statistics.median(milliseconds), 3),
        "p95": round(statistics.quantiles(milliseconds, n=20)[-1], 3),
    }


class _Served:
    """A process that answers all queries when told to, with the CPU time of each."""

    def __init__(self, command: list[Any]) -> None:
        self._process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def milliseconds(self) -> list[float]:
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        asked.write("\n")
        asked.flush()
        spent: list[float] = json.loads(told.readline())
        return spent

    def end(self) -> None:
        self._process.communicate()


def _serve(ask: Ask, path: Path) -> None:
    with path.open(encoding="utf-8") as lines:
        queries = [json.loads(line)["text"] for line in lines]
    gc.collect()
    gc.freeze()
    for query in queries[:WARMING]:
        ask(query)
    for _ in sys.stdin:
        spent: list[float] = []
        for query in queries:
            started = time.process_time()
            ask(query)
            spent.append(1000 * (time.process_time() - started))
        sys.stdout.write(json.dumps(spent) + "\n")
        sys.stdout.flush()


def _ours(arguments: argparse.Namespace) -> Ask:
    import match

    match._configure(None, arguments.folder)
    from evidence.index import FingerprintIndex
    from evidence.matching.params import Params
    from evidence.matching.screen import screen

    index, params = FingerprintIndex(), Params()
    return lambda query: screen(query, index, params)


def _prototype(arguments: argparse.Namespace) -> Ask:
    sys.path.insert(0, str(arguments.shared))
    from gen import load_corpus  # type: ignore[import-not-found]
    from prototype import FP, Matcher  # type: ignore[import-not-found]

    _, texts, groups = load_corpus(arguments.docs, None)
    shelf = {at for at, group in enumerate(groups) if group == arguments.shelf}
    matcher = Matcher(FP(k=8, p=16), texts, public=shelf or None)
    matcher.index(texts)
    return lambda query: matcher.query(query)


if __name__ == "__main__":
    main()
