"""Start the web process and the worker, and stop both together (script/server).

This process only watches: the two others hold Django. It makes the listening socket
itself, so that a taken port is known before the database is touched.
"""

import argparse
import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("ANJIAN_VAR", ROOT / "var"))
GRACE = 10.0  # seconds that a process has to end before it is killed

stop_asked = threading.Event()


def main() -> int:
    args = _arguments()
    started = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop_asked.set())
    os.chdir(ROOT)
    logs = _log_folder()
    listener = _listen(args.bind, args.port)
    accounts = _prepare(args)
    with listener:
        listener.set_inheritable(True)
        web = _start("web", _gunicorn(listener.fileno()), logs, listener.fileno())
    worker = _start("worker", [sys.executable, "manage.py", "work"], logs)
    children = {"web": web, "worker": worker}
    try:
        if _answers(args, children):
            _greet(args, logs, accounts, time.monotonic() - started)
        while not stop_asked.wait(0.2) and not _ended(children):
            pass
        return _report(children, logs)
    finally:
        _stop(children)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen at")
    port = os.environ.get("PORT", "8000")
    parser.add_argument("--port", type=int, default=port, help="default 8000, or $PORT")
    parser.add_argument("--no-demo", action="store_true", help="leave it empty")
    return parser.parse_args()


def _refuse(sentence: str) -> SystemExit:
    print(f"script/server: {sentence}", file=sys.stderr)
    return SystemExit(1)


def _log_folder() -> Path:
    logs = VAR / "log"
    try:
        logs.mkdir(parents=True, exist_ok=True)
        for name in ("web", "worker"):
            path = logs / f"{name}.log"
            if path.exists():
                path.replace(logs / f"{name}.log.1")
            path.touch()
    except OSError as error:
        raise _refuse(f"cannot write to {VAR}: {error.strerror}.") from None
    return logs


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OverflowError:
        raise _refuse(f"{port} is no port.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"port {port} is taken; choose another with --port."
        else:
            why = str(error.strerror).partition(" (")[0]
            reason = f"cannot listen at {host} port {port}: {why}."
        raise _refuse(reason) from None


def _prepare(args: argparse.Namespace) -> str:
    """Migrate and load the demo in a process of its own; return the account lines."""
    command = [sys.executable, "script/prepare.py", "--bind", args.bind]
    if args.no_demo:
        command.append("--no-demo")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    threading.Thread(target=_end_when_asked, args=[process], daemon=True).start()
    accounts, _ = process.communicate()
    if stop_asked.is_set():
        raise SystemExit(0)
    if process.returncode:
        raise SystemExit(process.returncode)
    return accounts


def _end_when_asked(process: subprocess.Popen[str]) -> None:
    stop_asked.wait()
    process.terminate()


def _gunicorn(fd: int) -> list[str]:
    # One worker process with threads: SQLite has one writer, and memory stays small.
    return [
        *(sys.executable, "-m", "gunicorn", "moderation.wsgi:application"),
        *("--bind", f"fd://{fd}", "--worker-class", "gthread"),
        *("--workers", "1", "--threads", "8", "--graceful-timeout", "5"),
        # Who looked at what is in this log; who did what is in the ledger.
        *("--access-logfile", "-", "--no-control-socket"),
    ]


def _start(
    name: str, command: list[str], logs: Path, fd: int | None = None
) -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl-C reaches this process alone.
    with (logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=() if fd is None else (fd,),
            start_new_session=True,
        )


def _answers(
    args: argparse.Namespace, children: dict[str, subprocess.Popen[bytes]]
) -> bool:
    """Wait for the first answer of the web process; False when there will be none."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(args.bind, args.bind)
    while not stop_asked.wait(0.1) and not _ended(children):
        connection = http.client.HTTPConnection(host, args.port, timeout=2)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/")
            connection.getresponse()
            return True
        connection.close()
    return False


def _greet(args: argparse.Namespace, logs: Path, accounts: str, seconds: float) -> None:
    host = f"[{args.bind}]" if ":" in args.bind else args.bind
    print(f"Anjian is at http://{host}:{args.port}/ after {seconds:.1f} s.")
    print(f"What it says goes to {logs}. Ctrl-C stops it.")
    if accounts:
        print(f"\n{accounts}", end="")
    sys.stdout.flush()


def _ended(children: dict[str, subprocess.Popen[bytes]]) -> list[str]:
    return [name for name, child in children.items() if child.poll() is not None]


def _report(children: dict[str, subprocess.Popen[bytes]], logs: Path) -> int:
    """Say which process ended by itself, with its last words; 0 when we were asked."""
    if stop_asked.is_set():
        return 0
    for name in _ended(children):
        code = children[name].returncode
        words = (logs / f"{name}.log").read_text(errors="replace").splitlines()
        print(f"script/server: {name} ended with code {code}.", file=sys.stderr)
        print("\n".join(words[-20:]), file=sys.stderr)
    return 1


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        # Each leads a process group: whatever it had started goes with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
