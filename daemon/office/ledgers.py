"""The ledgers while the program runs: never in the way of a mail, never more than a small share of the machine's time.

A small ledger is written at once. A large one takes half a minute at 50,000 tickets: a process beside writes it, and
after that it rests ten times as long as it worked. What is pending is written when it may be, so no change is forgotten.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from daemon.desk.trouble import Trouble, TryLater
from daemon.office import keeping
from daemon.office.parts import Parts, open_office

SMALL = 500  # tickets of a year: so many lines are written in a fraction of a second
REST = 10.0  # how many times the time of its writing a ledger rests after it


class Ledgers:
    """Keeps the ledgers of one office current beside the loop. ``seconds`` is a clock that never goes back."""

    def __init__(self, parts: Parts, seconds: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._rests_until = 0.0

    @property
    def busy(self) -> bool:
        """Say whether a process beside is writing."""
        return self._child is not None

    def keep(self) -> int:
        """Write what changed if it is time for it; return how many ledgers were written here and now.

        Raises Trouble where one cannot be written, also of the process beside.
        """
        if self._child is not None:
            self._look_at_child(self._child)
            return 0
        if self._seconds() < self._rests_until or not keeping.pending_years(self._parts):
            return 0
        self._began = self._seconds()
        if keeping.longest_year(self._parts) > SMALL:
            command = [sys.executable, "-m", "daemon.office.ledgers", str(self._parts.home)]
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
            return 0
        try:
            return keeping.keep_ledger(self._parts)
        finally:
            self._rest()

    def _look_at_child(self, child: "subprocess.Popen[bytes]") -> None:
        if child.poll() is None:
            return
        self._child = None
        self._rest()
        said = child.communicate()[1].decode(errors="replace").strip()
        if child.returncode:
            raise TryLater(
                said or f"Ghi sổ theo dõi: tiến trình phụ dừng giữa chừng (mã {child.returncode}), sẽ ghi lại."
            )

    def _rest(self) -> None:
        now = self._seconds()
        self._rests_until = now + REST * (now - self._began)

    def close(self) -> None:
        """End the process beside; the ledger that it was writing stays as it was."""
        if self._child is not None:
            self._child.terminate()
            self._child.communicate()
            self._child = None


def _write(home: Path) -> int:
    parts = open_office(home)
    try:
        keeping.keep_ledger(parts)
    except Trouble as trouble:
        sys.stderr.write(str(trouble))
        return 4
    finally:
        parts.close()
    return 0


if __name__ == "__main__":
    sys.exit(_write(Path(sys.argv[1])))
