"""Our own mails in one Maildir folder, by Message-ID and subject; each file's header is read once.

A look costs two ``stat`` calls while nothing changed. A folder whose time lies less than two seconds back is listed
again: two changes within one tick of the file system's clock leave the same time behind.
"""

import os
import time
from pathlib import Path

from daemon.mailbox import envelope

_TICK = 2.0  # seconds; the coarsest time stamps in use (FAT, some network shares)

Stamp = tuple[tuple[int, int], ...]


class Copies:
    """The mails of ``folder``/new and ``folder``/cur."""

    def __init__(self, folder: Path) -> None:
        self._parts = (folder / "new", folder / "cur")
        self._heads: dict[str, tuple[str | None, str]] = {}  # file name without flags → Message-ID, subject
        self._paths: dict[str, Path] = {}
        self._ids: dict[str, list[str]] = {}
        self._listed: Stamp | None = None
        self._told: Stamp | None = None

    def by_id(self, message_id: str) -> list[Path]:
        """Return the files with that Message-ID (without brackets), oldest first."""
        self._refresh()
        return self._sorted(self._ids.get(message_id, ()))

    def by_token(self, token: str) -> list[Path]:
        """Return the files whose subject holds ``token``, oldest first."""
        self._refresh()
        return self._sorted(name for name in self._paths if token in self._heads[name][1])

    def changed(self) -> bool:
        """Say whether the folder may have changed since the last call of this method."""
        before, self._told = self._told, self._stamp()
        return before != self._told or _fresh(self._told)

    def forget(self) -> None:
        """Let the next ``changed`` say True."""
        self._told = None

    def _stamp(self) -> Stamp:
        stats = [part.stat() for part in self._parts]
        return tuple((stat.st_ino, stat.st_mtime_ns) for stat in stats)

    def _refresh(self) -> None:
        stamp = self._stamp()
        if stamp == self._listed:
            return
        paths = {
            _unique(entry.name): Path(entry.path)
            for part in self._parts
            for entry in os.scandir(part)
            if not entry.name.startswith(".")
        }
        heads = {name: self._heads.get(name) or _head(path) for name, path in paths.items()}
        self._heads = {name: head for name, head in heads.items() if head is not None}
        self._paths = {name: paths[name] for name in self._heads}
        self._ids = {}
        for name, (message_id, _) in self._heads.items():
            if message_id:
                self._ids.setdefault(message_id, []).append(name)
        self._listed = None if _fresh(stamp) else stamp

    def _sorted(self, names: object) -> list[Path]:
        paths = [self._paths[name] for name in names]  # type: ignore[attr-defined]
        return sorted(paths, key=_age)


def _fresh(stamp: Stamp) -> bool:
    newest = max(mtime for _, mtime in stamp) / 1e9
    return time.time() - newest < _TICK


def _age(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except FileNotFoundError:
        return 0, path.name


def _head(path: Path) -> tuple[str | None, str] | None:
    try:
        with path.open("rb") as file:
            head = envelope.header_block(file.read(envelope.MOST_HEADER_BYTES))
    except (FileNotFoundError, IsADirectoryError):
        return None
    return envelope.message_id(head), envelope.subject(head)


def _unique(name: str) -> str:
    return name.partition(":2,")[0]
