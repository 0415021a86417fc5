"""Two real web servers on one database: a limit is one limit, also after a restart.

What the everyday run asks of eight processes (test_contest.py), asked from outside.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cases.limits import LIMITS

pytestmark = pytest.mark.full
ROOT = Path(__file__).resolve().parent.parent.parent
STATUS = "/report/status/"
LIMIT = LIMITS["receipt_address"]
SERVERS = 2


class Servers:
    """gunicorn as script/serve.py starts it, once a port."""

    def __init__(self, var: Path) -> None:
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name != "DJANGO_SETTINGS_MODULE"
        } | {"ANJIAN_VAR": str(var), "STATIC_HASHED": "off"}
        self.ports: list[int] = []
        self.processes: list[subprocess.Popen[bytes]] = []

    def migrate(self) -> None:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        with ExitStack() as held:
            listeners = [
                held.enter_context(socket.create_server(("127.0.0.1", 0)))
                for _ in range(SERVERS)
            ]
            self.ports = [each.getsockname()[1] for each in listeners]
            self.processes = [self._gunicorn(each.fileno()) for each in listeners]

    def _gunicorn(self, fd: int) -> "subprocess.Popen[bytes]":
        os.set_inheritable(fd, True)
        command = [
            *(sys.executable, "-m", "gunicorn", "moderation.wsgi:application"),
            *("--bind", f"fd://{fd}", "--worker-class", "gthread"),
            *("--workers", "1", "--threads", "4", "--no-control-socket"),
        ]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, pass_fds=(fd,))

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    running = Servers(tmp_path)
    running.migrate()
    running.start()
    yield running
    running.stop()


def ask(port: int, nth: int) -> tuple[int, HTTPResponse]:
    """Guess a code from a new session, under an address of its own invention; return
    the window of the limit and the answer."""
    spoofed = {"X-Forwarded-For": f"203.0.113.{nth % 250}", "Forwarded": f"for={nth}"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", STATUS, headers=spoofed)
        with connection.getresponse() as page:
            page.read()
            found = re.search(r"csrftoken=(\w+)", page.headers["Set-Cookie"])
            assert found is not None
            token = found.group(1)
        body = {"number": f"HZ-2026-{nth:06d}", "code": "AAAA-BBBB-CCCC"}
        headers = spoofed | {
            "Cookie": f"csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        said = urlencode(body | {"csrfmiddlewaretoken": token})
        connection.request("POST", STATUS, said, headers)
        with connection.getresponse() as answer:
            answer.read()
            return int(time.time()) // LIMIT.seconds, answer


def ask_often(ports: list[int], count: int) -> list[tuple[int, HTTPResponse]]:
    with ThreadPoolExecutor(8) as threads:
        return list(
            threads.map(lambda nth: ask(ports[nth % len(ports)], nth), range(count))
        )


def test_two_servers_keep_one_limit_whatever_the_headers_claim(
    servers: Servers,
) -> None:
    answers = ask_often(servers.ports, 3 * LIMIT.count)
    servers.stop()
    servers.start()
    answers += ask_often(servers.ports, 4)
    assert {answer.status for _window, answer in answers} == {200, 429}
    passed = Counter(window for window, answer in answers if answer.status == 200)
    refused = [(window, answer) for window, answer in answers if answer.status == 429]
    # The window may have turned meanwhile: each has its own room, and no more.
    assert all(count <= LIMIT.count for count in passed.values())
    assert all(passed[window] == LIMIT.count for window, _answer in refused)
    assert all(
        0 < int(answer.headers["Retry-After"]) <= LIMIT.seconds
        for _window, answer in refused
    )
    if len({window for window, _answer in answers}) == 1:
        assert [answer.status for _window, answer in answers[-4:]] == [429] * 4
