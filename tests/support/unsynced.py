"""A disk that forgets: what was written and not flushed is gone after the power failed.

``os.fsync`` is listened to. A file has the bytes it had when it was flushed last, none where it never was; a folder has the
names it had when it was flushed last, also of files moved away since. A new folder that was flushed itself has its place
in the one above, as journals keep it. SQLite flushes by itself and is taken at its word: its files survive as they stand.
"""

import contextlib
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

DATABASE = "motcua.db"


class Disk:
    """What of a folder has been flushed."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._names: dict[Path, dict[str, int]] = {}
        self._bytes: dict[int, bytes] = {}
        self._modes: dict[int, int] = {}
        self.settle()

    def settle(self) -> None:
        """Flush everything: what another machine did there, or what lies long enough."""
        for path in (self._home, *self._home.rglob("*")):
            if path.is_dir():
                self._flush_folder(path)
            elif path.is_file():
                self._keep(path.stat(), path.read_bytes())

    @contextlib.contextmanager
    def listening(self, flushed: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hear every flush; ``flushed`` is called before and after each."""
        real, one_at_a_time = os.fsync, threading.Lock()

        def fsync(handle: int) -> None:
            with one_at_a_time:
                flushed()
                real(handle)
                self._flush(handle)
                flushed()

        with mock.patch("os.fsync", fsync):
            yield

    def _flush(self, handle: int) -> None:
        status, path = os.fstat(handle), Path(f"/proc/self/fd/{handle}").readlink()
        if stat.S_ISDIR(status.st_mode):
            self._flush_folder(path)
        else:
            with open(f"/proc/self/fd/{handle}", "rb") as again:  # noqa: PTH123
                self._keep(status, again.read())

    def _flush_folder(self, path: Path) -> None:
        self._names[path] = {each.name: each.stat().st_ino for each in path.iterdir() if each.is_file()}

    def _keep(self, status: os.stat_result, data: bytes) -> None:
        self._bytes[status.st_ino], self._modes[status.st_ino] = data, stat.S_IMODE(status.st_mode)

    def survivors(self, goal: Path) -> Path:
        """Write what is left when the power fails now to another folder, and return that."""
        for folder, names in self._names.items():
            made = goal / folder.relative_to(self._home)
            made.mkdir(parents=True, exist_ok=True)
            for name, inode in names.items():
                (made / name).write_bytes(self._bytes.get(inode, b""))
        for path in (self._home / "var").glob(f"{DATABASE}*"):
            shutil.copyfile(path, goal / "var" / path.name)
        return goal
