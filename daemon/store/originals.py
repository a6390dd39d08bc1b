"""Raw originals, content-addressed: a file's name is the SHA-256 of its bytes. Written once, never changed."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from glob import escape as glob_escape
from pathlib import Path

from daemon.points import passing

_AT_ONCE = 16  # files that are flushed at the same time


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write bytes beside the path, flush them to the disk, then move them into place. Raises OSError.

    What an attempt left behind whose process died is taken away.
    """
    beside_name = f".part-{path.name[:80]}-"
    for left in path.parent.glob(f"{glob_escape(beside_name)}*"):
        left.unlink(missing_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=beside_name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(beside).chmod(mode)
        passing("rename.before")
        Path(beside).replace(path)
        passing("rename.after")
    except BaseException:
        with contextlib.suppress(OSError):
            Path(beside).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk where the system can (Windows cannot open folders)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Originals:
    """The folder of originals, two levels deep by the first four digits of the digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Return where the bytes of a digest lie."""
        return self._folder / digest[:2] / digest[2:4] / digest

    def keep(self, data: bytes) -> str:
        """Keep the bytes and return their digest; they are on the disk when this returns. Raises OSError."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_durably(path, data)
        return digest

    def keep_all(self, many: Sequence[bytes]) -> list[str]:
        """Keep the bytes of many and return their digests, in order; the disk flushes them together. Raises OSError."""
        digests = [hashlib.sha256(data).hexdigest() for data in many]
        fresh = list(dict(zip(digests, many, strict=True)).values())
        if len(fresh) < 2:
            return [self.keep(data) for data in many]
        # A disk takes one flush for many files as quickly as for one, when it is asked for all of them at once.
        with ThreadPoolExecutor(min(len(fresh), _AT_ONCE)) as pool:
            list(pool.map(self.keep, fresh))
        return digests

    def read(self, digest: str) -> bytes:
        """Return the bytes of a digest. Raises FileNotFoundError where they were erased or lost."""
        return self.path(digest).read_bytes()
