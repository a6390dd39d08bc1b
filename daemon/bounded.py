"""What a child process does first that opens the files of strangers: it bounds itself, and hears its parent's wishes.

The limits are the system's own (memory, processor time, size of files written). Where the system has none of them, as on
Windows, the parent's patience alone bounds the child.
"""

import contextlib
import os
import select
from collections.abc import Iterator
from typing import IO


def limit(memory_mb: int, file_bytes: int) -> None:
    """Bound this process where the system can; a limit that is already lower stays."""
    try:
        import resource
    except ImportError:
        return
    for what, amount in (
        (resource.RLIMIT_AS, memory_mb * 1_000_000),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_bytes),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (amount, amount))


def allow_cpu(seconds: int) -> None:
    """Let this process use ``seconds`` more of CPU before the system ends it."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def private_output() -> IO[bytes]:
    """Return the pipe to the parent and point standard output elsewhere: libraries may print what they like."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return pipe


class Wishes:
    """The lines of the parent, until it goes away or asks nothing for ``idle_seconds``."""

    def __init__(self, idle_seconds: float) -> None:
        self.idle_seconds = idle_seconds
        self._rest = b""

    def __iter__(self) -> Iterator[bytes]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> bytes | None:
        """Return the next line, None at the end. Reads the descriptor itself: a buffer would hide what is there."""
        while b"\n" not in self._rest:
            if os.name == "posix" and not select.select([0], [], [], self.idle_seconds)[0]:
                return None
            more = os.read(0, 65536)
            if not more:
                return None
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line
