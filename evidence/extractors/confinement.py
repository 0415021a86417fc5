"""What a process that reads a stranger's file may still do, which is little.

Called by the reading process itself, before any parser is loaded. What is given up
here cannot be taken back.
"""

import ctypes
import resource
import signal
from contextlib import suppress

SECONDS, SECONDS_A_PAGE, MOST_SECONDS = 8.0, 0.05, 120.0
"""The time a file has; a PDF has more, page by page."""
LARGEST = 512 << 20
"""Bytes of the largest file that is read at all."""
MEMORY = 900 << 20
DESCRIPTORS = 32
_GRACE = 1
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000


def time_for(pages: int) -> float:
    """Seconds for a PDF of so many pages."""
    return min(SECONDS + SECONDS_A_PAGE * pages, MOST_SECONDS)


def confine(seconds: float, most: float) -> None:
    """Limit address space, files, processor and network for good.

    seconds: wall clock for now; `lengthen` may raise it up to `most`.
    """
    _leave_network()
    _end_with_parent()
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, DESCRIPTORS)
    _limit(resource.RLIMIT_CPU, _processor(seconds), _processor(most))
    # Whoever waits for us stops us in time, unless it was killed itself and the
    # system did not tell us.
    signal.setitimer(signal.ITIMER_REAL, most + _GRACE)


def lengthen(seconds: float) -> None:
    """Allow more time in all, within what `confine` called the most."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    _limit(resource.RLIMIT_CPU, _processor(seconds), hard)


def _processor(seconds: float) -> int:
    """A little less than the wall clock: a busy reader ends by itself."""
    return max(1, int(seconds) - _GRACE)


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Set a limit; a stricter one that we were started under stays."""
    _, ceiling = resource.getrlimit(kind)
    wanted = (soft, soft if hard is None else hard)
    if ceiling != resource.RLIM_INFINITY:
        wanted = (min(wanted[0], ceiling), min(wanted[1], ceiling))
    resource.setrlimit(kind, wanted)


def _leave_network() -> None:
    """Move into a network of our own, without any device, where Linux allows it."""
    with suppress(AttributeError, OSError):
        unshare = ctypes.CDLL(None).unshare
        # Root may do without the user namespace, which some containers forbid.
        if unshare(_NEW_USER | _NEW_NETWORK):
            unshare(_NEW_NETWORK)


def _end_with_parent() -> None:
    """Be killed when whoever started us dies, where Linux does that: after the
    namespace is left, which would undo it."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, int(signal.SIGKILL))
