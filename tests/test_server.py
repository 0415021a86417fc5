"""script/server, from outside: what it says, and that nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" in os.environ, reason="starts on a SQLite of its own"
)
ROOT = Path(__file__).resolve().parent.parent
Server = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def var_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests here: migrating is most of a first start."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def server(var_folder: Path, port: int) -> Iterator[Server]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, var: Path = var_folder) -> "subprocess.Popen[str]":
        command = [sys.executable, str(ROOT / "script/serve.py"), "--no-demo"]
        environment = {**os.environ, "ANJIAN_VAR": str(var), "STATIC_HASHED": "off"}
        # pytest's own settings would give each process a folder of its own.
        del environment["DJANGO_SETTINGS_MODULE"]
        process = subprocess.Popen(
            [*command, "--port", str(port), *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.terminate()


def come_up(process: "subprocess.Popen[str]") -> dict[str, psutil.Process]:
    """Wait for the greeting; return the two processes by what they are."""
    assert process.stdout is not None
    assert "Anjian is at" in process.stdout.readline()
    children = psutil.Process(process.pid).children()
    return {
        "web" if "gunicorn" in child.cmdline() else "worker": child
        for child in children
    }


def test_a_taken_port_is_told_in_one_sentence(server: Server, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        refused = server()
        _, said = refused.communicate(timeout=30)
    assert refused.returncode == 1
    assert said == (
        f"script/server: port {port} is taken; choose another with --port.\n"
    )


def test_a_folder_that_cannot_be_written_is_told(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    refused = server(var=tmp_path / "file" / "var")
    _, said = refused.communicate(timeout=30)
    assert refused.returncode == 1
    assert said.startswith("script/server: cannot write to ")
    assert said.count("\n") == 1


def test_it_serves_until_it_is_asked_to_stop(server: Server, port: int) -> None:
    running = server()
    processes = come_up(running)
    assert set(processes) == {"web", "worker"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/")
        with connection.getresponse() as response:
            assert response.status == 200
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)
    assert running.returncode == 0
    assert not any(process.is_running() for process in processes.values())


def test_when_the_worker_dies_the_web_process_goes_too(server: Server) -> None:
    running = server()
    processes = come_up(running)
    processes["worker"].kill()
    _, said = running.communicate(timeout=30)
    assert running.returncode == 1
    assert "worker ended with code -9" in said
    assert not processes["web"].is_running()


def test_the_demo_stays_on_this_machine(server: Server, var_folder: Path) -> None:
    (var_folder / "demo").touch()
    refused = server("--bind", "0.0.0.0")
    _, said = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert "demo accounts are for this machine alone" in said
