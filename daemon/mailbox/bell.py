"""A wake-up that listens on its own thread and connection. It can die, hang or lie: a wait never gets longer for it."""

import logging
import threading
import time
from collections.abc import Callable

from daemon.desk.trouble import Trouble

_log = logging.getLogger(__name__)
_PAUSES = (5.0, 15.0, 60.0, 300.0)  # seconds between attempts to listen again


class Bell:
    """Rings while ``listen(ring, stopping)`` hears news.

    ``listen`` connects, calls ``ring()`` for each piece of news and returns or raises when its connection is done with;
    ``stopping()`` tells it to return soon, and ``interrupt`` is called from outside to break its connection off. It is
    started again after a pause that grows while it brings nothing.
    """

    def __init__(
        self,
        name: str,
        listen: Callable[[Callable[[], None], Callable[[], bool]], None],
        interrupt: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._listen = listen
        self._interrupt = interrupt
        self._news = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds``; True at once if the bell rang since the last wait."""
        if self._thread is None:
            self._stop = threading.Event()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        rang = self._news.wait(max(0.0, seconds))
        self._news.clear()
        return rang

    def close(self) -> None:
        """Ask the listener to stop; it is not waited for longer than two seconds."""
        self._stop.set()
        if self._thread is not None:
            self._interrupt()
            self._thread.join(2.0)
            self._thread = None

    def _run(self) -> None:
        failures = 0
        stop = self._stop
        while not stop.is_set():
            began = time.monotonic()
            try:
                self._listen(self._news.set, stop.is_set)
                failures = 0
            except Trouble as trouble:
                failures += 1
                if stop.is_set():
                    return
                _log.info("%s: not listening for now: %s", self._name, trouble)
            except Exception:  # noqa: BLE001  a listener may meet anything on its connection; mail is polled all the same
                failures += 1
                if stop.is_set():
                    return
                _log.warning("%s: listening broke off", self._name, exc_info=True)
            if time.monotonic() - began > _PAUSES[-1]:
                failures = min(failures, 1)
            if failures:
                stop.wait(_PAUSES[min(failures, len(_PAUSES)) - 1])
