"""What the one door, the clocks and the ledger cost: python bench/cases.py

One JSON object of figures on standard output, progress on standard error. Durable
settings: SQLite with synchronous=FULL, or with --postgresql a throw-away server that
forces every commit to disk. The work lies under var/ unless --folder says otherwise:
a folder in memory would forget what "durable" costs.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
A_CASE = 300  # items: the most that a notice may list
STANDING = 50  # documents on which an answer goes to and fro
REASONING = "两份文本有多处整段相同，初步证据充分。"


def main() -> None:
    arguments = _arguments()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-cases-", dir=arguments.folder))
    try:
        with _database(folder, postgresql=arguments.postgresql) as url:
            _configure(url, folder)
            json.dump(_figures(arguments), sys.stdout, indent=1)
            sys.stdout.write("\n")
    finally:
        shutil.rmtree(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--appends", type=int, default=2_000)
    parser.add_argument("--deadlines", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["notice", "append", "catch_up", "verify"])
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--folder", type=Path, default=ROOT / "var")
    return parser.parse_args()


@contextlib.contextmanager
def _database(folder: Path, *, postgresql: bool) -> Iterator[str]:
    if not postgresql:
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    sys.path.insert(0, str(ROOT / "script"))
    from postgresql import throwaway

    with throwaway(durable=True) as url:
        yield url


def _configure(url: str, folder: Path) -> None:
    import django

    sys.path.insert(0, str(ROOT))
    os.environ["ANJIAN_VAR"] = str(folder)
    os.environ["DATABASE_URL"] = url
    os.environ["CLOCK_PROFILES"] = "civil"
    os.environ["DJANGO_SETTINGS_MODULE"] = "moderation.settings"
    django.setup()


def _figures(arguments: argparse.Namespace) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    figures: dict[str, Any] = {"database": connection.vendor, "durable": True}
    runs: dict[str, Callable[[], dict[str, Any]]] = {
        "notice": notice,
        "append": lambda: append(arguments.appends),
        "catch_up": lambda: catch_up(arguments.deadlines),
        "verify": lambda: verify(arguments.entries),
    }
    for name, run in runs.items():
        if arguments.only in (None, name):
            print(f"{name} …", file=sys.stderr, flush=True)
            figures[name] = run()
    connection.close()
    return figures


def notice() -> dict[str, Any]:
    """300 items submitted, accepted and decided; statements of 3, 30 and 300. What
    is counted is not timed: keeping the statements costs more than asking them."""
    seconds = _filed(A_CASE, _timed)
    return {
        "items": A_CASE,
        **{f"{name}_seconds": taken for name, taken in seconds.items()},
        "queries": {items: _filed(items, _counted) for items in (3, 30, A_CASE)},
        "bar_seconds": 3,
    }


Measure = Callable[[Callable[[], object]], float]


def _filed(items: int, measure: Measure) -> dict[str, float]:
    from cases.models import Case, CaseItem
    from cases.services import advance, advance_all, claim
    from tests.factories import make_senior

    case, submit = _drafted(items)
    # So many are a senior's to measure.
    senior = make_senior()
    steps = {"submit": measure(submit)}
    filed = Case.objects.get(pk=case.pk)
    claim(filed, by=senior, at=AT)
    steps["accept"] = measure(
        lambda: advance(filed, "accept", by=senior, at=AT, profile="civil")
    )
    listed = list(CaseItem.objects.filter(case=case))
    facts = {"measure": "interim_down", "reasoning": REASONING}
    steps["measure"] = measure(
        lambda: advance_all(listed, "measure_and_forward", by=senior, at=AT, **facts)
    )
    return steps


def _drafted(items: int) -> tuple[Any, Callable[[], object]]:
    from cases.declarations import DECLARATIONS
    from cases.filing import list_documents, open_draft, submit
    from evidence.actors import Actor
    from tests.factories import make_document, make_party, make_user, make_work

    party = make_party(user=make_user())
    filer = Actor(user_id=None, parties=frozenset({party.pk}))
    case = open_draft(claimant=party, by=filer, at=AT)
    documents = [make_document(at=AT) for _ in range(items)]
    work = make_work(party=party, at=AT)
    list_documents(case, work, documents, by=filer, manner="part")
    return case, lambda: submit(
        case,
        by=filer,
        at=AT,
        expect_version=0,
        declared=[declaration.code for declaration in DECLARATIONS],
        signature=party.name,
    )


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return round(time.perf_counter() - started, 2)


def _counted(act: Callable[[], object]) -> float:
    """Return how many statements an act asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def append(count: int) -> dict[str, Any]:
    """What the door adds to a bare insert by the ORM, turn by turn; each turn is a
    transaction of its own, forced to disk.

    append: a step that writes its ledger entry and nothing beside it (an answer waits
    for what it lacks, and has it), to a bare insert of the entry's columns. finalise:
    the step that writes most (decision, two letters, effect, clock), to a bare insert
    of its entry, and of all the rows that it inserts.
    """
    items = _measured(2 * count)
    aside = _drafted(1)[0]
    return {
        "appends": count,
        "append": _appended(items[:count]),
        "finalise": _finalised(items[count:], aside),
        "bar": 0.5,
    }


def _appended(items: Sequence[int]) -> dict[str, Any]:
    from cases.services import advance
    from evidence.actors import SYSTEM

    seconds = {"advance": 0.0, "bare_entry": 0.0}
    steps = ("await_counter", "resume_counter")
    for number, item in enumerate(_items(items[:STANDING])):
        advance(item, "receive_counter", by=SYSTEM, at=AT)
        for turn in range(len(items) // STANDING):
            started = time.perf_counter()
            entry = advance(item, steps[turn % 2], by=SYSTEM, at=AT)
            seconds["advance"] += time.perf_counter() - started
            copy = _copy(entry, number * len(items) + turn, stream="bare.append")
            seconds["bare_entry"] += _inserted([copy])
    return _rates(seconds, len(items) // STANDING * STANDING)


def _finalised(items: Sequence[int], aside: Any) -> dict[str, Any]:
    from cases.services import advance
    from evidence.actors import SYSTEM

    seconds = {"advance": 0.0, "bare_entry": 0.0, "bare_rows": 0.0}
    for number, item in enumerate(_items(items)):
        started = time.perf_counter()
        entry = advance(item, "finalise", by=SYSTEM, at=AT)
        seconds["advance"] += time.perf_counter() - started
        seconds["bare_entry"] += _inserted([_copy(entry, 2 * number)])
        rows = [_copy(entry, 2 * number + 1), *_beside(entry, number, aside)]
        seconds["bare_rows"] += _inserted(rows)
    return _rates(seconds, len(items))


def _items(pks: Sequence[int]) -> Sequence[Any]:
    """The documents, in a database that knows how many rows its tables have."""
    from django.db import connection

    from cases.models import CaseItem

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(CaseItem.objects.filter(pk__in=pks).order_by("pk"))


def _rates(seconds: dict[str, float], count: int) -> dict[str, Any]:
    bare = {name: taken for name, taken in seconds.items() if name != "advance"}
    return {
        **{f"{name}_per_second": round(count / s) for name, s in seconds.items()},
        **{f"to_{n}": round(s / seconds["advance"], 3) for n, s in bare.items()},
    }


def _inserted(rows: Sequence[Any]) -> float:
    """Insert rows by the bare ORM in one transaction; return the seconds."""
    from django.db import transaction

    started = time.perf_counter()
    with transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
    return time.perf_counter() - started


def _copy(entry: Any, number: int, stream: str = "bare") -> Any:
    from evidence.ledger import LedgerEntry

    names = ("at", "actor", "role", "kind", "payload", "payload_version", "prev")
    values = {name: getattr(entry, name) for name in names}
    digest = sha256(f"{stream} {number}".encode()).hexdigest()
    return LedgerEntry(stream=stream, seq=number + 1, hash=digest, **values)


def _beside(entry: Any, number: int, aside: Any) -> list[Any]:
    """What else an act inserted, once more, under an older entry and another case."""
    from cases.models import Decision, Effect, Notice
    from evidence.ledger import LedgerEntry

    free = LedgerEntry.objects.filter(stream="bare", seq=2 * number + 1).get()
    rows: list[Any] = [*Decision.objects.filter(entry=entry)]
    rows += Effect.objects.filter(entry=entry)
    rows += Notice.objects.filter(entry=entry)
    for place, row in enumerate(rows):
        row.pk, row.entry = None, free
        if isinstance(row, Effect):
            row.key = f"bare-{number}-{place}"
        if isinstance(row, Notice):
            row.case, row.public_id = aside, uuid.uuid4()
            row.number = f"bare-{number}-{place}"
    return rows


def catch_up(count: int) -> dict[str, Any]:
    """Bare advance() of as many documents, then the same many by the scheduler."""
    from cases.firing import fire_due
    from cases.models import CaseItem, Deadline
    from cases.services import advance
    from evidence.actors import SYSTEM

    items = _measured(2 * count)
    bare, due = items[:count], items[count:]
    rows = list(CaseItem.objects.filter(pk__in=bare))
    started = time.perf_counter()
    for item in rows:
        advance(item, "finalise", by=SYSTEM, at=AT)
    advanced = time.perf_counter() - started
    late = AT + timedelta(days=40)
    Deadline.objects.open().filter(clock="window").exclude(item__in=due).update(
        ended_at=late, ending="void"
    )
    started = time.perf_counter()
    fired = fire_due(at=late, limit=count)
    caught_up = time.perf_counter() - started
    assert fired == count, fired
    return {
        "deadlines": count,
        "bare_per_second": round(count / advanced),
        "fired_per_second": round(count / caught_up),
        "ratio": round(advanced / caught_up, 3),
        "bar": 0.8,
    }


def _measured(count: int) -> Sequence[int]:
    """Return the ids of so many documents under a measure, in cases of 300."""
    from cases.models import CaseItem

    found: list[int] = []
    while len(found) < count:
        _filed(min(A_CASE, count - len(found)), _timed)
        fresh = CaseItem.objects.filter(state="measured").exclude(pk__in=found)
        found += fresh.order_by("pk").values_list("pk", flat=True)
        print(f"  {len(found)} measured", file=sys.stderr, flush=True)
    return found[:count]


def verify(count: int) -> dict[str, Any]:
    """Verify so many entries in streams of 50, with a witness of all of them."""
    from django.db import transaction

    from evidence import ledger
    from evidence.actors import SYSTEM
    from evidence.checkpoints import seal, witnessed
    from evidence.ledger import Act

    payload = {"id": 7, "from": "measured", "to": "final", "version": 3}
    acts = 50
    for first in range(0, count, 10_000):
        batch = [
            Act(f"BQ-2026-{9_000_000 + number // acts:06d}", "item.finalise", payload)
            for number in range(first, min(first + 10_000, count))
        ]
        with transaction.atomic():
            ledger.append_all(batch, by=SYSTEM, roles=["system"] * len(batch), at=AT)
    started = time.perf_counter()
    seal(at=AT)
    sealing = time.perf_counter() - started
    started, worked = time.perf_counter(), time.process_time()
    found = ledger.verify(witness=witnessed())
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    assert not found.breaks
    return {
        "entries": found.entries,
        "streams": found.streams,
        "seal_seconds": round(sealing, 1),
        "verify_seconds": round(seconds, 1),
        "verify_cpu_seconds": round(worked, 1),
        "bar_seconds": 60,
    }


if __name__ == "__main__":
    main()
