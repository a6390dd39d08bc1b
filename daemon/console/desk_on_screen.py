"""The office as the console has it open: one database for all threads, settings read again when their files change."""

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

from daemon.desk.trouble import Refused
from daemon.office.clock import Clock
from daemon.office.parts import Parts, open_office
from daemon.office.renewing import stamp
from daemon.settings.whole import Settings, load
from daemon.store.store import Store

log = logging.getLogger("motcua")


class DeskOnScreen:
    """The open office. Every request has its own connection of its thread and gives it back at its end."""

    def __init__(self, home: Path, clock: Clock | None = None, parts: Parts | None = None) -> None:
        """Open a working folder, or use an office that this process has open already: models know one database."""
        self.home = home
        self._parts = parts or open_office(home, clock)
        self._parts.database.close()
        self._stamp = stamp(self.home)
        self._lock = threading.Lock()
        self.lookups_lock = threading.Lock()
        self.fault = ""

    @property
    def settings(self) -> Settings:
        """The settings as they were read last."""
        return self._parts.settings

    @contextlib.contextmanager
    def office(self) -> Iterator[Parts]:
        """Open the office for one request."""
        parts = self._fresh()
        engine = parts.database.engine
        engine.connect(reuse_if_open=True)
        try:
            yield parts
        finally:
            engine.close()

    def _fresh(self) -> Parts:
        """The office with the settings that stand in the files now; while they are wrong, with those from before."""
        fresh = stamp(self.home)
        if fresh == self._stamp:
            return self._parts
        with self._lock:
            if fresh != self._stamp:
                self._stamp = fresh
                try:
                    self._parts = self._again(load(self.home, dt.datetime.now(dt.UTC).date()))
                    self.fault = ""
                except Refused as problem:
                    self.fault = str(problem)
                    log.warning("settings not taken over: %s", problem)
        return self._parts

    def _again(self, settings: Settings) -> Parts:
        old = self._parts
        store = Store(old.database, old.store.originals, settings.file.prefix, settings.file.zone)
        return Parts(settings, old.clock, old.database, store)

    def close(self) -> None:
        """Let go of the database."""
        self._parts.close()
