"""clamd over its socket: the INSTREAM command of its documentation, and no more.

Bytes go to the scanner in pieces and nothing of them stays here, so the file itself
need not be readable by the scanner's user. No Django.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

PIECE = 1 << 16
SECONDS = 60.0
_ANSWER = re.compile(r"stream: (?:(?P<found>.+) FOUND|(?P<clean>OK))")
_TOO_LONG = re.compile(
    r"INSTREAM size limit exceeded|stream: Heuristics\.Limits\.Exceeded"
)
_LONGEST_ANSWER = 4096


class ScannerSilent(Exception):
    """The scanner did not say whether the bytes are clean: they wait."""

    code = "scanner_silent"


class TooLongToScan(ScannerSilent):
    """The scanner takes no content so long, as it is configured: somebody has to see
    to that, and others need not wait behind it."""

    code = "too_long_to_scan"


def scan(content: BinaryIO, address: str, *, seconds: float = SECONDS) -> str:
    """Return the name of the virus in the content, "" when the scanner finds none.

    address: a path of a Unix socket, or HOST:PORT; seconds: for each step of the
    conversation. Only the scanner's own "OK" passes a file. Raises ScannerSilent, and
    TooLongToScan where the content is beyond its limits: StreamMaxLength, and the
    others if it says so (AlertExceedsMax, without which clamd passes what it cut).
    """
    try:
        with _connected(address, seconds) as line:
            said = _conversation(line, content)
    except (OSError, ValueError) as error:
        raise ScannerSilent(str(error)) from error
    if _TOO_LONG.match(said):
        raise TooLongToScan(said)
    answer = _ANSWER.fullmatch(said)
    if answer is None:
        raise ScannerSilent(said[:200] or "no answer")
    return answer["found"] or ""


def _conversation(line: socket.socket, content: BinaryIO) -> str:
    line.sendall(b"zINSTREAM\0")
    try:
        while piece := content.read(PIECE):
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has heard enough, and says why
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        part = line.recv(_LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


@contextmanager
def _connected(address: str, seconds: float) -> Iterator[socket.socket]:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(seconds)
        place: str | tuple[str, int] = address
    else:
        host, _, port = address.rpartition(":")
        place = (host.strip("[]"), int(port))
        line = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        line.settimeout(seconds)
    with line:
        line.connect(place)
        yield line
