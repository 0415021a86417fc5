"""Look for every copy of one work: 200 uploads that hold 5–40 % of it.

python bench/rights.py --corpus FILE --docs 3000

The work is a text of some 6,000 characters, put together from sentences of documents
that are not in the index. Half of the copies have 10 % of their characters edited; each
stands in a document of its own, among --docs other documents. Figures go to standard
output as JSON, of screening settings beside those of the rights mode.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

import match

COPIES, NOISE = 200, 0.10
WORK = 6000  # characters
GROUPS = ("classic", "wiki", "poem")  # whose sentences do not recur by themselves


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--docs", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default=None, help="URL of an empty database")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        match._configure(arguments.database, Path(folder))
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        figures = _figures(arguments)
        connection.close()
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _figures(arguments: argparse.Namespace) -> dict[str, Any]:
    from evidence.index import FingerprintIndex
    from evidence.matching.params import Params
    from evidence.matching.screen import screen

    chosen = random.Random(arguments.seed)
    records = list(match._lines(arguments.corpus))
    others = list(islice(records, arguments.docs))
    work, hosts = _work(records[arguments.docs :], chosen)
    copies = [{"text": _copy(work, hosts, at, chosen)} for at in range(COPIES)]
    every = [*others, *copies]
    texts, params = match._stored(every), Params()
    match._index(texts, every, params, frozenset())
    known = set(texts[len(others) :])
    figures: dict[str, Any] = {"work_characters": len(work), "copies": COPIES}
    for name, rights in (("screening", False), ("rights", True)):
        started = time.process_time()
        found = {
            each.text
            for each in screen(
                work, FingerprintIndex(), params, rights=rights
            ).resemblances
        }
        figures[name] = {
            "found": len(found & known),
            "false": len(found - known),
            "cpu_ms": round(1000 * (time.process_time() - started), 1),
        }
    return figures


def _work(
    records: list[dict[str, Any]], chosen: random.Random
) -> tuple[str, list[str]]:
    """Return a work nobody in the index has, and texts for its copies to stand in."""
    chosen.shuffle(records)
    sentences = [
        sentence + "。"
        for record in records[:400]
        if record["grp"] in GROUPS
        for sentence in record["text"].split("。")
        if 20 <= len(sentence) <= 120
    ]
    chosen.shuffle(sentences)
    work = ""
    while len(work) < WORK:
        work += sentences.pop()
    return work, [record["text"][:4000] for record in records[400:] if record["text"]]


def _copy(work: str, hosts: list[str], at: int, chosen: random.Random) -> str:
    length = int(len(work) * chosen.uniform(0.05, 0.40))
    start = chosen.randrange(len(work) - length)
    passage = work[start : start + length]
    if at % 2:
        passage = "".join(_edited(char, chosen) for char in passage)
    host = hosts[at % len(hosts)]
    place = chosen.randrange(len(host))
    return host[:place] + passage + host[place:]


def _edited(char: str, chosen: random.Random) -> str:
    if chosen.random() >= NOISE:
        return char
    other = chr(chosen.randrange(0x4E00, 0x9000))
    return chosen.choice(["", other, char + other])


if __name__ == "__main__":
    main()
