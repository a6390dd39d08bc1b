"""A back end's small memory between runs, as one file under ``var/``. Knows nothing of what is in it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileState:
    """Keeps the bytes in one file of mode 0600, replaced atomically."""

    path: Path

    def load(self) -> bytes | None:
        """Return what was saved last; None where there is no file yet or it cannot be read."""
        try:
            return self.path.read_bytes()
        except OSError:
            return None

    def save(self, state: bytes) -> None:
        """Write the bytes beside the file, then put them in its place. Raises OSError where the disk refuses."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path.parent, self.path, state)


def write_atomically(beside: Path, target: Path, content: bytes) -> None:
    """Write ``content`` to a new file in ``beside``, make it durable and rename it to ``target`` (same file system)."""
    draft = beside / f".{target.name[:60]}.{secrets.token_hex(4)}"
    try:
        write_new(draft, content)
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet, mode 0600, and wait until the disk has it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Make a rename in the directory durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
