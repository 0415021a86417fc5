"""Run lint and both test runs, and time them (script/test).

All run at the same time: a test run keeps one core busy, so the browser has a run of
its own, and lint fills what is left. SQLite prints as it goes; what the others said
comes after it. Each has its process in a zone of its own (tests/conftest.py): no date
may depend on where a server stands.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import postgresql

ROOT = Path(__file__).resolve().parent.parent
WITHOUT_BROWSER = "--without-browser"
NEW_YORK = "America/New_York"
NOTHING_COLLECTED = 5  # pytest's exit code
LIMIT = {"everyday": 20 * 60.0, "full": 75 * 60.0}  # seconds; a hang ends there


@dataclass(frozen=True, slots=True)
class Stage:
    """One timed part of the run. code is its exit code."""

    name: str
    seconds: float
    code: int


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(prog="script/test", allow_abbrev=False)
    parser.add_argument("--all", action="store_true", help="the full size")
    args, chosen = parser.parse_known_args()
    size = "full" if args.all else "everyday"
    os.chdir(ROOT)
    os.environ["ANJIAN_TEST_SIZE"] = size
    # Some machines keep Python from writing bytecode; our children are hundreds.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    print("== pytest; durability is off on both databases", flush=True)
    with postgresql.throwaway() as url:
        stages = _side_by_side(_plan(chosen, url, LIMIT[size]), LIMIT[size])
    return _summary(stages, size, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class Run:
    """One process of the suite; `database` is the address of a PostgreSQL server,
    `zone` a name of the time zone database, or none for what has no clock."""

    command: list[str]
    zone: str = ""
    database: str = ""

    def start(self, said: IO[bytes] | None) -> subprocess.Popen[bytes]:
        environment = {**os.environ}
        environment.pop("DATABASE_URL", None)
        if self.database:
            environment["DATABASE_URL"] = self.database
        if self.zone:
            environment |= {"TZ": self.zone, "ANJIAN_TEST_ZONE": self.zone}
        errors = subprocess.STDOUT if said else None
        return subprocess.Popen(
            self.command, env=environment, stdout=said, stderr=errors
        )


def _plan(chosen: list[str], url: str, limit: float) -> dict[str, Run]:
    """What runs, by name; the first prints as it goes. Where a test seems to hang, it
    is printed after half of the limit: the programmes at full size take a third."""
    told = ["--durations=10", "--durations-min=2"]
    told += ["-o", f"faulthandler_timeout={limit / 2:.0f}"]
    pytest = [sys.executable, "-m", "pytest", *told, *chosen]
    on_postgresql = Run(pytest, "Asia/Shanghai", url)
    if set(chosen) - {WITHOUT_BROWSER}:
        print("== lint is left out: the arguments choose tests", flush=True)
        return {"sqlite": Run(pytest, NEW_YORK), "postgresql": on_postgresql}
    runs = {
        "sqlite": Run([*pytest, "-m", "not browser"], NEW_YORK),
        "postgresql": on_postgresql,
        "browser": Run([*pytest, "-m", "browser"], "UTC"),
        "lint": Run(["script/lint"]),
    }
    if WITHOUT_BROWSER in chosen:
        del runs["browser"]
    return runs


def _side_by_side(plan: dict[str, Run], limit: float) -> list[Stage]:
    _loud, *quiet = plan
    zones = (f"{name} in {run.zone}" for name, run in plan.items() if run.zone)
    print(f"== zone of the process: {', '.join(zones)}", flush=True)
    with contextlib.ExitStack() as stack:
        said: dict[str, IO[bytes]] = {}
        for name in quiet:
            said[name] = stack.enter_context(tempfile.TemporaryFile())
        started = time.monotonic()
        runs = {name: run.start(said.get(name)) for name, run in plan.items()}
        try:
            stages = _await(runs, started, limit)
        finally:
            for run in runs.values():
                _end(run)
            for name in quiet:
                _print(name, said[name])
    return _forgive_nothing_collected(stages)


def _print(name: str, said: IO[bytes]) -> None:
    print(f"\n== {name}", flush=True)
    said.seek(0)
    shutil.copyfileobj(said, sys.stdout.buffer)
    sys.stdout.flush()


def _await(
    runs: dict[str, subprocess.Popen[bytes]], started: float, limit: float
) -> list[Stage]:
    """Wait for all runs, at most `limit` seconds each from the start."""
    stages: list[Stage] = []
    left = dict(runs)
    while left:
        time.sleep(0.1)
        seconds = time.monotonic() - started
        for name, run in list(left.items()):
            if run.poll() is None and seconds > limit:
                print(f"== {name} ended after {limit:.0f} s", flush=True)
                _end(run)
            if run.returncode is not None:
                stages.append(Stage(name, seconds, run.returncode))
                if name == "lint" and run.returncode:
                    print("\n== lint FAILED; what it said comes last", flush=True)
                del left[name]
    return stages


def _end(run: subprocess.Popen[bytes]) -> None:
    """End a run as Ctrl-C does, so that it closes its browser and its databases."""
    if run.poll() is None:
        run.send_signal(signal.SIGINT)
        try:
            run.wait(15)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()


def _forgive_nothing_collected(stages: list[Stage]) -> list[Stage]:
    """A choice may name tests of one database only; naming none at all is an error."""
    tests = [stage for stage in stages if stage.name != "lint"]
    if all(stage.code == NOTHING_COLLECTED for stage in tests):
        return stages
    return [
        Stage(stage.name, stage.seconds, 0)
        if stage.code == NOTHING_COLLECTED
        else stage
        for stage in stages
    ]


def _summary(stages: list[Stage], size: str, seconds: float) -> int:
    print()
    for stage in stages:
        verdict = "passed" if stage.code == 0 else f"FAILED (exit code {stage.code})"
        print(f"== {stage.name:<10} {stage.seconds:6.1f} s  {verdict}")
    print(f"== {'together':<10} {seconds:6.1f} s  {size} size")
    return max((abs(stage.code) for stage in stages), default=1)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
