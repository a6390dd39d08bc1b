"""Our own mails in one Maildir folder, by Message-ID and subject; each file's header is read once.

A look costs two ``stat`` calls while nothing changed, a listing of names where something did. A folder whose time is
only just past is listed again: two changes within one tick of the file system's clock leave the same time behind.
"""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from daemon.mailbox import envelope

_TICK = 0.05  # seconds; kernels write times of a few milliseconds' grain
_COARSE_TICK = 2.0  # where times have no fraction at all (FAT, some network shares)

Stamp = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """What one file says of itself."""

    path: Path
    message_id: str | None
    subject: str


class Copies:
    """The mails of ``folder``/new and ``folder``/cur."""

    def __init__(self, folder: Path) -> None:
        self._parts = (folder / "new", folder / "cur")
        self._heads: dict[str, _Head | None] = {}  # by path; None was no mail
        self._ids: dict[str, dict[str, _Head]] = {}
        self._listed: Stamp | None = None
        self._told: Stamp | None = None

    def by_id(self, message_id: str) -> list[Path]:
        """Return the files with that Message-ID (without brackets), oldest first."""
        self._refresh()
        return _sorted(self._ids.get(message_id, {}).values())

    def by_token(self, token: str) -> list[Path]:
        """Return the files whose subject holds ``token``, oldest first."""
        self._refresh()
        return _sorted(head for head in self._heads.values() if head is not None and token in head.subject)

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
        there = set(_names(self._parts))
        for name in self._heads.keys() - there:
            self._drop(name)
        for name in there - self._heads.keys():
            self._take(name)
        self._listed = None if _fresh(stamp) else stamp

    def _take(self, name: str) -> None:
        head = self._heads[name] = _head(Path(name))
        if head is not None and head.message_id:
            self._ids.setdefault(head.message_id, {})[name] = head

    def _drop(self, name: str) -> None:
        head = self._heads.pop(name)
        if head is not None and head.message_id:
            same = self._ids[head.message_id]
            del same[name]
            if not same:
                del self._ids[head.message_id]


def _names(parts: Iterable[Path]) -> Iterator[str]:
    for part in parts:
        with os.scandir(part) as entries:  # its paths are strings: cheap, there may be many
            yield from (entry.path for entry in entries if not entry.name.startswith("."))


def _fresh(stamp: Stamp) -> bool:
    newest = max(mtime for _, mtime in stamp)
    tick = _TICK if newest % 1_000_000_000 else _COARSE_TICK
    return time.time() - newest / 1e9 < tick


def _sorted(heads: Iterable[_Head]) -> list[Path]:
    return sorted((head.path for head in heads), key=_age)


def _age(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except FileNotFoundError:
        return 0, path.name


def _head(path: Path) -> _Head | None:
    try:
        with path.open("rb") as file:
            head = envelope.header_block(file.read(envelope.MOST_HEADER_BYTES))
    except (FileNotFoundError, IsADirectoryError):
        return None
    return _Head(path, envelope.message_id(head), envelope.subject(head))
