"""Mails read ahead by a process beside, while many wait: two cores then do what one did.

``Ahead`` is the parent's end. It starts ``python -m daemon.office.ahead`` when many mails wait and hands it mails a
little ahead of those that the parent sorts, so that neither waits for the other. What was not read ahead, and whatever
the child fails on, the parent reads itself. The child only reads what lies among the originals, changes nothing, and ends
by itself when it is asked nothing.
"""

import base64
import datetime as dt
import json
import logging
import os
import pickle
import queue
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.beside import Beside
from daemon.bounded import Wishes, private_output
from daemon.desk.message import Message
from daemon.office.understanding import Understood, understand

log = logging.getLogger("motcua")
MANY = 50  # waiting mails for which a second process pays
NEVER = sys.maxsize
_TOGETHER = 8  # mails of one wish: to speak of each would cost a quarter of what is won
_ASKED = 2  # wishes in the child's hand: it need not wait for the parent between two
_LEAD = 10  # mails that are left to the parent before the child's next: it has those sooner than the child would
_KEPT = 20_000_000  # bytes of readings that lie ready; a usual one has 4,000
_AGAIN = 300.0  # seconds until a start that failed is tried again


@dataclass(frozen=True, slots=True)
class Mail:
    """A kept mail by the digest of its original, and when it was received."""

    digest: str
    received: dt.datetime


Ready = tuple[Message, Understood]
"""A mail without the bytes of its attachments, and what it says."""


def worth_it() -> int:
    """Return how many mails must wait before a second process pays: with one processor it never does."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return MANY if allowed > 1 else NEVER


class Ahead:
    """The parent's end. Not for several threads at once; ``close`` ends the child."""

    def __init__(
        self,
        home: Path,
        zone: dt.tzinfo,
        code_pattern: str,
        many: int | None = None,
        patience: float = 5.0,
        command: Sequence[str] = (sys.executable, "-m", "daemon.office.ahead"),
    ) -> None:
        # Back ends tell times in UTC; a mail is understood in the office's. A zone of fixed offset stands in every time sent.
        self._zone = zone
        name = zone.key if isinstance(zone, ZoneInfo) else ""
        self._start = {"home": str(home), "zone": name, "code_pattern": code_pattern}
        self._many = worth_it() if many is None else many
        self._patience = patience  # seconds for the mails of a wish; the caller may hold the database's lock meanwhile
        self._command = tuple(command)
        self._child: Beside | None = None
        self._listens = False
        self._waiting: dict[str, Mail] = {}
        self._asked: deque[list[str]] = deque()
        self._found: dict[str, bytes] = {}
        self._held = 0  # bytes of what was found
        self._not_before = 0.0  # on the monotonic clock

    @property
    def expected(self) -> bool:
        """Say whether a process reads ahead now."""
        return self._child is not None

    @property
    def ready(self) -> int:
        """How many readings lie ready."""
        return len(self._found)

    def offer(self, mails: Iterable[Mail]) -> None:
        """Tell of mails that will be sorted, in that order; those told of before stay in their place."""
        self._let_go_of_the_dead()
        fresh = {mail.digest: mail for mail in mails if mail.digest not in self._found}
        self.expect(len(fresh))
        if self._child is None:
            return
        for digest in chain.from_iterable(self._asked):
            fresh.pop(digest, None)
        self._waiting |= fresh
        self.step()

    def expect(self, count: int) -> None:
        """Start the child where so many mails are worth one: it needs a quarter of a second before it can read."""
        self._let_go_of_the_dead()
        if self._child is not None or count < self._many or time.monotonic() < self._not_before:
            return
        try:
            self._child = Beside(self._command)
        except (OSError, RuntimeError) as problem:  # no memory, no room for another process: everything goes on without
            log.warning("reading ahead: cannot start (%s)", problem)
            self._not_before = time.monotonic() + _AGAIN
        else:
            self._say(self._start)

    def leave_off(self) -> None:
        """End the child and start none any more: what it would read by is no longer what holds."""
        self._many = NEVER
        self.close()

    def _let_go_of_the_dead(self) -> None:
        if self._child is not None and not self._child.alive:
            self.close()

    def step(self) -> None:
        """Hear what was read meanwhile and ask for more. Never waits."""
        while self._child is not None and self._hear(0.0):
            pass
        if not self._listens:
            return
        while self._child is not None and len(self._asked) < _ASKED and self._held < _KEPT:
            next_ones = list(islice(self._waiting, _LEAD, _LEAD + _TOGETHER))
            if not next_ones:
                return
            mails = [self._waiting.pop(digest) for digest in next_ones]
            self._asked.append(next_ones)
            self._say({"mails": [(mail.digest, mail.received.astimezone(self._zone).isoformat()) for mail in mails]})

    def take(self, digest: str) -> Ready | None:
        """Return what was read of a mail, None where the caller has to read it. Waits while it is just being read."""
        self.step()
        while any(digest in together for together in self._asked):
            self._hear(self._patience)
        self._waiting.pop(digest, None)
        found = self._found.pop(digest, b"")
        self._held -= len(found)
        # Our own child wrote it, with no more rights than this process.
        ready: Ready | None = pickle.loads(base64.b64decode(found)) if found else None
        return ready

    def rest(self) -> None:
        """Forget what was told of: everything is sorted. The child stays for a while, for there may be more."""
        self._waiting.clear()
        self._found.clear()
        self._held = 0

    def close(self) -> None:
        """End the child and forget everything."""
        child, self._child = self._child, None
        if child is not None:
            child.end()
        self._listens = False
        self._waiting.clear()
        self._asked.clear()
        self._found.clear()
        self._held = 0

    def _hear(self, seconds: float) -> bool:
        """Take the child's next line; return False where there is none yet. A child that is gone is let go."""
        assert self._child is not None
        try:
            line = self._child.line(seconds)
        except queue.Empty:
            if seconds:
                log.warning("reading ahead: took too long")
                self.close()
            return False
        if line is None:
            log.info("reading ahead: the process has ended")
            self.close()
        elif not self._listens:
            self._listens = True
        elif self._asked and len(answers := line.rstrip(b"\n").split(b" ")) == len(self._asked[0]):
            self._found |= zip(self._asked.popleft(), answers, strict=True)
            self._held += sum(map(len, answers))
        else:
            log.warning("reading ahead: an answer that nobody asked for")
            self.close()
        return line is not None

    def _say(self, wish: Mapping[str, Any]) -> None:
        assert self._child is not None
        try:
            self._child.send(wish)
        except OSError:
            self.close()


def main() -> None:
    """Answer the parent's wishes, some mails each, until it is gone or silent: a line each, a word for each mail.

    The word is empty where the mail is left to the parent.
    """
    out = private_output()
    wishes = Wishes(60.0)
    start = json.loads(wishes.next() or b"null")
    if start is None:
        return
    read = _Reading(Path(start["home"]), start["code_pattern"])
    zone = ZoneInfo(start["zone"]) if start["zone"] else None
    out.write(b"\n")
    wishes.idle_seconds = 20.0
    for line in wishes:
        wished = [(digest, dt.datetime.fromisoformat(received)) for digest, received in json.loads(line)["mails"]]
        answers = [read.answer(digest, at.astimezone(zone) if zone else at) for digest, at in wished]
        out.write(b" ".join(answers) + b"\n")


class _Reading:
    """The child's side: the readers of an office, without its database."""

    def __init__(self, home: Path, code_pattern: str) -> None:
        from daemon.reading.places import Gazetteer
        from daemon.reading.request import RequestReader
        from daemon.settings.places import load_places
        from daemon.settings.reading import load_reading
        from daemon.store.originals import Originals

        config = home / "config"
        self._originals = Originals(home / "var" / "originals")
        gazetteer = Gazetteer(load_places(config / "places.toml"))
        self._reader = RequestReader(gazetteer, load_reading(config / "reading.toml"), code_pattern)

    def answer(self, digest: str, received: dt.datetime) -> bytes:
        """Return what a mail says; empty where it answers another or cannot be read: the parent looks at it itself."""
        from daemon.mailbox.message import parse

        try:
            message = parse(self._originals.read(digest))
            if message.in_reply_to or message.references or message.report:
                return b""
            understood = understand(message, received, self._reader)
        except Exception:  # noqa: BLE001 - the parent meets it as well, and tells it where it belongs
            return b""
        return base64.b64encode(pickle.dumps((replace(message, attachments=()), understood)))


if __name__ == "__main__":
    main()
