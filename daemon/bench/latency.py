"""How long a mail waits: from lying in the folder until its request form lies in Sent, in a program that runs beside.

The program is told to poll once in ten minutes, so that what is measured is the waking.
"""

import random
import time
from pathlib import Path

from daemon.bench.home import deliver, fresh_home, running
from daemon.bench.mails import sure_mail

MAILS = 30
LONGEST = 60.0


def latency(beside: Path, count: int = MAILS) -> dict[str, float]:
    """Return ``p50_s`` and ``p95_s`` over ``count`` mails, one at a time, at random moments. Raises TimeoutError."""
    chance = random.Random(821)
    with fresh_home(beside) as home:
        _poll_seldom(home)
        with running(home):
            waits = sorted(_one(home, chance, number) for number in range(1, count + 1))
    return {"p50_s": round(waits[len(waits) // 2], 3), "p95_s": round(waits[int(0.95 * (len(waits) - 1))], 3)}


def _poll_seldom(home: Path) -> None:
    desk = home / "config" / "desk.toml"
    text = desk.read_text("utf-8")
    assert "poll_seconds = 5" in text
    desk.write_text(text.replace("poll_seconds = 5", "poll_seconds = 600"), "utf-8")


def _one(home: Path, chance: random.Random, number: int) -> float:
    seen = set(_sent(home))
    time.sleep(chance.uniform(0.2, 1.0))
    deliver(home, sure_mail(chance, number))
    began = time.perf_counter()
    while time.perf_counter() - began < LONGEST:
        for path in set(_sent(home)) - seen:
            seen.add(path)
            if b"-request-" in path.read_bytes():
                return time.perf_counter() - began
        time.sleep(0.005)
    raise TimeoutError(f"mail {number}: no request form within {LONGEST:.0f} s")


def _sent(home: Path) -> list[Path]:
    folder = home / "var" / "mailbox" / ".Sent" / "cur"
    return list(folder.iterdir()) if folder.is_dir() else []
