"""A working folder to measure in: the shipped configuration on the disk that the office lies on, thrown away afterwards."""

import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from daemon.office.founding import found

_numbers = itertools.count(1)


@contextlib.contextmanager
def fresh_home(beside: Path) -> Iterator[Path]:
    """Make a working folder below ``beside``'s var/ (below the system's own place where there is none)."""
    var = beside / "var"
    with tempfile.TemporaryDirectory(prefix="bench-", dir=var if var.is_dir() else None) as folder:
        home = Path(folder) / "home"
        for _ in found(home):
            pass
        for part in ("tmp", "new", "cur"):
            (home / "var" / "mailbox" / part).mkdir(parents=True)
        yield home


def deliver(home: Path, raw: bytes) -> None:
    """Lay a mail into the shared mailbox as a mail server does."""
    box = home / "var" / "mailbox"
    name = f"{time.time_ns() // 10**9}.B{next(_numbers):06d}.bench"
    (box / "tmp" / name).write_bytes(raw)
    (box / "tmp" / name).rename(box / "new" / name)


def command(home: Path, *args: str) -> list[str]:
    """Return the command line of this program for a working folder."""
    return [sys.executable, "-m", "daemon", "--home", str(home), *args]


def environment() -> dict[str, str]:
    """Return the environment in which the program is started: its own package first on the path."""
    package = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))}


@contextlib.contextmanager
def running(home: Path, *args: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the program beside, ready when this gives it; it is ended as a service manager ends it."""
    with subprocess.Popen(command(home, "run", *args), stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)
