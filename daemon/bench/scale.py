"""Whether size costs time: a mail at 100,000 tickets beside one at 1,000, an idle look and a search at 1,000,000."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from daemon.bench.filling import fill
from daemon.bench.home import deliver, fresh_home
from daemon.bench.mails import sure_mail
from daemon.bench.people import a_name
from daemon.loop import Loop
from daemon.office.parts import Parts, open_office
from daemon.store import lists

FEW, MANY, MOST = 1_000, 100_000, 1_000_000


class _Office:
    """An office with so many closed tickets, and its loop as ``run`` has it."""

    def __init__(self, beside: Path, closed: int) -> None:
        self._home: AbstractContextManager[Path] = fresh_home(beside)
        self.home = self._home.__enter__()
        self.parts: Parts = open_office(self.home)
        self.loop = Loop(self.parts, serving=True)
        now = self.parts.clock.now()
        fill(self.parts, closed, now)
        self.chance = random.Random(closed)
        self.number = 0
        self.mail()
        while self.loop.ledgers.busy:  # then it rests ten times as long
            time.sleep(0.2)
            self.loop.settle()

    def mail(self) -> float:
        """Let one request come and return the seconds until all it needs now is done."""
        self.number += 1
        deliver(self.home, sure_mail(self.chance, 5_000_000 + self.number))
        return self.look()

    def look(self) -> float:
        """Return the seconds of a look: when nothing waits, an idle one."""
        self.parts.database.bind()
        return _seconds(self.loop.settle)

    def search(self, name: str) -> float:
        """Return the seconds until the first page of the tickets of a name is there."""
        return _seconds(lambda: lists.page(self.parts.store, lists.Filter(words=name)))

    def close(self) -> None:
        """Throw the office away."""
        self.parts.close()
        self._home.__exit__(None, None, None)


def scale(
    beside: Path, few: int = FEW, many: int = MANY, most: int = MOST, mails: int = 60, looks: int = 200
) -> dict[str, float]:
    """Return ``mail_cost_ratio`` (many to few), ``idle_look_ratio`` (most to few), ``search_ms`` (median, at most).

    Two offices are measured in turns, so that a busy machine slows both. The median of each counts.
    """
    small, large = _Office(beside, few), _Office(beside, many)
    mail_cost = _ratio(large.mail, small.mail, mails)
    large.close()
    large = _Office(beside, most)
    idle = _ratio(large.look, small.look, looks)
    chance = random.Random(1)
    search = _median([large.search(a_name(chance)) for _ in range(50)])
    large.close()
    small.close()
    return {
        "mail_cost_ratio": round(mail_cost, 2),
        "idle_look_ratio": round(idle, 2),
        "search_ms": round(1000 * search, 2),
    }


def _ratio(one: Callable[[], float], other: Callable[[], float], times: int) -> float:
    for warm in (one, other):
        warm()
    pairs = [(one(), other()) for _ in range(times)]
    return _median([first for first, _ in pairs]) / _median([second for _, second in pairs])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
