"""Raw originals, content-addressed: a file's name is the SHA-256 of its bytes. Written once, never changed."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from daemon.points import passing

Result = TypeVar("Result")
_AT_ONCE = 16  # files that are written and flushed at the same time


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write bytes beside the path, flush them to the disk, then move them into place. Raises OSError.

    What an attempt left behind whose process died is taken away.
    """
    write_all_durably({path: data}, mode)


def write_all_durably(files: Mapping[Path, bytes], mode: int = 0o600) -> None:
    """Write many files like ``write_durably``; the disk flushes them together. Raises OSError, then some may lie there.

    A disk takes one flush for many files as quickly as for one, when it is asked for all of them at once; making a file
    may wait for a flush as well. No file has its name before its bytes are on the disk.
    """
    beside: dict[Path, Path] = {}

    def write(path: Path) -> None:
        beside[path] = _written_beside(path, files[path], mode)
        _sync(beside[path])

    try:
        _together(write, files)
        for path, written in beside.items():
            passing("rename.before")
            written.replace(path)
            passing("rename.after")
    except BaseException:
        for written in beside.values():
            with contextlib.suppress(OSError):
                written.unlink(missing_ok=True)
        raise
    _together(sync_folder, {path.parent for path in beside})


def _written_beside(path: Path, data: bytes, mode: int) -> Path:
    name = f".part-{path.name[:80]}-"
    with os.scandir(path.parent) as entries:
        for left in [Path(entry.path) for entry in entries if entry.name.startswith(name)]:
            left.unlink(missing_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(beside).chmod(mode)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(beside).unlink(missing_ok=True)
        raise
    return Path(beside)


def _sync(path: Path) -> None:
    """Flush a file's bytes to the disk. Opened for writing: Windows flushes no other."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _together(work: Callable[[Path], Result], paths: Collection[Path]) -> list[Result]:
    if len(paths) < 2:
        return [work(path) for path in paths]
    with ThreadPoolExecutor(min(len(paths), _AT_ONCE)) as pool:
        return list(pool.map(work, paths))


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk where the system can (Windows cannot open folders)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, all of mode 0700: ``mkdir`` would open those above."""
    for each in reversed([each for each in (folder, *folder.parents) if not each.is_dir()]):
        each.mkdir(mode=0o700, exist_ok=True)


class Originals:
    """The folder of originals, two levels deep by the first four digits of the digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Return where the bytes of a digest lie."""
        return self._folder / digest[:2] / digest[2:4] / digest

    def keep(self, data: bytes) -> str:
        """Keep the bytes and return their digest; they are on the disk when this returns. Raises OSError."""
        return self.keep_all([data])[0]

    def keep_all(self, many: Sequence[bytes]) -> list[str]:
        """Keep the bytes of many and return their digests, in order; the disk flushes them together. Raises OSError."""
        digests = [hashlib.sha256(data).hexdigest() for data in many]
        paths = {self.path(digest): data for digest, data in zip(digests, many, strict=True)}
        fresh = {path: data for path, data in paths.items() if not path.exists()}
        made = set().union(*_together(_make_folder, {path.parent for path in fresh}))
        write_all_durably(fresh)
        _together(sync_folder, made)
        return digests

    def read(self, digest: str) -> bytes:
        """Return the bytes of a digest. Raises FileNotFoundError where they were erased or lost."""
        return self.path(digest).read_bytes()


def _make_folder(folder: Path) -> set[Path]:
    """Make a folder of the second level and return the folders that thereby have a new entry."""
    if folder.is_dir():
        return set()
    above = set() if folder.parent.is_dir() else {folder.parent.parent}
    make_private(folder)
    return above | {folder.parent}
