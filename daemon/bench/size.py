"""How much the program weighs: memory when idle, and the seconds until its help and until it is ready to work."""

import os
import random
import subprocess
import time
from pathlib import Path

from daemon.bench.home import command, deliver, environment, fresh_home, running
from daemon.bench.mails import sure_mail

TURNS = 5
REST = 8.0  # seconds after which a program that had nothing to do is at rest


def size(beside: Path, idle_seconds: float = 20.0) -> tuple[dict[str, float], list[str]]:
    """Return ``idle_mb``, ``help_s`` and ``ready_s``, and lines beside them: memory after work, processor when idle.

    ``idle_mb`` is of an office that has nothing to do since it started. What a request needs is loaded with the first one
    and stays; that size is a line, and the processor's share is taken after it.
    """
    with fresh_home(beside) as home:
        help_s = _least(lambda: _help(home))
    ready_s = _least(lambda: _ready(beside))
    with fresh_home(beside) as home, running(home) as process:
        time.sleep(min(REST, idle_seconds))
        idle = memory_mb(process.pid)
        deliver(home, sure_mail(random.Random(1), 1))
        _until_sent(home)
        time.sleep(3)
        before = cpu_seconds(process.pid)
        time.sleep(idle_seconds)
        share = (cpu_seconds(process.pid) - before) / idle_seconds
        worked = memory_mb(process.pid)
    lines = [
        f"memory after a request went its whole way: {worked:.0f} MB",
        f"processor when idle: {100 * share:.2f} % of a core",
    ]
    return {"idle_mb": round(idle, 1), "help_s": round(help_s, 3), "ready_s": round(ready_s, 3)}, lines


def _least(measure: object) -> float:
    assert callable(measure)
    return min(measure() for _ in range(TURNS))


def _help(home: Path) -> float:
    began = time.perf_counter()
    subprocess.run([*command(home), "--help"], check=True, capture_output=True, env=environment())
    return time.perf_counter() - began


def _ready(beside: Path) -> float:
    with fresh_home(beside) as home:
        began = time.perf_counter()
        with running(home):
            return time.perf_counter() - began


def _until_sent(home: Path) -> None:
    folder = home / "var" / "mailbox" / ".Sent" / "cur"
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if folder.is_dir() and any(b"-request-" in path.read_bytes() for path in folder.iterdir()):
            return
        time.sleep(0.05)
    raise TimeoutError("no request form within 60 s")


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process in megabytes of a million bytes (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    line = next(each for each in lines if each.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
