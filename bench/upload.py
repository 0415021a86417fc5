"""Send files that are far too large to the real server, and say what they cost it.

python bench/upload.py [--megabytes 500]

Starts script/serve.py on an empty folder of its own and signs in. Prints one JSON
object: for a body that says its length and for one whose single file goes over the
limit on the way, the answer's status, the seconds between the byte that crossed the
limit and the answer, and by how much the web process grew. `bar` is what may be.
"""

import argparse
import json
import os
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
MB = 1 << 20
LIMIT = 100 * MB  # settings.UPLOAD_MAX_BYTES, passed on below
EMAIL, PASSWORD = "bench@example.com", "correct-horse-battery-9"
ACCOUNT = (
    "from moderation.models import User;"
    f"User.objects.create_user(email={EMAIL!r}, password={PASSWORD!r})"
)
BOUNDARY = "anjian-bench"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="sample_file"; '
    'filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n'
).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    size = parser.parse_args().megabytes * MB
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as port:
        cookies = signed_in(port)
        web = web_process(port)
        send(port, cookies, 3 * MB, web)  # loads what is loaded once
        figures = {
            # The whole body is over what one form may bring: told by its length.
            "whole_body": send(port, cookies, size, web, request_limit=0),
            # The body may pass, its one file may not.
            "one_file": send(port, cookies, 2 * LIMIT + 50 * MB, web),
        }
    bar = {"seconds_after_limit": 2, "grown_mb": 10}
    json.dump(figures | {"bar": bar}, sys.stdout, indent=1)
    sys.stdout.write("\n")


@contextmanager
def served(folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "ANJIAN_VAR": str(folder),
        "STATIC_HASHED": "off",
        "UPLOAD_MAX_BYTES": str(LIMIT),
        "TMPDIR": str(folder),
    }
    python = [sys.executable, "script/serve.py", "--no-demo", "--port", str(port)]
    server = subprocess.Popen(
        python, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        if "Anjian is at" not in server.stdout.readline():
            raise SystemExit("the server did not come up")
        account = [sys.executable, "manage.py", "shell", "-v", "0", "-c", ACCOUNT]
        subprocess.run(account, cwd=ROOT, env=environment, check=True)
        yield port
    finally:
        server.terminate()
        server.wait()


def signed_in(port: int) -> str:
    """Return the cookies of a session, as a header."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/accounts/login/")
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), cookies_of(answer)
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    body = f"login={EMAIL}&password={PASSWORD}&csrfmiddlewaretoken={token}"
    headers = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/accounts/login/", body.replace("@", "%40"), headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise SystemExit(f"signing in gave {answer.status}")
    return cookies_of(answer)


def cookies_of(answer: Any) -> str:
    set_cookies = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(each.partition(";")[0] for each in set_cookies)


def web_process(port: int) -> psutil.Process:
    """The process that answers: the youngest of gunicorn's."""
    found = [
        process
        for process in psutil.process_iter(["cmdline"])
        if "gunicorn" in (process.info["cmdline"] or [])
        and any(each.laddr.port == port for each in process.net_connections("tcp"))
    ]
    return max(found, key=lambda process: process.create_time())


def send(
    port: int,
    cookies: str,
    size: int,
    web: psutil.Process,
    request_limit: int = LIMIT,
) -> dict[str, Any]:
    """Send a form with one file of so many bytes, and listen for the answer."""
    before, peak = web.memory_info().rss, Peak(web)
    head = (
        "POST /rights/works/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: {cookies}\r\nContent-Length: {len(HEAD) + size}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    block, sent, heard, crossed = bytes(MB), 0, b"", 0.0
    with (
        peak,
        socket.create_connection(("127.0.0.1", port)) as connection,
        selectors.DefaultSelector() as selector,
    ):
        connection.sendall(head.encode() + HEAD)
        selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while not heard:
            crossed = crossed or (time.monotonic() if sent >= request_limit else 0)
            [(_, events)] = selector.select(60) or [(None, 0)]
            if events & selectors.EVENT_READ:
                heard = connection.recv(1 << 16)
                break
            if sent < size:
                sent += connection.send(block[: size - sent])
        answered = time.monotonic()
        time.sleep(0.5)
    return {
        "bytes": size,
        "status": int(heard.split()[1]),
        "seconds_after_limit": round(answered - (crossed or answered), 3),
        "bytes_taken": sent,
        "grown_mb": round(max(0, peak.rss - before) / MB, 1),
    }


class Peak:
    """The most memory that a process holds while we look, every hundredth second."""

    def __init__(self, process: psutil.Process) -> None:
        self.process, self.rss, self.is_over = process, 0, threading.Event()
        self.watch = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self.is_over.wait(0.01):
            self.rss = max(self.rss, self.process.memory_info().rss)

    def __enter__(self) -> None:
        self.watch.start()

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.watch.join()


if __name__ == "__main__":
    main()
