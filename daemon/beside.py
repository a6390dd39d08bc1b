"""The parent's end of a process beside: started with a clean environment, spoken with in lines, ended for good.

Knows nothing of what is said. Limits are the child's own business (``daemon/bounded.py``), patience that of the caller.
"""

import contextlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_ROOT = Path(__file__).parent.parent


class Beside:
    """One child process, alive from its making on. Not for several threads at once.

    Making it raises OSError or RuntimeError where the system has no room for another process or thread.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
        # One heap: glibc's heaps a thread keep 20 to 40 MB of freed pictures to themselves.
        own = {**(environment or {}), "MALLOC_ARENA_MAX": "1", "PYTHONPATH": path}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | own
        )
        self._answers: queue.Queue[bytes | None] = queue.Queue()
        try:
            threading.Thread(target=_pump, args=(self._process.stdout, self._answers), daemon=True).start()
        except RuntimeError:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Say whether the process is there now."""
        return self._process.poll() is None

    def send(self, wish: Mapping[str, Any]) -> None:
        """Send one line of JSON. Raises OSError where the process is gone."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        self._process.stdin.flush()

    def line(self, seconds: float) -> bytes | None:
        """Return the next line, None where the process ended. Raises queue.Empty after ``seconds``."""
        return self._answers.get(timeout=seconds)

    def wait(self, seconds: float) -> None:
        """Wait for a process that is ending by itself. Raises subprocess.TimeoutExpired."""
        self._process.wait(seconds)

    def end(self) -> None:
        """Kill the process and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()


def _pump(pipe: IO[bytes] | None, answers: "queue.Queue[bytes | None]") -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in pipe or ():
            answers.put(line)
    answers.put(None)
