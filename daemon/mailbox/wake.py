"""Waiting for a file to appear. Only shortens a wait: the truth is always a listing of the folder.

File system events go blind when a folder is removed and made again or a share is remounted, and there may be no event
source at all; the folders' own times are looked at once a second beside them.
"""

import logging
import threading
import time
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)
_SLICE = 1.0  # seconds between two looks at the folders' times
_TELLING = ("created", "moved", "closed")


class Wake:
    """News in any of the folders since the last ``forget``."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders
        self._news = threading.Event()
        self._seen = self._stamps()
        self._observer: Any = None
        self._tried = False

    def forget(self) -> None:
        """Count only news from now on; call it before looking into the folders."""
        self._news.clear()
        self._seen = self._stamps()

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds``; True as soon as there is news."""
        self._watch()
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if self._news.wait(max(0.0, min(left, _SLICE))) or self._stamps() != self._seen:
                self.forget()
                return True
            if left <= _SLICE:
                return False

    def close(self) -> None:
        """Stop watching."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(5)
            self._observer = None

    def _watch(self) -> None:
        """Start watching with the first wait, so that commands that never wait start no thread."""
        if self._tried:
            return
        self._tried = True
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer

        news = self._news

        class Bell(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                if event.event_type in _TELLING:
                    news.set()

        observer = Observer()
        try:
            for folder in self._folders:
                observer.schedule(Bell(), str(folder))
            observer.start()
        except OSError as error:
            _log.warning("no file system events, looking once a second instead: %s", error)
            return
        self._observer = observer

    def _stamps(self) -> tuple[tuple[int, int], ...]:
        return tuple(_stamp(folder) for folder in self._folders)


def _stamp(folder: Path) -> tuple[int, int]:
    try:
        stat = folder.stat()
    except OSError:
        return (0, 0)
    return stat.st_ino, stat.st_mtime_ns
