"""Raw originals, content-addressed: a file's name is the SHA-256 of its bytes. Written once, never changed."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from daemon.points import passing

Work = TypeVar("Work")
_AT_ONCE = 16  # threads that write and flush at the same time


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write bytes beside the path, flush them to the disk, then move them into place. Raises OSError.

    What an attempt left behind whose process died is taken away.
    """
    (beside,) = _free_of_leftovers(path.parent, [path.name[:80]])
    _write_all([(beside, path, data)], mode)
    sync_folder(path.parent)


def _write_all(files: Sequence[tuple[Path, Path, bytes]], mode: int) -> None:
    """Write and flush files beside, goal and bytes of each given, then move all to their goals. Raises OSError.

    A disk takes one flush for many files as quickly as for one, when it is asked for all of them at once; making a file
    may wait for a flush as well. No file has its goal's name before its bytes are on the disk.
    """
    try:
        _together(lambda file: _write_new(file[0], file[2], mode), files)
        for beside, goal, _data in files:
            passing("rename.before")
            beside.replace(goal)
            passing("rename.after")
    except BaseException:
        for beside, _goal, _data in files:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        raise


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that is not there yet, readable by nobody else unless ``mode`` says so, and flush it to the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        if mode != 0o600:
            path.chmod(mode)
        os.fsync(out.fileno())


def _free_of_leftovers(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return a path beside for each name, after taking away what attempts left there whose process died."""
    starts = tuple(f".part-{name}-" for name in names)
    with os.scandir(folder) as entries:
        for left in [entry.path for entry in entries if entry.name.startswith(starts)]:
            Path(left).unlink(missing_ok=True)
    return [folder / f"{start}{secrets.token_hex(4)}" for start in starts]


def _together(work: Callable[[Work], object], things: Collection[Work]) -> None:
    """Do the work on each thing, each of some threads on its share: a task for every thing would cost more than it does."""
    each = list(things)
    shares = [each[start::_AT_ONCE] for start in range(min(_AT_ONCE, len(each)))]

    def on_all(share: Sequence[Work]) -> None:
        for thing in share:
            work(thing)

    if len(shares) < 2:
        on_all(each)
        return
    with ThreadPoolExecutor(len(shares)) as pool:
        for done in [pool.submit(on_all, share) for share in shares]:
            done.result()


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
    """The folder of originals, one level deep by the first two digits of the digest; ``new`` holds what is being written.

    Two levels, as earlier versions laid them, made a folder for nearly every file; what lies there is still found.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Return where the bytes of a digest lie, or will lie."""
        path = self._folder / f"{digest[:2]}/{digest}"
        older = self._folder / f"{digest[:2]}/{digest[2:4]}/{digest}"
        return older if not path.exists() and older.exists() else path

    def keep(self, data: bytes) -> str:
        """Keep the bytes and return their digest; they are on the disk when this returns. Raises OSError."""
        return self.keep_all([data])[0]

    def keep_all(self, many: Sequence[bytes]) -> list[str]:
        """Keep the bytes of many and return their digests, in order; the disk flushes them together. Raises OSError."""
        digests = [hashlib.sha256(data).hexdigest() for data in many]
        paths = {self.path(digest): data for digest, data in zip(digests, many, strict=True)}
        fresh = {path: data for path, data in paths.items() if not path.exists()}
        if fresh:
            self._add(fresh)
        if len(fresh) < len(paths):  # written by an attempt that may have ended before it had its names flushed
            _together(sync_folder, {path.parent for path in paths if path not in fresh} | {self._folder})
        return digests

    def _add(self, fresh: Mapping[Path, bytes]) -> None:
        new = self._folder / "new"
        make_private(new)
        folders = {path.parent for path in fresh}
        for folder in folders:
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
        beside = _free_of_leftovers(new, [path.name for path in fresh])
        _write_all([(one, *file) for one, file in zip(beside, fresh.items(), strict=True)], 0o600)
        _together(sync_folder, folders | {self._folder})

    def read(self, digest: str) -> bytes:
        """Return the bytes of a digest. Raises FileNotFoundError where they were erased or lost."""
        return self.path(digest).read_bytes()
