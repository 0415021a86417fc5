"""A reader that misbehaves as its file tells it: in place of the real child."""

import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable

from evidence.extractors import child
from evidence.extractors.confinement import lengthen


def _swell(content: bytes, request: child.Request) -> child.Answer:
    held = []
    while True:
        held.append(bytes(64 << 20))


def _spin(content: bytes, request: child.Request) -> child.Answer:
    lengthen(2)  # one second of processor time, lest the test take seven
    while True:
        pass


def _sleep(content: bytes, request: child.Request) -> child.Answer:
    time.sleep(60)
    return {}


def _crash(content: bytes, request: child.Request) -> child.Answer:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def _abort(content: bytes, request: child.Request) -> child.Answer:
    os.abort()


def _leave(content: bytes, request: child.Request) -> child.Answer:
    os._exit(3)


def _stumble(content: bytes, request: child.Request) -> child.Answer:
    raise LookupError(content)


def _chatter(content: bytes, request: child.Request) -> child.Answer:
    block = b"{" + bytes(1 << 20)
    while True:
        sys.stdout.buffer.write(block)


def _forge(content: bytes, request: child.Request) -> child.Answer:
    return {"media_type": "text/plain", "extract": {"text": ["not a text"]}}


def _babble(content: bytes, request: child.Request) -> child.Answer:
    os.write(1, b"[" * 100_000)
    os._exit(0)


def _boast(content: bytes, request: child.Request) -> child.Answer:
    os.write(1, b"999999999\n")
    return _sleep(content, request)


def _reached(content: bytes, request: child.Request) -> child.Answer:
    """What of the world is within reach, told as a text."""
    reached = [name for name in os.environ if name not in {"LC_CTYPE", "LANG"}]
    for number in range(3, 32):
        try:
            os.fstat(number)
        except OSError:
            continue
        reached.append(f"descriptor {number}")
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
        reached.append("disk")
    except OSError:
        pass
    port = int(content.split()[1])
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        reached.append("network")
    except OSError:
        pass
    found = {"name": "text", "version": "1", "text": " ".join(reached), "flags": []}
    places = dict.fromkeys(("page_starts", "body_end", "segment_starts", "pages"))
    return {"media_type": "text/plain", "extract": found | places}


WAYS: dict[bytes, Callable[[bytes, child.Request], child.Answer]] = {
    b"swell": _swell,
    b"spin": _spin,
    b"sleep": _sleep,
    b"crash": _crash,
    b"abort": _abort,
    b"leave": _leave,
    b"stumble": _stumble,
    b"chatter": _chatter,
    b"forge": _forge,
    b"babble": _babble,
    b"boast": _boast,
    b"reach": _reached,
}


def misbehave(content: bytes, request: child.Request) -> child.Answer:
    return WAYS[content.split()[0]](content, request)


if __name__ == "__main__":
    child.TASKS["extract"] = misbehave
    child.main()
