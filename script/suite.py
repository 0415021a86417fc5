"""Run lint and both test runs, and time them (script/test).

The two databases run at the same time: one run keeps one core busy. SQLite prints
as it goes; what PostgreSQL's run said comes after it.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import postgresql

ROOT = Path(__file__).resolve().parent.parent
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
    started = time.monotonic()
    stages = []
    if any(argument != "--without-browser" for argument in chosen):
        print("== lint is left out: the arguments choose tests", flush=True)
    else:
        stages.append(_timed("lint", lambda: _run(["script/lint"], LIMIT[size])))
    stages += _both_databases(chosen, LIMIT[size])
    return _summary(stages, size, time.monotonic() - started)


def _timed(name: str, run: Callable[[], int]) -> Stage:
    started = time.monotonic()
    code = run()
    return Stage(name, time.monotonic() - started, code)


def _run(command: list[str], limit: float) -> int:
    try:
        return subprocess.run(command, check=False, timeout=limit).returncode
    except subprocess.TimeoutExpired:
        print(f"== ended after {limit:.0f} s: {' '.join(command)}", flush=True)
        return 124


def _both_databases(chosen: list[str], limit: float) -> list[Stage]:
    slowest = ["--durations=10", "--durations-min=2"]
    pytest = [sys.executable, "-m", "pytest", *slowest, *chosen]
    print("== pytest; durability is off on both databases", flush=True)
    sqlite_environment = {**os.environ}
    sqlite_environment.pop("DATABASE_URL", None)
    with tempfile.TemporaryFile() as said, postgresql.throwaway() as url:
        started = time.monotonic()
        postgres_run = subprocess.Popen(
            pytest,
            env={**os.environ, "DATABASE_URL": url},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        sqlite_run = subprocess.Popen(pytest, env=sqlite_environment)
        runs = {"sqlite": sqlite_run, "postgresql": postgres_run}
        try:
            stages = _await(runs, started, limit)
        finally:
            for run in runs.values():
                _end(run)
            print("\n== pytest on PostgreSQL", flush=True)
            said.seek(0)
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.flush()
    return _forgive_nothing_collected(stages)


def _await(
    runs: dict[str, subprocess.Popen[bytes]], started: float, limit: float
) -> list[Stage]:
    """Wait for both runs, at most `limit` seconds each from the start."""
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
    if all(stage.code == NOTHING_COLLECTED for stage in stages):
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
